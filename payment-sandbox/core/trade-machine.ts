import type { Moved } from './authorisation-machine.ts'

/**
 * The life of one capture: `WAIT_BUYER_PAY → TRADE_SUCCESS → TRADE_FINISHED | TRADE_CLOSED`, and
 * `WAIT_BUYER_PAY → TRADE_CLOSED`. A trade waits only when the payer was short of money at the first attempt.
 * Amounts are integer fen; `refundedFen ≤ totalFen` holds in every state.
 */
export type Trade =
  | { readonly kind: 'WAIT_BUYER_PAY'; readonly totalFen: number; readonly closeAtMs: number }
  | {
      readonly kind: 'TRADE_SUCCESS'
      readonly totalFen: number
      readonly refundedFen: number
      readonly finishAtMs: number
    }
  | { readonly kind: 'TRADE_FINISHED'; readonly totalFen: number; readonly refundedFen: number }
  | { readonly kind: 'TRADE_CLOSED'; readonly totalFen: number; readonly refundedFen: number }

export type TradeEvent =
  | { readonly kind: 'pay'; readonly finishAtMs: number }
  | { readonly kind: 'refund'; readonly fen: number }
  | { readonly kind: 'give-up' }
  | { readonly kind: 'finish' }

/** Alipay's own words, as the trade methods answer them. */
export type TradeRefusal =
  | 'ACQ.TRADE_HAS_SUCCESS'
  | 'ACQ.TRADE_HAS_CLOSE'
  | 'ACQ.TRADE_HAS_FINISHED'
  | 'ACQ.TRADE_STATUS_ERROR'
  | 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL'

export type TradeStep =
  | { readonly ok: true; readonly next: Trade; readonly moved: readonly Moved[] }
  | { readonly ok: false; readonly code: TradeRefusal }

/** What one event does to one trade, and which money it moves back. The capture itself is the authorisation's move. */
export function stepTrade(state: Trade, event: TradeEvent): TradeStep {
  switch (state.kind) {
    case 'WAIT_BUYER_PAY':
      return stepWaiting(state, event)
    case 'TRADE_SUCCESS':
      return stepSuccess(state, event)
    case 'TRADE_FINISHED':
      return { ok: false, code: 'ACQ.TRADE_HAS_FINISHED' }
    case 'TRADE_CLOSED':
      return { ok: false, code: 'ACQ.TRADE_HAS_CLOSE' }
  }
}

/** What went back to the payer so far. */
export function refundedFen(state: Trade): number {
  return state.kind === 'WAIT_BUYER_PAY' ? 0 : state.refundedFen
}

function stepWaiting(state: Extract<Trade, { kind: 'WAIT_BUYER_PAY' }>, event: TradeEvent): TradeStep {
  switch (event.kind) {
    case 'pay':
      return {
        ok: true,
        next: { kind: 'TRADE_SUCCESS', totalFen: state.totalFen, refundedFen: 0, finishAtMs: event.finishAtMs },
        moved: [],
      }
    case 'give-up':
      return { ok: true, next: { kind: 'TRADE_CLOSED', totalFen: state.totalFen, refundedFen: 0 }, moved: [] }
    case 'refund':
    case 'finish':
      return { ok: false, code: 'ACQ.TRADE_STATUS_ERROR' }
  }
}

function stepSuccess(state: Extract<Trade, { kind: 'TRADE_SUCCESS' }>, event: TradeEvent): TradeStep {
  switch (event.kind) {
    case 'pay':
    case 'give-up':
      return { ok: false, code: 'ACQ.TRADE_HAS_SUCCESS' }
    case 'refund': {
      const left = state.totalFen - state.refundedFen
      if (!Number.isSafeInteger(event.fen) || event.fen < 1 || event.fen > left)
        return { ok: false, code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' }
      const refunded = state.refundedFen + event.fen
      const next: Trade =
        refunded === state.totalFen
          ? { kind: 'TRADE_CLOSED', totalFen: state.totalFen, refundedFen: refunded }
          : { ...state, refundedFen: refunded }
      return { ok: true, next, moved: [{ kind: 'refund', fen: event.fen }] }
    }
    case 'finish':
      return {
        ok: true,
        next: { kind: 'TRADE_FINISHED', totalFen: state.totalFen, refundedFen: state.refundedFen },
        moved: [],
      }
  }
}
