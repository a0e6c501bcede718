import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs, minor } from '../../../contracts/units.ts'
import { newPayment, type Payment, type PaymentEvent, stepPayment } from '../../payments/core/payment-machine.ts'
import { asBilled, type FareInput, type Goodwill, noGoodwill, priceRide, type Tariff, waivableLines } from './fare.ts'
import {
  clear,
  doubtM,
  feeOf,
  judgePlace,
  type KeptParking,
  lateFixMs,
  leastMovedM,
  longestPutRightMs,
  milder,
  nextLookMs,
  oldestFixMs,
  type ParkedFix,
  type ParkingPlace,
  putsRight,
  type RewardFacts,
  rewardOf,
  worstUsefulAccuracyM,
} from './parking.ts'

const t0 = 1_790_000_000_000
const at = (ms: number) => epochMs(t0 + ms)
const minute = 60_000
const fix: ParkedFix = { lon: 4.72, lat: 52.35, accuracyM: 5, ageMs: 0, speedMps: 0, atMs: at(0) }
const nowhere: ParkingPlace = { outside: null, noParking: null, hotspot: null }
const out = (metres: number): ParkingPlace => ({ ...nowhere, outside: { name: 'Area', metres } })
const banned = (metres: number): ParkingPlace => ({ ...nowhere, noParking: { name: 'Bridge', metres } })
const verdict = (place: ParkingPlace, more: Partial<ParkedFix> = {}, before: ParkedFix | null = null) =>
  judgePlace({ ...fix, ...more }, before, place).verdict
const rates = { wrongPlaceMinor: 500, noParkingMinor: 800, hotspotRewardMinor: 100 }

describe('a place', () => {
  it('is wrong only when the whole circle of doubt lies in the wrong', () => {
    expect(verdict(out(16))).toBe('not_known')
    expect(verdict(out(16.1))).toBe('outside_area')
    expect(verdict(banned(16.1))).toBe('no_parking')
    expect(verdict(out(60), { accuracyM: 30 })).toBe('not_known')
    expect(verdict(out(60.1), { accuracyM: 30 })).toBe('outside_area')
  })

  it('is in more doubt the older the fix, and the faster the bike was', () => {
    expect(doubtM({ ...fix, ageMs: 10_000 })).toBe(26)
    expect(doubtM({ ...fix, ageMs: 10_000, speedMps: 4 })).toBe(56)
    expect(doubtM({ ...fix, ageMs: 10_000, speedMps: null })).toBe(66)
  })

  it('is not known without a fix, with an old or poor one, or one that does not say how good it is', () => {
    expect(judgePlace(null, null, out(1e6)).verdict).toBe('not_known')
    for (const poor of [
      { ageMs: oldestFixMs + 1 },
      { ageMs: null },
      { accuracyM: worstUsefulAccuracyM + 1 },
      { accuracyM: null },
    ]) {
      expect(verdict(out(1e6), poor)).toBe('not_known')
      expect(verdict({ ...nowhere, hotspot: { zoneId: 'z', name: 'Station' } }, poor)).toBe('not_known')
    }
  })

  it('is not known when the fix jumped there faster than any bike', () => {
    const before = { ...fix, atMs: at(-10_000) }
    expect(verdict(out(500), { lon: 4.72 + 0.01 }, before)).toBe('not_known')
    expect(verdict(out(500), { lon: 4.72 + 0.0007 }, before)).toBe('outside_area')
  })

  it('is fine inside, and a hotspot where one is', () => {
    expect(verdict(nowhere)).toBe('fine')
    expect(verdict({ ...nowhere, hotspot: { zoneId: 'z', name: 'Station' } })).toBe('hotspot')
    expect(verdict({ ...banned(100), hotspot: { zoneId: 'z', name: 'Station' } })).toBe('no_parking')
  })

  it('is never dearer by a poorer or an older fix', () => {
    const metres = fc.option(fc.double({ min: 0, max: 300, noNaN: true }))
    const quality = fc.record({
      accuracyM: fc.double({ min: 0, max: 90, noNaN: true }),
      ageMs: fc.integer({ min: 0, max: 90_000 }),
      speedMps: fc.double({ min: 0, max: 9, noNaN: true }),
    })
    fc.assert(
      fc.property(metres, metres, quality, fc.double({ min: 0, max: 50, noNaN: true }), (o, n, good, worse) => {
        const place: ParkingPlace = {
          outside: o === null ? null : { name: 'Area', metres: o },
          noParking: n === null ? null : { name: 'Bridge', metres: n },
          hotspot: null,
        }
        const fee = (more: object) => feeOf(verdict(place, { ...good, ...more }), rates)
        const first = fee({})
        for (const poorer of [{ accuracyM: good.accuracyM + worse }, { ageMs: good.ageMs + worse * 1_000 }]) {
          // From one wrong to a lesser one there is no way but through doubt.
          expect(fee(poorer) === 0 || fee(poorer) <= Math.max(first, 500)).toBe(true)
          if (first === 0) expect(fee(poorer)).toBe(0)
        }
      }),
    )
  })
})

