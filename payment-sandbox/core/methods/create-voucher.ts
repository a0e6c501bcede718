import { refuse, success } from '../answers.ts'
import { type FieldRule, fingerprintOf, readFields, timeoutMs } from '../fields.ts'
import { orderByNumber } from '../find-order.ts'
import { type MethodContext, malformedFund, type Outcome, scaledWaitMs } from '../method-context.ts'
import type { Order } from '../records.ts'
import { getRow } from '../table.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  out_order_no: { required: true, kind: 'number' },
  out_request_no: { required: true, kind: 'number' },
  order_title: { required: true, maxLength: 100 },
  amount: { required: true, kind: 'price' },
  product_code: { required: true, oneOf: ['PREAUTH_PAY', 'PRE_AUTH', 'PRE_AUTH_ONLINE'] },
  payee_user_id: { maxLength: 32 },
  payee_logon_id: { maxLength: 100 },
  pay_timeout: { kind: 'timeout' },
  timeout_express: { kind: 'timeout' },
  extra_param: { kind: 'json-text', maxLength: 1024 },
  trans_currency: { oneOf: ['CNY'] },
  settle_currency: { oneOf: ['CNY'] },
  scene_code: { maxLength: 64 },
  enable_pay_channels: { maxLength: 1024 },
  disable_pay_channels: { maxLength: 1024 },
  identity_params: { maxLength: 1024 },
  business_params: { maxLength: 1024 },
  deposit_product_mode: { oneOf: ['POSTPAY', 'POSTPAY_UNCERTAIN', 'DEPOSIT_ONLY'] },
  post_payments: { kind: 'list' },
}

/**
 * `alipay.fund.auth.order.voucher.create`: makes a freeze order that waits for the payer, and the code to scan.
 * The public parameter `return_url` of the signed request is where the payer page leads back to.
 */
export function createVoucher(context: MethodContext): Outcome {
  const { state, biz, nowMs, newId } = context
  const read = readFields(fields, biz)
  if (!read.ok) return malformedFund(read)
  const { text, fen } = read
  const fingerprint = fingerprintOf(biz)
  const existing = getRow(state.orders, text('out_order_no')) ?? orderByNumber(state, 'req', text('out_request_no'))
  if (existing !== undefined) {
    const isRepeat = existing.operations[0]?.fingerprint === fingerprint
    return { answer: isRepeat ? codeAnswer(state.rules.pageUrl, existing) : refuse('UNIQUE_VIOLATION') }
  }
  const payee = text('payee_user_id')
  if (payee !== '' && payee !== state.rules.sellerId) return { answer: refuse('PAYEE_NOT_EXIST') }

  const approveMs = timeoutMs(text('timeout_express')) ?? timeoutMs(text('pay_timeout')) ?? state.rules.defaultApproveMs
  const payerUserId = newId('payer')
  const order: Order = {
    appId: state.rules.appId,
    outOrderNo: text('out_order_no'),
    authNo: newId('auth'),
    token: newId('token'),
    title: text('order_title'),
    productCode: text('product_code'),
    extraParam: text('extra_param'),
    payerUserId,
    payerLogonId: `rid***${payerUserId.slice(-4)}@sandbox.example`,
    payeeUserId: state.rules.sellerId,
    notifyUrl: context.notifyUrl,
    returnUrl: context.returnUrl,
    createdMs: nowMs,
    authorisation: { kind: 'INIT', askedFen: fen('amount'), approveByMs: nowMs + scaledWaitMs(state, approveMs) },
    operations: [
      {
        operationId: newId('operation'),
        outRequestNo: text('out_request_no'),
        type: 'FREEZE',
        fen: fen('amount'),
        status: 'INIT',
        remark: text('order_title'),
        createdMs: nowMs,
        fingerprint,
      },
    ],
    trades: [],
  }
  return {
    answer: codeAnswer(state.rules.pageUrl, order),
    change: { orders: [order], moves: [], notifications: [] },
  }
}

function codeAnswer(pageUrl: string, order: Order): Outcome['answer'] {
  return success({
    out_order_no: order.outOrderNo,
    out_request_no: order.operations[0]?.outRequestNo ?? '',
    code_type: 'QR_CODE',
    code_value: `${pageUrl}/payer/${order.token}`,
  })
}
