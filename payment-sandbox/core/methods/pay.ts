import { refuse, success } from '../answers.ts'
import { type AuthorisationRefusal, restFen, stepAuthorisation } from '../authorisation-machine.ts'
import { beijingTime } from '../beijing-time.ts'
import { type FieldRule, fingerprintOf, readFields } from '../fields.ts'
import { findTrade, orderByNumber } from '../find-order.ts'
import {
  type MethodContext,
  malformedTrade,
  maxOperationsPerOrder,
  moneyMoves,
  type Outcome,
  scaledWaitMs,
} from '../method-context.ts'
import { yuan } from '../money.ts'
import { fundAuthNotification, tradeNotification } from '../notifications.ts'
import type { Operation, Order, TradeRecord } from '../records.ts'
import { providerUnfreeze } from '../release-rest.ts'
import { stepTrade } from '../trade-machine.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  out_trade_no: { required: true, kind: 'number' },
  total_amount: { required: true, kind: 'price' },
  subject: { required: true, maxLength: 256 },
  auth_no: { required: true, kind: 'number' },
  product_code: { required: true, oneOf: ['PREAUTH_PAY', 'PRE_AUTH', 'PRE_AUTH_ONLINE'] },
  auth_confirm_mode: { oneOf: ['COMPLETE', 'NOT_COMPLETE'] },
  buyer_id: { maxLength: 28 },
  seller_id: { maxLength: 28 },
  body: { maxLength: 128 },
  timeout_express: { kind: 'timeout' },
  trans_currency: { oneOf: ['CNY'] },
  settle_currency: { oneOf: ['CNY'] },
  store_id: { maxLength: 32 },
  operator_id: { maxLength: 28 },
  terminal_id: { maxLength: 32 },
  goods_detail: { kind: 'list' },
  extend_params: { kind: 'object' },
  business_params: { maxLength: 512 },
}

/**
 * `alipay.trade.pay` on a freeze: captures `total_amount` of what is held. COMPLETE gives the rest back in the same
 * step, NOT_COMPLETE (the default) keeps it for a later capture. When the payer turns out to be short of money the
 * trade waits, nothing moves, and the same request can be sent again.
 */
export function pay(context: MethodContext): Outcome {
  const { state } = context
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedTrade(read)
  const { text, fen } = read
  const order = orderByNumber(state, 'auth', text('auth_no'))
  if (order === undefined) return { answer: refuse('ACQ.AUTH_NO_ERROR') }
  const isOtherParty =
    (text('buyer_id') !== '' && text('buyer_id') !== order.payerUserId) ||
    (text('seller_id') !== '' && text('seller_id') !== order.payeeUserId)
  if (isOtherParty) return { answer: refuse('ACQ.AUTH_NO_ERROR') }

  const fingerprint = fingerprintOf(context.biz)
  const earlier = findTrade(state, '', text('out_trade_no'))
  if (earlier !== undefined) {
    if (earlier.order.authNo !== order.authNo || earlier.record.fingerprint !== fingerprint)
      return { answer: refuse('ACQ.CONTEXT_INCONSISTENT') }
    if (earlier.record.paidMs !== undefined) return { answer: payAnswer(order, earlier.record) }
    if (earlier.record.trade.kind === 'TRADE_CLOSED') return { answer: refuse('ACQ.TRADE_HAS_CLOSE') }
  } else if (order.trades.length + order.operations.length >= maxOperationsPerOrder) {
    return { answer: refuse('ACQ.AUTH_NO_ERROR') }
  }
  const record: TradeRecord = earlier?.record ?? {
    outTradeNo: text('out_trade_no'),
    tradeNo: context.newId('trade'),
    subject: text('subject'),
    createdMs: context.nowMs,
    notifyUrl: context.notifyUrl === '' ? order.notifyUrl : context.notifyUrl,
    fingerprint,
    trade: {
      kind: 'WAIT_BUYER_PAY',
      totalFen: fen('total_amount'),
      closeAtMs: context.nowMs + scaledWaitMs(state, state.rules.unpaidTradeMs),
    },
    refunds: [],
  }
  return capture(context, order, record, text('auth_confirm_mode') === 'COMPLETE')
}