describe('a reward', () => {
  const earned: RewardFacts = {
    ...{ beganWhereNeeded: false, movedM: leastMovedM, hasRoom: true, riderRewards: 0, bikeRewards: 0 },
  }
  it('is for a bike that came from afar to where it is needed', () => {
    expect(rewardOf(earned, rates)).toBe(100)
  })
  it.each<[string, Partial<RewardFacts>]>([
    ['was pushed round the corner', { movedM: leastMovedM - 1 }],
    ['began nobody knows where', { movedM: null }],
    ['was taken from a hotspot that needs it', { beganWhereNeeded: true }],
    ['fills a full hotspot', { hasRoom: false }],
    ['was rewarded a short while ago', { bikeRewards: 1 }],
    ['is the fourth of its rider today', { riderRewards: 3 }],
  ])('is not for a bike that %s', (_why, more) => {
    expect(rewardOf({ ...earned, ...more }, rates)).toBe(0)
  })
})

const wrong: KeptParking = {
  ...{ verdict: 'outside_area', zoneName: 'Area', feeMinor: 500, rewardMinor: 0, cleared: false, clearedMinor: 0 },
  putRight: false,
  ...{ place: { lon: 4.72, lat: 52.35, accuracyM: 9, atMs: at(0) }, clearableUntil: at(30 * minute) },
}

describe('putting right', () => {
  const ride = { startedAt: at(minute), endedAt: at(5 * minute), verdict: 'fine' } as const
  it('is free when it is short, and in any case when it began in time', () => {
    expect(putsRight(wrong, ride)).toBe('free')
    expect(putsRight(wrong, { ...ride, verdict: 'not_known' })).toBe('free')
    expect(putsRight(wrong, { ...ride, startedAt: at(30 * minute), endedAt: at(40 * minute) })).toBe('free')
    expect(putsRight(wrong, { ...ride, endedAt: epochMs(ride.startedAt + longestPutRightMs + 1) })).toBe('only_cleared')
  })
  it('is over when its time is, when it was done, and where there is nothing to do', () => {
    expect(putsRight(wrong, { ...ride, startedAt: at(30 * minute + 1) })).toBe('no')
    expect(putsRight({ ...wrong, cleared: true }, ride)).toBe('no')
    expect(putsRight({ ...wrong, feeMinor: 0 }, ride)).toBe('no')
    expect(putsRight(null, ride)).toBe('no')
  })
  it('that ends wrong again costs no second fee when it was only a try', () => {
    expect(putsRight(wrong, { ...ride, verdict: 'no_parking' })).toBe('tried')
    expect(putsRight(wrong, { ...ride, endedAt: at(40 * minute), verdict: 'no_parking' })).toBe('no')
  })
})

describe('a later look', () => {
  it('only makes it cheaper', () => {
    const fine = { verdict: 'fine', zoneName: null, feeMinor: 0 } as const
    expect(milder(wrong, fine)).toMatchObject({ verdict: 'fine', feeMinor: 0, clearableUntil: null })
    expect(milder(wrong, { verdict: 'no_parking', zoneName: 'Bridge', feeMinor: 800 })).toBeNull()
    expect(milder({ ...wrong, cleared: true }, fine)).toBeNull()
    expect(milder({ ...wrong, feeMinor: 0 }, fine)).toBeNull()
  })
  it('brings no fee back under another name that a colleague let go', () => {
    const banned: KeptParking = { ...wrong, verdict: 'no_parking', feeMinor: 800 }
    const outside = { verdict: 'outside_area', zoneName: 'Area', feeMinor: 500 } as const
    expect(milder(banned, outside)).toMatchObject({ feeMinor: 500 })
    expect(milder(banned, outside, ['wrong_place'])).toMatchObject({ feeMinor: 500 })
    expect(milder(banned, outside, ['no_parking'])).toBeNull()
  })
  it('is taken twice, the second time after the last fix that counts', () => {
    expect(nextLookMs(at(0), at(0))).toBe(at(60_000))
    expect(nextLookMs(at(0), at(60_000))).toBeGreaterThan(at(lateFixMs))
    expect(nextLookMs(at(0), at(12 * 60_000))).toBeNull()
  })
})

