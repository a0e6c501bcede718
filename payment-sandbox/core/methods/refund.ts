import { refuse, success } from '../answers.ts'
import { type FieldRule, fingerprintOf, readFields } from '../fields.ts'
import { findTrade } from '../find-order.ts'
import { type MethodContext, malformedTrade, moneyMoves, type Outcome } from '../method-context.ts'
import { yuan } from '../money.ts'
import { tradeNotification } from '../notifications.ts'
import type { Order, RefundRecord, TradeRecord } from '../records.ts'
import { refundedFen, stepTrade } from '../trade-machine.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  out_trade_no: { kind: 'number' },
  trade_no: { kind: 'number' },
  refund_amount: { required: true, kind: 'price' },
  refund_reason: { maxLength: 256 },
  out_request_no: { kind: 'number' },
  refund_currency: { oneOf: ['CNY'] },
  operator_id: { maxLength: 30 },
  store_id: { maxLength: 32 },
  terminal_id: { maxLength: 32 },
  query_options: { kind: 'list' },
}

/** More refunds than this of one trade are refused. */
const maxRefundsPerTrade = 50

/**
 * `alipay.trade.refund`: gives captured money back. `out_request_no` is the idempotency key and is required unless the
 * whole trade is refunded. `refund_fee` in the answer is the total refunded so far; a repeat says `fund_change: N`.
 */
export function refund(context: MethodContext): Outcome {
  const { nowMs, newId } = context
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedTrade(read)
  const { text, fen } = read
  if (text('out_trade_no') === '' && text('trade_no') === '') return { answer: refuse('ACQ.INVALID_PARAMETER') }
  const found = findTrade(context.state, text('trade_no'), text('out_trade_no'))
  if (found === undefined) return { answer: refuse('ACQ.TRADE_NOT_EXIST') }
  const { order, record } = found
  if (text('out_request_no') === '' && fen('refund_amount') !== record.trade.totalFen)
    return { answer: refuse('ACQ.INVALID_PARAMETER') }

  // Without a number of its own a full refund is keyed by the trade's, as documented.
  const outRequestNo = text('out_request_no') === '' ? record.outTradeNo : text('out_request_no')
  const fingerprint = fingerprintOf(context.biz)
  const earlier = record.refunds.find((one) => one.outRequestNo === outRequestNo)
  if (earlier !== undefined) {
    return {
      answer:
        earlier.fingerprint === fingerprint
          ? refundAnswer(order, record, earlier, 'N')
          : refuse('ACQ.DISCORDANT_REPEAT_REQUEST'),
    }
  }
  if (record.refunds.length >= maxRefundsPerTrade) return { answer: refuse('ACQ.TRADE_STATUS_ERROR') }
  const result = stepTrade(record.trade, { kind: 'refund', fen: fen('refund_amount') })
  if (!result.ok) return { answer: refuse(result.code) }
  const made: RefundRecord = {
    outRequestNo,
    fen: fen('refund_amount'),
    reason: text('refund_reason'),
    atMs: nowMs,
    fingerprint,
  }
  const nextRecord: TradeRecord = { ...record, trade: result.next, refunds: [...record.refunds, made] }
  const next: Order = {
    ...order,
    trades: order.trades.map((trade) => (trade.tradeNo === record.tradeNo ? nextRecord : trade)),
  }
  const refs = { refNo: outRequestNo, outTradeNo: record.outTradeNo }
  return {
    answer: refundAnswer(next, nextRecord, made, 'Y'),
    change: {
      orders: [next],
      moves: moneyMoves(result.moved, next, refs, nowMs, newId),
      notifications: tradeNotification(next, nextRecord, outRequestNo, nowMs, newId),
    },
  }
}

function refundAnswer(order: Order, record: TradeRecord, made: RefundRecord, fundChange: 'Y' | 'N'): Outcome['answer'] {
  return success({
    trade_no: record.tradeNo,
    out_trade_no: record.outTradeNo,
    buyer_logon_id: order.payerLogonId,
    buyer_user_id: order.payerUserId,
    fund_change: fundChange,
    refund_fee: yuan(refundedFen(record.trade)),
    send_back_fee: yuan(made.fen),
  })
}
