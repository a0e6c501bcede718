import { answerPayer } from './answer-payer.ts'
import { tradeNotification } from './notifications.ts'
import type { Change, NewId, Order, SandboxState, TradeRecord } from './records.ts'
import { releaseAtExpiry } from './release-rest.ts'
import { stepTrade } from './trade-machine.ts'

/** When the next wait of an order ends: the payer's answer, the automatic unfreeze, an unpaid or a refundable trade. */
export function nextWaitEndsMs(order: Order): number {
  const { authorisation } = order
  const waits = order.trades.map((record) => tradeWaitEndsMs(record))
  if (authorisation.kind === 'INIT') waits.push(authorisation.approveByMs)
  if (authorisation.kind === 'AUTHORIZED') waits.push(authorisation.releaseAtMs)
  return Math.min(Number.POSITIVE_INFINITY, ...waits)
}

/** What the passing of time did to an order whose wait ended: at most one wait per call, the earliest kind first. */
export function letTimePass(state: SandboxState, order: Order, nowMs: number, newId: NewId): Change | undefined {
  const { authorisation } = order
  if (authorisation.kind === 'INIT' && authorisation.approveByMs <= nowMs) {
    const result = answerPayer(state, order, 'expire', nowMs, newId)
    return result.ok ? result.change : undefined
  }
  if (authorisation.kind === 'AUTHORIZED' && authorisation.releaseAtMs <= nowMs)
    return releaseAtExpiry(order, nowMs, newId)
  const due = order.trades.find((record) => tradeWaitEndsMs(record) <= nowMs)
  return due === undefined ? undefined : endTrade(order, due, nowMs, newId)
}

function endTrade(order: Order, record: TradeRecord, nowMs: number, newId: NewId): Change | undefined {
  const result = stepTrade(record.trade, { kind: record.trade.kind === 'WAIT_BUYER_PAY' ? 'give-up' : 'finish' })
  if (!result.ok) return undefined
  const ended: TradeRecord = { ...record, trade: result.next }
  const next: Order = {
    ...order,
    trades: order.trades.map((trade) => (trade.tradeNo === record.tradeNo ? ended : trade)),
  }
  return { orders: [next], moves: [], notifications: tradeNotification(next, ended, '', nowMs, newId) }
}

function tradeWaitEndsMs(record: TradeRecord): number {
  switch (record.trade.kind) {
    case 'WAIT_BUYER_PAY':
      return record.trade.closeAtMs
    case 'TRADE_SUCCESS':
      return record.trade.finishAtMs
    case 'TRADE_FINISHED':
    case 'TRADE_CLOSED':
      return Number.POSITIVE_INFINITY
  }
}