const tariff: Tariff = {
  ...{ tariffId: 't2', currency: 'CNY', unlockMinor: 150, perMinuteMinor: 30, pausePerMinuteMinor: 10 },
  ...{ dayCapMinor: 4_800, freeExitMs: 180_000, holdMinor: 9_900, vatPercent: 9, putRightMs: 1_800_000, ...rates },
}
const rideOf = (minutes: number, more: Partial<FareInput> = {}): FareInput => ({
  ...{ startedAt: at(0), endedAt: at(minutes * minute), pausedMs: 0, freeExitReason: null, lockFault: false },
  ...more,
})
const keysOf = (minutes: number, more: Partial<FareInput> = {}) =>
  priceRide(tariff, rideOf(minutes, more)).lines.map(({ key, amount }) => [key, amount])

describe('a price with a place', () => {
  it('has the fee with its name, and takes it back when the bike was put right', () => {
    expect(keysOf(10, { parking: wrong }).at(-1)).toEqual(['wrong_place', 500])
    expect(keysOf(10, { parking: { ...wrong, verdict: 'no_parking', feeMinor: 800 } }).at(-1)).toEqual([
      'no_parking',
      800,
    ])
    expect(keysOf(10, { parking: clear(wrong, 0) }).slice(-2)).toEqual([
      ['wrong_place', 500],
      ['put_right', -500],
    ])
  })
  it('has no fee for a ride that we failed, and for one that ended free', () => {
    expect(keysOf(10, { parking: wrong, lockFault: true }).map(([key]) => key)).not.toContain('wrong_place')
    expect(priceRide(tariff, rideOf(2, { parking: wrong, freeExitReason: 'brakes' })).total).toBe(0)
  })
  it('is nothing for a ride that put a bike right, also when its lock would not close at the end', () => {
    const parking: KeptParking = { ...wrong, verdict: 'not_known', feeMinor: 0, clearableUntil: null, putRight: true }
    for (const lockFault of [false, true]) {
      expect(priceRide(tariff, rideOf(10, { parking, lockFault })).total).toBe(0)
    }
  })
  it('never asks for more than is held because of a fee', () => {
    expect(priceRide({ ...tariff, holdMinor: 700 }, rideOf(10, { parking: wrong })).total).toBe(700)
    expect(priceRide({ ...tariff, holdMinor: 300 }, rideOf(10, { parking: wrong })).total).toBe(450)
  })
  it('is waived with the fee, and the fee is not given back twice', () => {
    const goodwill: Goodwill = { ...noGoodwill, waived: ['wrong_place'] }
    expect(priceRide(tariff, rideOf(10, { parking: wrong, goodwill })).total).toBe(450)
    expect(priceRide(tariff, rideOf(10, { parking: clear(wrong, 0), goodwill })).total).toBe(450)
  })

  const place = fc.record({
    verdict: fc.constantFrom('fine', 'hotspot', 'outside_area', 'no_parking', 'not_known' as const),
    feeMinor: fc.integer({ min: 0, max: 2_000 }),
    rewardMinor: fc.integer({ min: 0, max: 2_000 }),
    clearedMinor: fc.integer({ min: 0, max: 2_000 }),
    putRight: fc.boolean(),
  })
  const input = fc.record({
    minutes: fc.integer({ min: 0, max: 4_000 }),
    freeExitReason: fc.constantFrom(null, 'brakes' as const),
    lockFault: fc.boolean(),
    waived: fc.subarray([...waivableLines]),
    givenBackMinor: fc.integer({ min: 0, max: 1_000 }),
    holdMinor: fc.integer({ min: 1, max: 12_000 }),
  })
  it('is from zero to the hold or the plain price, and the sum of its lines', () => {
    fc.assert(
      fc.property(place, input, (parking, { minutes, waived, givenBackMinor, holdMinor, ...more }) => {
        const goodwill = { waived, givenBackMinor }
        const held = { ...tariff, holdMinor }
        const fare = priceRide(held, rideOf(minutes, { ...more, goodwill, parking }))
        const plain = priceRide(held, rideOf(minutes, { ...more, goodwill }))
        expect(fare.total).toBe(fare.lines.reduce((sum, { amount }) => sum + amount, 0))
        expect(fare.total).toBeGreaterThanOrEqual(0)
        expect(fare.total).toBeLessThanOrEqual(Math.max(holdMinor, plain.total))
        expect(new Set(fare.lines.map(({ key }) => key)).size).toBe(fare.lines.length)
        const billed = asBilled({ ...wrong, ...parking }, fare.lines)
        expect(billed.feeMinor).toBeGreaterThanOrEqual(0)
        expect(billed.feeMinor).toBeLessThanOrEqual(parking.feeMinor)
        expect(Object.is(billed.rewardMinor, -0)).toBe(false)
      }),
    )
  })
})

