import { describe, expect, it } from 'vitest'
import { refundedFen, stepTrade, type Trade, type TradeEvent } from './trade-machine.ts'

const states = {
  WAIT_BUYER_PAY: { kind: 'WAIT_BUYER_PAY', totalFen: 500, closeAtMs: 1 },
  TRADE_SUCCESS: { kind: 'TRADE_SUCCESS', totalFen: 500, refundedFen: 100, finishAtMs: 9 },
  TRADE_FINISHED: { kind: 'TRADE_FINISHED', totalFen: 500, refundedFen: 100 },
  TRADE_CLOSED: { kind: 'TRADE_CLOSED', totalFen: 500, refundedFen: 500 },
} as const satisfies Record<string, Trade>

const events = {
  pay: { kind: 'pay', finishAtMs: 9 },
  'refund 150': { kind: 'refund', fen: 150 },
  'refund 400': { kind: 'refund', fen: 400 },
  'refund 401': { kind: 'refund', fen: 401 },
  'give-up': { kind: 'give-up' },
  finish: { kind: 'finish' },
} as const satisfies Record<string, TradeEvent>

const wrong = 'ACQ.TRADE_STATUS_ERROR'
const paid = 'ACQ.TRADE_HAS_SUCCESS'
const finished = 'ACQ.TRADE_HAS_FINISHED'
const closed = 'ACQ.TRADE_HAS_CLOSE'

const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  WAIT_BUYER_PAY: {
    pay: 'TRADE_SUCCESS 0 refunded:',
    'refund 150': wrong,
    'refund 400': wrong,
    'refund 401': wrong,
    'give-up': 'TRADE_CLOSED 0 refunded:',
    finish: wrong,
  },
  TRADE_SUCCESS: {
    pay: paid,
    'refund 150': 'TRADE_SUCCESS 250 refunded: refund 150',
    'refund 400': 'TRADE_CLOSED 500 refunded: refund 400',
    'refund 401': 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
    'give-up': paid,
    finish: 'TRADE_FINISHED 100 refunded:',
  },
  TRADE_FINISHED: {
    pay: finished,
    'refund 150': finished,
    'refund 400': finished,
    'refund 401': finished,
    'give-up': finished,
    finish: finished,
  },
  TRADE_CLOSED: {
    pay: closed,
    'refund 150': closed,
    'refund 400': closed,
    'refund 401': closed,
    'give-up': closed,
    finish: closed,
  },
}

const rows = Object.entries(states).flatMap(([stateName, state]) =>
  Object.entries(events).map(([eventName, event]) => ({ stateName, state, eventName, event })),
)

describe('a trade', () => {
  it.each(rows)('$stateName, $eventName', ({ stateName, state, eventName, event }) => {
    const result = stepTrade(state, event)
    const shown = result.ok
      ? `${result.next.kind} ${refundedFen(result.next)} refunded: ${result.moved.map((move) => `${move.kind} ${move.fen}`).join(', ')}`.trimEnd()
      : result.code
    expect(shown).toBe(table[stateName as keyof typeof states][eventName as keyof typeof events])
  })

  it('can enter every state but the one it begins in', () => {
    const reached = rows.map(({ state, event }) => stepTrade(state, event)).filter((result) => result.ok)
    expect([...new Set(reached.map((result) => result.next.kind))].sort()).toEqual([
      'TRADE_CLOSED',
      'TRADE_FINISHED',
      'TRADE_SUCCESS',
    ])
  })
})
