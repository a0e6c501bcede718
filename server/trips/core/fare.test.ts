import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../contracts/units.ts'
import { type FareInput, priceRide, type Tariff } from './fare.ts'

const tariff: Tariff = {
  tariffId: 't1',
  currency: 'CNY',
  unlockMinor: 150,
  perMinuteMinor: 30,
  pausePerMinuteMinor: 10,
  dayCapMinor: 4800,
  freeExitMs: 180_000,
  holdMinor: 9900,
  vatPercent: 9,
  wrongPlaceMinor: 500,
  noParkingMinor: 800,
  hotspotRewardMinor: 100,
  putRightMs: 1_800_000,
}
const start = epochMs(1_790_000_000_000)
const ride = (ms: number, more: Partial<FareInput> = {}): FareInput => ({
  startedAt: start,
  endedAt: epochMs(start + ms),
  pausedMs: 0,
  freeExitReason: null,
  lockFault: false,
  ...more,
})

describe('the price of a ride', () => {
  it('is the unlock fee and each started minute', () => {
    expect(priceRide(tariff, ride(10 * 60_000)).total).toBe(150 + 10 * 30)
    expect(priceRide(tariff, ride(10 * 60_000 + 1)).total).toBe(150 + 11 * 30)
  })
  it('counts paused minutes at their own price', () => {
    const fare = priceRide(tariff, ride(20 * 60_000, { pausedMs: 5 * 60_000 }))
    expect(fare.lines.map((l) => [l.key, l.quantity, l.amount])).toEqual([
      ['unlock', 1, 150],
      ['ride_minutes', 15, 450],
      ['pause_minutes', 5, 50],
    ])
  })
  it('never exceeds the cap of each day that was begun, and says so on a line', () => {
    const fare = priceRide(tariff, ride(20 * 3_600_000))
    expect(fare.total).toBe(4800)
    expect(fare.lines.at(-1)).toMatchObject({ key: 'day_cap' })
    expect(priceRide(tariff, ride(25 * 3_600_000)).total).toBe(9600)
  })
  it('is nothing within three minutes when the rider says what was wrong', () => {
    expect(priceRide(tariff, ride(180_000, { freeExitReason: 'brakes' })).total).toBe(0)
    expect(priceRide(tariff, ride(180_001, { freeExitReason: 'brakes' })).total).toBe(150 + 4 * 30)
    expect(priceRide(tariff, ride(60_000)).total).toBe(180)
  })
  it('leaves the unlock fee out when the lock was at fault', () => {
    expect(priceRide(tariff, ride(60_000, { lockFault: true })).total).toBe(30)
  })
  it('treats an end before the start as no time at all', () => {
    expect(priceRide(tariff, ride(-5_000)).total).toBe(150)
  })

  const anyRide = fc.record({
    ms: fc.integer({ min: -1_000, max: 5 * 86_400_000 }),
    pausedMs: fc.integer({ min: -1_000, max: 6 * 86_400_000 }),
    freeExitReason: fc.constantFrom(null, 'brakes' as const),
    lockFault: fc.boolean(),
  })
  it('is a whole number from zero to the cap of its days, and the sum of its lines', () => {
    fc.assert(
      fc.property(anyRide, ({ ms, ...more }) => {
        const fare = priceRide(tariff, ride(ms, more))
        const days = Math.max(1, Math.ceil(ms / 86_400_000))
        expect(Number.isSafeInteger(fare.total)).toBe(true)
        expect(fare.total).toBeGreaterThanOrEqual(0)
        expect(fare.total).toBeLessThanOrEqual(days * tariff.dayCapMinor)
        expect(fare.lines.reduce((s, l) => s + l.amount, 0)).toBe(fare.total)
      }),
    )
  })
  it('never falls when the ride gets longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), fc.integer({ min: 0, max: 86_400_000 }), (a, b) => {
        const [short, long] = a < b ? [a, b] : [b, a]
        expect(priceRide(tariff, ride(short)).total).toBeLessThanOrEqual(priceRide(tariff, ride(long)).total)
      }),
    )
  })
})