describe('whatever comes in after a ride that was left wrong, in any order and as often', () => {
  type News =
    | { kind: 'given_back'; amount: number }
    | { kind: 'put_right' }
    | { kind: 'look'; fee: number }
    | { kind: 'captured' }
    | { kind: 'sent' }
    | Free
  type Free = { kind: 'free_exit' | 'earlier_end' }
  const news: fc.Arbitrary<News> = fc.oneof(
    fc.record({ kind: fc.constantFrom('put_right', 'captured', 'sent', 'free_exit', 'earlier_end' as const) }),
    fc.record({ kind: fc.constant('given_back' as const), amount: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ kind: fc.constant('look' as const), fee: fc.constantFrom(0, 500, 800) }),
  )

  it('the fee is taken at most once, given back at most once, and never more goes back than was taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(news, { maxLength: 25 }), (minutes, all) => {
        let payment: Payment = { ...newPayment(minor(9_900)), status: 'held', attached: true }
        let parking = wrong
        let ride = rideOf(minutes, { parking })
        let asked = priceRide(tariff, ride).total
        const [first] = [asked]
        let captures = 0
        const tell = (event: PaymentEvent) => {
          const step = stepPayment(payment, event)
          payment = step.state
          captures += step.effects.filter(({ kind }) => kind === 'book_capture').length
          expect(step.effects.some(({ kind }) => kind === 'suspect')).toBe(false)
        }
        // As trip-mover.ts does: a later price counts only when it is lower.
        const reprice = () => {
          const { total } = priceRide(tariff, { ...ride, parking })
          if (total < asked) tell({ kind: 'adjust', totalMinor: total })
          asked = total < asked ? total : asked
        }
        tell({ kind: 'settle', totalMinor: asked })
        for (const one of all) {
          switch (one.kind) {
            case 'put_right': {
              const began = { startedAt: at(minute), endedAt: at(2 * minute), verdict: 'fine' } as const
              if (putsRight(parking, began) === 'free') parking = clear(parking, ride.goodwill?.givenBackMinor ?? 0)
              break
            }
            case 'look':
              parking = milder(parking, { verdict: 'outside_area', zoneName: null, feeMinor: one.fee }) ?? parking
              break
            // As decideRefund does it.
            case 'given_back': {
              const before = ride.goodwill?.givenBackMinor ?? 0
              if (one.amount > payment.capturedMinor - payment.refundAskedMinor) break
              ride = { ...ride, goodwill: { waived: [], givenBackMinor: before + one.amount } }
              tell({ kind: 'adjust', totalMinor: minor(payment.dueMinor - one.amount) })
              asked = payment.dueMinor
              expect(priceRide(tariff, { ...ride, parking }).total).toBe(asked)
              break
            }
            case 'free_exit':
              ride = { ...ride, freeExitReason: 'brakes' }
              break
            case 'earlier_end':
              ride = { ...ride, endedAt: epochMs(Math.max(t0, ride.endedAt - minute)) }
              break
            case 'sent':
              if (payment.status === 'capture_pending') tell({ kind: 'capture_sent' })
              break
            case 'captured':
              if (payment.captureMinor !== null && payment.status === 'capture_pending')
                tell({ kind: 'snapshot', snapshot: { kind: 'captured', capturedMinor: payment.captureMinor } })
          }
          reprice()
          expect(payment.refundAskedMinor).toBeLessThanOrEqual(payment.capturedMinor)
          expect(payment.capturedMinor).toBeLessThanOrEqual(first)
          expect(captures).toBeLessThanOrEqual(1)
          if (payment.capturedMinor > 0) expect(payment.capturedMinor - payment.refundAskedMinor).toBe(asked)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
