import { describe, expect, it } from 'vitest'
import type { TripState } from '../../../contracts/http/trips.ts'
import { type BikeState, bikeStates } from '../../../contracts/live/bike-states.ts'
import { epochMs } from '../../../contracts/units.ts'
import { type BikeFacts, bikeState, silentAfterMs, whyNotRentable } from './bike-state.ts'
import { type LockShadow, unheardLock } from './lock-shadow.ts'

const nowMs = epochMs(1_900_000_000_000)
const shadow: LockShadow = { ...unheardLock, bolt: 'locked', soc: 80, lastHeardAtMs: epochMs(nowMs - 60_000) }
const well: BikeFacts = { shadow, trip: null, inService: true, blockingAlarms: 0, urgentAlarms: 0, custody: null }
const silent = { ...shadow, lastHeardAtMs: epochMs(nowMs - silentAfterMs - 1) }
const flat = { ...shadow, soc: 9 }
const open = { ...shadow, bolt: 'unlocked' as const }

const cases: readonly [string, Partial<BikeFacts>, BikeState][] = [
  ['locked, charged and heard', {}, 'available'],
  ['with an alarm that blocks it, even on a trip', { blockingAlarms: 1, trip: 'riding' }, 'alarm'],
  ['with an urgent alarm that lets it be rented', { urgentAlarms: 1 }, 'alarm'],
  ['out of service', { inService: false }, 'out_of_service'],
  ['last heard 20 minutes and a moment ago', { shadow: silent }, 'silent'],
  ['never heard', { shadow: unheardLock }, 'silent'],
  ['with 9 % of battery', { shadow: flat }, 'low_battery'],
  ['silent with a flat battery', { shadow: { ...silent, soc: 3 } }, 'low_battery'],
  ['open without a trip', { shadow: open }, 'out_of_service'],
  ['in a van, silent and out of service', { custody: 'in_van', shadow: silent, inService: false }, 'with_crew'],
  ['that a claimed route will take', { custody: 'claimed' }, 'with_crew'],
  ['in a van with an alarm that blocks it', { custody: 'in_van', blockingAlarms: 1 }, 'alarm'],
  ['silent on a trip', { shadow: silent, trip: 'riding' }, 'riding'],
]
const trips: readonly [TripState, BikeState][] = [
  ['promised', 'unlocking'],
  ['unlocking', 'unlocking'],
  ['riding', 'riding'],
  ['paused', 'paused'],
  ['ending', 'riding'],
  ['ended', 'available'],
  ['charged', 'available'],
  ['failed', 'available'],
  ['cancelled', 'available'],
]

describe('the map shows a bike', () => {
  it.each(cases)('%s', (_, facts, state) => {
    expect(bikeState({ ...well, ...facts }, nowMs)).toBe(state)
  })

  it.each(trips)('whose trip is %s as %s', (trip, state) => {
    expect(bikeState({ ...well, trip }, nowMs)).toBe(state)
  })

  it('in every state that the map knows', () => {
    const shown = new Set([...cases.map(([, , state]) => state), ...trips.map(([, state]) => state)])
    expect([...bikeStates].filter((state) => !shown.has(state))).toEqual([])
  })
})

describe('a bike is refused', () => {
  it.each([
    ['not at all when it is well', {}, null],
    ['when it is out of service', { inService: false }, 'bike_out_of_service'],
    ['when it has an alarm that blocks it', { blockingAlarms: 1 }, 'bike_out_of_service'],
    ['when its lock was last heard more than 20 minutes ago', { shadow: silent }, 'bike_silent'],
    ['when a claimed route will take it', { custody: 'claimed' }, 'bike_being_moved'],
    ['when it is in a van, whatever else is wrong', { custody: 'in_van', inService: false }, 'bike_being_moved'],
    ['when it is open', { shadow: open }, 'bike_not_locked'],
    ['when its battery is below 10 %', { shadow: flat }, 'bike_battery_low'],
  ] as const)('%s', (_, facts, code) => {
    expect(whyNotRentable({ ...well, ...facts }, nowMs)).toBe(code)
  })
})
