import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../contracts/units.ts'
import {
  freeToCancelMs,
  newReservation,
  type Reservation,
  type ReservationEvent,
  type ReservationState,
  reservationMs,
  stepReservation,
} from './reservation-machine.ts'

const t0 = 1_790_000_000_000
const at = (offsetMs: number) => epochMs(t0 + offsetMs)
const open = newReservation(at(0), reservationMs)
const soon = at(60_000)
const late = at(freeToCancelMs + 1)
const over = at(reservationMs)

const events: Record<string, ReservationEvent> = {
  'tick in time': { kind: 'tick', nowMs: late, bikeFails: false },
  'tick at the end': { kind: 'tick', nowMs: over, bikeFails: false },
  'tick at the end, bike silent': { kind: 'tick', nowMs: over, bikeFails: true },
  'cancelled soon': { kind: 'rider_cancels', nowMs: soon, bikeFails: false },
  'cancelled late': { kind: 'rider_cancels', nowMs: late, bikeFails: false },
  'cancelled late, bike silent': { kind: 'rider_cancels', nowMs: late, bikeFails: true },
  'cancelled too late': { kind: 'rider_cancels', nowMs: over, bikeFails: false },
  'its trip': { kind: 'trip_begun', isThisBike: true, nowMs: late },
  'another trip': { kind: 'trip_begun', isThisBike: false, nowMs: late },
  'its trip, a moment too late': { kind: 'trip_begun', isThisBike: true, nowMs: over },
  crew: { kind: 'taken_back', by: 'crew', nowMs: late },
  'out of service': { kind: 'taken_back', by: 'out_of_service', nowMs: late },
  'crew, too late': { kind: 'taken_back', by: 'crew', nowMs: over },
}
const ends: Record<string, string> = {
  'tick in time': '·',
  'tick at the end': 'expired, unused',
  'tick at the end, bike silent': 'expired',
  'cancelled soon': 'cancelled by rider',
  'cancelled late': 'cancelled by rider, unused',
  'cancelled late, bike silent': 'cancelled by rider',
  'cancelled too late': 'expired, unused',
  'its trip': 'used',
  'another trip': 'cancelled by other_bike',
  'its trip, a moment too late': 'expired',
  crew: 'cancelled by crew',
  'out of service': 'cancelled by out_of_service',
  'crew, too late': 'expired',
}

describe('every pair of state and event', () => {
  for (const [name, event] of Object.entries(events)) {
    it(`open + ${name} → ${ends[name]}`, () => {
      const { state, effects } = stepReservation(open, event)
      const by = state.reason === null ? '' : ` by ${state.reason}`
      const told = state === open ? '·' : `${state.state}${by}${state.isUnused ? ', unused' : ''}`
      expect(told).toBe(ends[name])
      expect(effects).toEqual(state === open ? [] : [{ kind: 'bike_free' }])
    })
  }

  it('enters every state, and nothing moves one that has ended', () => {
    const entered = new Set<ReservationState>(['open'])
    for (const first of Object.values(events)) {
      const ended = stepReservation(open, first).state
      entered.add(ended.state)
      if (ended.state === 'open') continue
      for (const second of Object.values(events)) expect(stepReservation(ended, second).state).toBe(ended)
    }
    expect([...entered].sort()).toEqual(['cancelled', 'expired', 'open', 'used'])
  })
})

describe('a reservation', () => {
  const moment = fc.integer({ min: 0, max: 2 * reservationMs }).map(at)
  const anyEvent: fc.Arbitrary<ReservationEvent> = fc.oneof(
    fc.record({ kind: fc.constant('tick' as const), nowMs: moment, bikeFails: fc.boolean() }),
    fc.record({ kind: fc.constant('rider_cancels' as const), nowMs: moment, bikeFails: fc.boolean() }),
    fc.record({ kind: fc.constant('trip_begun' as const), nowMs: moment, isThisBike: fc.boolean() }),
    fc.record({
      kind: fc.constant('taken_back' as const),
      nowMs: moment,
      by: fc.constantFrom('crew' as const, 'out_of_service' as const),
    }),
  )

  it('frees its bike exactly once, never after its time, and blames nobody who rides', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (story) => {
        let now: Reservation = open
        let freed = 0
        for (const event of story) {
          const step = stepReservation(now, event)
          freed += step.effects.length
          now = step.state
          if (event.nowMs >= open.expiresAt) expect(now.state).not.toBe('open')
        }
        expect(freed).toBe(now.state === 'open' ? 0 : 1)
        expect(now.endedAt === null).toBe(now.state === 'open')
        if (now.endedAt !== null) expect(now.endedAt).toBeLessThanOrEqual(open.expiresAt)
        if (now.isUnused) expect(now.state === 'expired' || now.reason === 'rider').toBe(true)
        expect(now.reason !== null).toBe(now.state === 'cancelled')
      }),
    )
  })
})
