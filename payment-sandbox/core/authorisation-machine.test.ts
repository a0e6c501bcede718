import { describe, expect, it } from 'vitest'
import {
  type Authorisation,
  type AuthorisationEvent,
  restFen,
  splitOf,
  stepAuthorisation,
} from './authorisation-machine.ts'

const split = (frozenFen: number, paidFen: number, unfrozenFen: number) => ({ frozenFen, paidFen, unfrozenFen })

const states = {
  INIT: { kind: 'INIT', askedFen: 1000, approveByMs: 900 },
  AUTHORIZED: { kind: 'AUTHORIZED', releaseAtMs: 5000, ...split(1000, 0, 0) },
  used: { kind: 'AUTHORIZED', releaseAtMs: 5000, ...split(1000, 300, 200) },
  FINISH: { kind: 'FINISH', ...split(1000, 400, 600) },
  CLOSED: { kind: 'CLOSED', reason: 'unfrozen', ...split(1000, 0, 1000) },
} as const satisfies Record<string, Authorisation>

const events = {
  approve: { kind: 'approve', releaseAtMs: 5000 },
  decline: { kind: 'decline' },
  lapse: { kind: 'lapse' },
  cancel: { kind: 'cancel' },
  'pay 300': { kind: 'pay', fen: 300, complete: false },
  'pay 300 and complete': { kind: 'pay', fen: 300, complete: true },
  'pay 501': { kind: 'pay', fen: 501, complete: true },
  'pay 1001': { kind: 'pay', fen: 1001, complete: true },
  'unfreeze 500': { kind: 'unfreeze', fen: 500 },
  'unfreeze 1001': { kind: 'unfreeze', fen: 1001 },
  release: { kind: 'release' },
} as const satisfies Record<string, AuthorisationEvent>

const closed = 'ORDER_ALREADY_CLOSED'
const finished = 'ORDER_ALREADY_FINISH'
const illegal = 'ILLEGAL_STATUS'
const exceeds = 'REQUEST_AMOUNT_EXCEED'

/** Either a refusal, or `state frozen/paid/unfrozen: moves`. */
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  INIT: {
    approve: 'AUTHORIZED 1000/0/0: freeze 1000',
    decline: 'CLOSED 0/0/0:',
    lapse: 'CLOSED 0/0/0:',
    cancel: 'CLOSED 0/0/0:',
    'pay 300': illegal,
    'pay 300 and complete': illegal,
    'pay 501': illegal,
    'pay 1001': illegal,
    'unfreeze 500': illegal,
    'unfreeze 1001': illegal,
    release: illegal,
  },
  AUTHORIZED: {
    approve: illegal,
    decline: illegal,
    lapse: illegal,
    cancel: 'CLOSED 1000/0/1000: unfreeze 1000',
    'pay 300': 'AUTHORIZED 1000/300/0: capture 300',
    'pay 300 and complete': 'FINISH 1000/300/700: capture 300, unfreeze 700',
    'pay 501': 'FINISH 1000/501/499: capture 501, unfreeze 499',
    'pay 1001': exceeds,
    'unfreeze 500': 'AUTHORIZED 1000/0/500: unfreeze 500',
    'unfreeze 1001': exceeds,
    release: 'CLOSED 1000/0/1000: unfreeze 1000',
  },
  used: {
    approve: illegal,
    decline: illegal,
    lapse: illegal,
    cancel: illegal,
    'pay 300': 'AUTHORIZED 1000/600/200: capture 300',
    'pay 300 and complete': 'FINISH 1000/600/400: capture 300, unfreeze 200',
    'pay 501': exceeds,
    'pay 1001': exceeds,
    'unfreeze 500': 'FINISH 1000/300/700: unfreeze 500',
    'unfreeze 1001': exceeds,
    release: 'FINISH 1000/300/700: unfreeze 500',
  },
  FINISH: {
    approve: finished,
    decline: finished,
    lapse: finished,
    cancel: finished,
    'pay 300': finished,
    'pay 300 and complete': finished,
    'pay 501': finished,
    'pay 1001': finished,
    'unfreeze 500': finished,
    'unfreeze 1001': finished,
    release: finished,
  },
  CLOSED: {
    approve: closed,
    decline: closed,
    lapse: closed,
    cancel: closed,
    'pay 300': closed,
    'pay 300 and complete': closed,
    'pay 501': closed,
    'pay 1001': closed,
    'unfreeze 500': closed,
    'unfreeze 1001': closed,
    release: closed,
  },
}

const rows = Object.entries(states).flatMap(([stateName, state]) =>
  Object.entries(events).map(([eventName, event]) => ({ stateName, state, eventName, event })),
)

describe('an authorisation', () => {
  it.each(rows)('$stateName, $eventName', ({ stateName, state, eventName, event }) => {
    const result = stepAuthorisation(state, event)
    const shown = result.ok
      ? `${result.next.kind} ${show(result.next)}: ${result.moved.map((move) => `${move.kind} ${move.fen}`).join(', ')}`.trimEnd()
      : result.code
    expect(shown).toBe(table[stateName as keyof typeof states][eventName as keyof typeof events])
  })

  it('can enter every state, and leave every state that is not an end', () => {
    const reached = new Set<string>([states.INIT.kind])
    for (const { state, event } of rows) {
      const result = stepAuthorisation(state, event)
      if (result.ok) reached.add(result.next.kind)
    }
    expect([...reached].sort()).toEqual(['AUTHORIZED', 'CLOSED', 'FINISH', 'INIT'])
  })

  it('tells apart why it closed', () => {
    const reason = (state: Authorisation, event: AuthorisationEvent) => {
      const result = stepAuthorisation(state, event)
      return result.ok && result.next.kind === 'CLOSED' ? result.next.reason : 'not closed'
    }
    expect(reason(states.INIT, events.decline)).toBe('declined')
    expect(reason(states.INIT, events.lapse)).toBe('expired')
    expect(reason(states.INIT, events.cancel)).toBe('cancelled')
    expect(reason(states.AUTHORIZED, events.cancel)).toBe('cancelled')
    expect(reason(states.AUTHORIZED, events.release)).toBe('unfrozen')
  })

  it.each([0, -1, 0.5, Number.NaN])('moves no amount of %s fen', (fen) => {
    expect(stepAuthorisation(states.AUTHORIZED, { kind: 'pay', fen, complete: true }).ok).toBe(false)
    expect(stepAuthorisation(states.AUTHORIZED, { kind: 'unfreeze', fen }).ok).toBe(false)
  })

  it('holds nothing outside AUTHORIZED', () => {
    expect(Object.values(states).map((state) => restFen(state))).toEqual([0, 1000, 500, 0, 0])
  })
})

function show(state: Authorisation): string {
  const { frozenFen, paidFen, unfrozenFen } = splitOf(state)
  return `${frozenFen}/${paidFen}/${unfrozenFen}`
}
