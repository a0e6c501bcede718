import type { Answer } from './records.ts'

/** 10000, with the method's fields in the order given. Source: Alipay's public result codes. */
export function success(fields: Readonly<Record<string, unknown>>): Answer {
  return { code: '10000', msg: 'Success', ...fields }
}

/** 40004: the business said no. Nothing was changed. */
function businessFailed(subCode: string, subMsg: string): Answer {
  return { code: '40004', msg: 'Business Failed', sub_code: subCode, sub_msg: subMsg }
}

/** 40002: the request itself is wrong (signature, app id, time, an unknown parameter). */
export function invalidArguments(subCode: string, subMsg: string): Answer {
  return { code: '40002', msg: 'Invalid Arguments', sub_code: subCode, sub_msg: subMsg }
}

/** 40001: a public parameter is missing. */
export function missingArguments(subCode: string, subMsg: string): Answer {
  return { code: '40001', msg: 'Missing Required Arguments', sub_code: subCode, sub_msg: subMsg }
}

/** 20000: whether anything happened is unknown to the caller, who must query. */
export function serviceUnavailable(subCode: string): Answer {
  return { code: '20000', msg: 'Service Currently Unavailable', sub_code: subCode, sub_msg: '系统繁忙' }
}

/** Alipay's sentences for the codes that this sandbox answers. */
const sentences: Readonly<Record<string, string>> = {
  ILLEGAL_ARGUMENT: '参数异常或参数缺失',
  UNIQUE_VIOLATION: '请求信息被篡改',
  AUTH_ORDER_NOT_EXIST: '支付宝资金授权订单不存在',
  AUTH_OPERATION_NOT_EXIST: '支付宝资金操作流水不存在',
  REQUEST_AMOUNT_EXCEED: '请求金额超限',
  ILLEGAL_STATUS: '订单状态非法',
  ORDER_ALREADY_FINISH: '授权订单已经完结，无法再进行资金操作',
  ORDER_ALREADY_CLOSED: '授权订单已经关闭，无法再进行资金操作',
  PAYEE_NOT_EXIST: '收款方不存在',
  'ACQ.INVALID_PARAMETER': '参数无效',
  'ACQ.AUTH_NO_ERROR': '预授权号错误或状态不对',
  'ACQ.AUTH_ORDER_HAS_CLOSED': '预授权订单已关闭',
  'ACQ.AUTH_AMOUNT_NOT_ENOUGH': '授权金额不足',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': '买家余额不足',
  'ACQ.CONTEXT_INCONSISTENT': '交易信息被篡改',
  'ACQ.TRADE_HAS_SUCCESS': '交易已被支付',
  'ACQ.TRADE_HAS_CLOSE': '交易已经关闭',
  'ACQ.TRADE_HAS_FINISHED': '交易已完结',
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_STATUS_ERROR': '交易状态不合法',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '不一致的请求',
}

/** 40004 with Alipay's own sentence for the code. */
export function refuse(subCode: string): Answer {
  return businessFailed(subCode, sentences[subCode] ?? subCode)
}
