import { refuse, success } from '../answers.ts'
import { beijingTime } from '../beijing-time.ts'
import { type FieldRule, readFields } from '../fields.ts'
import { findTrade } from '../find-order.ts'
import { type MethodContext, malformedTrade, type Outcome } from '../method-context.ts'
import { yuan } from '../money.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  out_trade_no: { kind: 'number' },
  trade_no: { kind: 'number' },
  query_options: { kind: 'list' },
}

/** `alipay.trade.query`: what became of a capture. Changes nothing. */
export function queryTrade(context: MethodContext): Outcome {
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedTrade(read)
  const { text } = read
  if (text('out_trade_no') === '' && text('trade_no') === '') return { answer: refuse('ACQ.INVALID_PARAMETER') }
  const found = findTrade(context.state, text('trade_no'), text('out_trade_no'))
  if (found === undefined) return { answer: refuse('ACQ.TRADE_NOT_EXIST') }
  const { order, record } = found
  const total = yuan(record.trade.totalFen)
  const paid =
    record.paidMs === undefined
      ? {}
      : {
          send_pay_date: beijingTime(record.paidMs),
          receipt_amount: total,
          buyer_pay_amount: total,
          point_amount: '0.00',
          invoice_amount: total,
          fund_bill_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: total }],
        }
  return {
    answer: success({
      trade_no: record.tradeNo,
      out_trade_no: record.outTradeNo,
      buyer_logon_id: order.payerLogonId,
      trade_status: record.trade.kind,
      total_amount: total,
      ...paid,
      buyer_user_id: order.payerUserId,
    }),
  }
}
