import { describe, expect, it } from 'vitest'
import type { Terms } from '../contracts/http/bikes.ts'
import type { FareLine, TripView } from '../contracts/http/trips.ts'
import { cityNow, freeExitLeftMs, rideDurationMs, runningCost } from './ride-clock.ts'

const startedAt = 1_800_000_000_000
const terms: Terms = {
  tariffId: 't',
  currency: 'EUR',
  unlockFee: 100,
  perMinute: 20,
  pausePerMinute: 10,
  dayCap: 1_500,
  freeExitMinutes: 3,
  hold: 2_500,
  wrongPlaceFee: 500,
  noParkingFee: 800,
}
const line = (key: FareLine['key'], quantity: number, unitAmount: number): FareLine => ({
  key,
  quantity,
  unitAmount,
  amount: quantity * unitAmount,
})

/** A ride of `spentMs` as the server tells it. */
function ride(spentMs: number, change: Partial<TripView> = {}): TripView {
  const minutes = Math.ceil(spentMs / 60_000)
  return {
    tripId: '',
    state: 'riding',
    bikeNumber: '100434',
    bikePlace: null,
    createdAt: startedAt,
    startedAt,
    endedAt: null,
    pausedMs: 0,
    pauseWanted: false,
    command: null,
    closingFailedAt: null,
    riderFree: false,
    failure: null,
    price: {
      currency: 'EUR',
      total: 100 + minutes * 20,
      lines: [line('unlock', 1, 100), line('ride_minutes', minutes, 20)],
      final: false,
    },
    payment: { state: 'held', held: 2_500, captured: 0, refunded: 0 },
    holdReleaseAt: null,
    receiptPath: null,
    parking: null,
    appeal: null,
    mayAppealUntil: null,
    cityTime: startedAt + spentMs,
    ...change,
  }
}

describe('the cost on the screen', () => {
  it('grows with each begun minute after the last word of the server', () => {
    const trip = ride(50_000)
    const costs = [50_000, 60_000, 60_001, 130_000].map((ms) => runningCost(trip, terms, startedAt + ms))
    expect(costs).toEqual([120, 120, 140, 160])
  })
  it('grows by the price of a pause while paused', () => {
    const trip = ride(50_000, { state: 'paused', pausedMs: 20_000 })
    expect(runningCost(trip, terms, trip.cityTime + 30_000)).toBe(120)
    expect(runningCost(trip, terms, trip.cityTime + 41_000)).toBe(130)
  })
  it('stops at the most that a day costs', () => {
    expect(runningCost(ride(50_000), terms, startedAt + 36_000_000)).toBe(1_500)
  })
  it('stands still once the day is capped, the exit is free or the ride is over', () => {
    const price = ride(50_000).price
    const capped = ride(50_000, { price: { ...price, lines: [...price.lines, line('day_cap', 1, -20)] } })
    const free = ride(50_000, { price: { ...price, total: 0, lines: [...price.lines, line('free_exit', 1, -120)] } })
    const over = ride(50_000, { endedAt: startedAt + 50_000 })
    for (const trip of [capped, free, over]) {
      expect(runningCost(trip, terms, startedAt + 600_000)).toBe(trip.price.total)
    }
  })
  it('is the total of the server where the prices are not known', () => {
    expect(
      runningCost(
        ride(0, { price: { currency: 'EUR', total: 100, lines: [], final: false } }),
        null,
        startedAt + 90_000,
      ),
    ).toBe(100)
  })
})

it('runs city time on from the last word, as fast as the city runs', () => {
  expect(cityNow({ cityTime: 1_000, atMs: 50, speed: 10 }, 150)).toBe(2_000)
  expect(cityNow({ cityTime: 1_000, atMs: 50, speed: 10 }, 20)).toBe(1_000)
})

it('counts a ride from the clock of the lock, and not before it opened', () => {
  expect(rideDurationMs({ startedAt, endedAt: null }, startedAt + 5_000)).toBe(5_000)
  expect(rideDurationMs({ startedAt, endedAt: startedAt + 2_000 }, startedAt + 5_000)).toBe(2_000)
  expect(rideDurationMs({ startedAt: null, endedAt: null }, startedAt)).toBe(0)
})

it('offers a free exit for three minutes', () => {
  expect(freeExitLeftMs({ startedAt }, 3, startedAt + 60_000)).toBe(120_000)
  expect(freeExitLeftMs({ startedAt }, 3, startedAt + 180_001)).toBe(0)
})