function capture(context: MethodContext, order: Order, record: TradeRecord, isComplete: boolean): Outcome {
  const { state, nowMs, newId } = context
  const paidFen = record.trade.totalFen
  const result = stepAuthorisation(order.authorisation, { kind: 'pay', fen: paidFen, complete: isComplete })
  if (!result.ok) return { answer: refuse(tradeCode(result.code)) }
  if (context.payerIsShort) {
    const waiting = withTrade(order, record)
    return {
      answer: refuse('ACQ.BUYER_BALANCE_NOT_ENOUGH'),
      change: { orders: [waiting], moves: [], notifications: [] },
    }
  }
  const trade = stepTrade(record.trade, {
    kind: 'pay',
    finishAtMs: nowMs + scaledWaitMs(state, state.rules.refundableForMs),
  })
  if (!trade.ok) return { answer: refuse(trade.code) }
  const paid: TradeRecord = { ...record, trade: trade.next, paidMs: nowMs }
  const restBefore = restFen(order.authorisation)
  const released =
    isComplete && restBefore > paidFen ? [providerUnfreeze(restBefore - paidFen, '转支付完成解冻', nowMs, newId)] : []
  const next: Order = {
    ...withTrade(order, paid),
    authorisation: result.next,
    operations: [...order.operations, payOperation(context, paid, paidFen), ...released],
  }
  return {
    answer: payAnswer(next, paid),
    change: {
      orders: [next],
      moves: result.moved.flatMap((move) => {
        const refNo = move.kind === 'capture' ? paid.outTradeNo : (released[0]?.outRequestNo ?? '')
        return moneyMoves([move], next, { refNo, outTradeNo: paid.outTradeNo }, nowMs, newId)
      }),
      notifications: [
        ...tradeNotification(next, paid, '', nowMs, newId),
        ...released.flatMap((operation) => fundAuthNotification('fund_auth_unfreeze', next, operation, nowMs, newId)),
      ],
    },
  }
}

function payOperation(context: MethodContext, record: TradeRecord, fen: number): Operation {
  return {
    operationId: context.newId('operation'),
    outRequestNo: record.outTradeNo,
    type: 'PAY',
    fen,
    status: 'SUCCESS',
    remark: record.subject,
    createdMs: context.nowMs,
    doneMs: context.nowMs,
    fingerprint: record.fingerprint,
  }
}

function withTrade(order: Order, record: TradeRecord): Order {
  return { ...order, trades: [...order.trades.filter((trade) => trade.tradeNo !== record.tradeNo), record] }
}

function tradeCode(code: AuthorisationRefusal): string {
  switch (code) {
    case 'REQUEST_AMOUNT_EXCEED':
      return 'ACQ.AUTH_AMOUNT_NOT_ENOUGH'
    case 'ORDER_ALREADY_CLOSED':
      return 'ACQ.AUTH_ORDER_HAS_CLOSED'
    case 'ILLEGAL_STATUS':
    case 'ORDER_ALREADY_FINISH':
      return 'ACQ.AUTH_NO_ERROR'
  }
}

function payAnswer(order: Order, record: TradeRecord): Outcome['answer'] {
  const total = yuan(record.trade.totalFen)
  return success({
    trade_no: record.tradeNo,
    out_trade_no: record.outTradeNo,
    buyer_logon_id: order.payerLogonId,
    total_amount: total,
    receipt_amount: total,
    buyer_pay_amount: total,
    point_amount: '0.00',
    invoice_amount: total,
    gmt_payment: beijingTime(record.paidMs ?? record.createdMs),
    fund_bill_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: total }],
    buyer_user_id: order.payerUserId,
  })
}
