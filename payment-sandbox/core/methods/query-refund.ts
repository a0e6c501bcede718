import { refuse, success } from '../answers.ts'
import { beijingTime } from '../beijing-time.ts'
import { type FieldRule, readFields } from '../fields.ts'
import { findTrade } from '../find-order.ts'
import { type MethodContext, malformedTrade, type Outcome } from '../method-context.ts'
import { yuan } from '../money.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  out_trade_no: { kind: 'number' },
  trade_no: { kind: 'number' },
  out_request_no: { required: true, kind: 'number' },
  query_options: { kind: 'list' },
}

/**
 * `alipay.trade.fastpay.refund.query`: whether a refund was made. A refund that is not known answers 10000 without any
 * refund field, as documented: absence is the answer. Changes nothing.
 */
export function queryRefund(context: MethodContext): Outcome {
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedTrade(read)
  const { text } = read
  if (text('out_trade_no') === '' && text('trade_no') === '') return { answer: refuse('ACQ.INVALID_PARAMETER') }
  const found = findTrade(context.state, text('trade_no'), text('out_trade_no'))
  if (found === undefined) return { answer: refuse('ACQ.TRADE_NOT_EXIST') }
  const { record } = found
  const made = record.refunds.find((one) => one.outRequestNo === text('out_request_no'))
  if (made === undefined) return { answer: success({}) }
  return {
    answer: success({
      trade_no: record.tradeNo,
      out_trade_no: record.outTradeNo,
      out_request_no: made.outRequestNo,
      refund_reason: made.reason,
      total_amount: yuan(record.trade.totalFen),
      refund_amount: yuan(made.fen),
      refund_status: 'REFUND_SUCCESS',
      gmt_refund_pay: beijingTime(made.atMs),
      send_back_fee: yuan(made.fen),
    }),
  }
}
