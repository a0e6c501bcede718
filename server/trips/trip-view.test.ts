import { expect, it } from 'vitest'
import type { PaymentStatus } from '../../contracts/http/payments.ts'
import type { CommandState } from '../../contracts/http/trips.ts'
import { asId } from '../../contracts/ids.ts'
import { epochMs } from '../../contracts/units.ts'
import { newTrip, stampWaitMs, type TripFacts, unansweredHoldMs } from './core/trip-machine.ts'
import type { TripForView } from './trip-store.ts'
import { viewTrip } from './trip-view.ts'

const t0 = 1_790_000_000_000
const at = (ms: number) => epochMs(t0 + ms)
const deadlineAt = at(20_000)

/** When a trip's page says that the money is released, as it stands at `nowMs`. */
function releaseOf(facts: Partial<TripFacts>, command: CommandState | null, payment: PaymentStatus, nowMs = at(5_000)) {
  const view: TripForView = {
    trip: {
      ...{ tripId: asId('t'), riderId: asId('r'), bikeId: asId('b'), lockId: asId('l'), paymentId: asId('p') },
      ...{ tariffId: asId('f'), parking: null, facts: { ...newTrip(at(0), stampWaitMs), ...facts } },
    },
    tariff: {
      ...{ tariffId: 'f', currency: 'CNY', unlockMinor: 150, perMinuteMinor: 30, pausePerMinuteMinor: 10 },
      ...{ dayCapMinor: 4_800, freeExitMs: 180_000, holdMinor: 9_900, vatPercent: 9, putRightMs: 0 },
      ...{ wrongPlaceMinor: 0, noParkingMinor: 0, hotspotRewardMinor: 0 },
    },
    ...{ bikeNumber: '5724', price: null, receiptToken: null },
    command: command === null ? null : { state: command, resultCode: null, deadlineAt },
    payment: { state: payment, held: 9_900, captured: 0, refunded: 0 },
  }
  const { holdReleaseAt } = viewTrip(view, nowMs)
  return holdReleaseAt === null ? null : holdReleaseAt - t0
}

it('the time of the release is said from the promise on, and never comes later than it was said', () => {
  const promised = releaseOf({}, null, 'held') ?? 0
  const asked = releaseOf({ state: 'unlocking' }, 'sent', 'held') ?? 0
  expect(promised).toBeGreaterThan(stampWaitMs)
  expect(asked).toBeLessThanOrEqual(promised)
  const unanswered = { state: 'unlocking', riderFree: true, dueAt: at(25_000 + unansweredHoldMs) } as const
  expect(releaseOf(unanswered, 'unknown', 'held')).toBeLessThanOrEqual(asked)
})

it('a lock that says that it obeyed is waited for: no release is promised', () => {
  expect(releaseOf({ state: 'unlocking' }, 'accepted', 'held')).not.toBeNull()
  expect(releaseOf({ state: 'unlocking' }, 'done', 'held')).toBeNull()
})

it('after a failure it is said as long as the money is held, until that can be appealed', () => {
  for (const state of ['failed', 'cancelled'] as const) {
    expect(releaseOf({ state, dueAt: null }, null, 'release_pending')).toBe(3_600_000)
    expect(releaseOf({ state, dueAt: null }, null, 'release_pending', at(3_600_001))).toBeNull()
    expect(releaseOf({ state, dueAt: null }, null, 'released')).toBeNull()
  }
  expect(releaseOf({ state: 'riding', startedAt: at(0), dueAt: null }, 'done', 'held')).toBeNull()
})
