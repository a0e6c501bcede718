import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appealWindowMs } from '../../../contracts/appeal-limits.ts'
import type { FareLine } from '../../../contracts/http/trips.ts'
import { epochMs } from '../../../contracts/units.ts'
import { asBilled, type Goodwill, goodwillWith, noGoodwill, priceRide, type Tariff } from '../../trips/core/fare.ts'
import { clear, isClearable, type KeptParking } from '../../trips/core/parking.ts'
import { disputedPart } from './disputed-part.ts'
import { type AppealableTrip, appealsPerTrip, mayAppealUntil } from './may-appeal.ts'

const ended = epochMs(1_795_166_403_480)
const paid: AppealableTrip = {
  ...{ state: 'charged', createdAt: epochMs(ended - 900_000), endedAt: ended, total: 180, payment: 'captured' },
  appeals: { count: 0, isOpen: false },
}
const until = epochMs(ended + appealWindowMs)
const past = (ms: number) => epochMs(ended + ms)

describe('a ride', () => {
  it('that took money can be appealed for fourteen days', () => {
    expect(mayAppealUntil(paid, past(1_000))).toBe(until)
    expect(mayAppealUntil(paid, epochMs(until - 1))).toBe(until)
    expect(mayAppealUntil(paid, until)).toBeNull()
  })

  it('that is owed for can be appealed as well; one that cost nothing or was all given back cannot', () => {
    expect(mayAppealUntil({ ...paid, state: 'ended', payment: 'debt' }, past(1))).toBe(until)
    expect(mayAppealUntil({ ...paid, payment: 'refunded', total: 0 }, past(1))).toBeNull()
    expect(mayAppealUntil({ ...paid, payment: 'released', total: 0 }, past(1))).toBeNull()
    expect(mayAppealUntil({ ...paid, state: 'ended', payment: 'capture_pending' }, past(1))).toBeNull()
  })

  it('is appealed one time after the other, and a few times only', () => {
    expect(mayAppealUntil({ ...paid, appeals: { count: 1, isOpen: true } }, past(1))).toBeNull()
    expect(mayAppealUntil({ ...paid, appeals: { count: 1, isOpen: false } }, past(1))).toBe(until)
    expect(mayAppealUntil({ ...paid, appeals: { count: appealsPerTrip, isOpen: false } }, past(1))).toBeNull()
  })

  it('that goes on is not appealed, and one that never began only when its money is held too long', () => {
    expect(mayAppealUntil({ ...paid, state: 'riding', endedAt: null }, past(1))).toBeNull()
    const failed: AppealableTrip = {
      ...paid,
      state: 'failed',
      createdAt: ended,
      endedAt: null,
      total: 0,
      payment: 'held',
    }
    expect(mayAppealUntil(failed, past(3_600_000))).toBeNull()
    expect(mayAppealUntil(failed, past(3_600_001))).toBe(until)
    expect(mayAppealUntil({ ...failed, payment: 'released' }, past(3_600_001))).toBeNull()
  })
})

describe('what an appeal asks for', () => {
  const line = (key: FareLine['key'], amount: number): FareLine => ({ key, amount, unitAmount: amount, quantity: 1 })
  const bill = [line('unlock', 150), line('ride_minutes', 30), line('wrong_place', 1_000)]

  it('is the fee where it is about the place, else all of it', () => {
    expect(disputedPart('wrong_place', bill, 1_180)).toBe(1_000)
    for (const about of ['price', 'lock', 'not_my_ride', 'other'] as const)
      expect(disputedPart(about, bill, 1_180)).toBe(1_180)
  })

  it('is nothing of a fee that was put right or dropped, and never more than is due', () => {
    expect(disputedPart('wrong_place', [...bill, line('put_right', -1_000)], 180)).toBe(0)
    expect(disputedPart('wrong_place', [...bill, line('waived_wrong_place', -1_000)], 180)).toBe(0)
    expect(disputedPart('wrong_place', bill, 400)).toBe(400)
    expect(disputedPart('wrong_place', [], 400)).toBe(0)
  })

  it('is what is left of a fee of which something went back before', () => {
    expect(disputedPart('wrong_place', [...bill, line('given_back', -400)], 780)).toBe(600)
    expect(disputedPart('wrong_place', [...bill, line('given_back', -1_100)], 80)).toBe(0)
  })
})

describe('the fee for a wrong place, appealed as often as one likes', () => {
  const tariff: Tariff = {
    ...{ tariffId: 't', currency: 'CNY', unlockMinor: 150, perMinuteMinor: 30, pausePerMinuteMinor: 10, vatPercent: 9 },
    ...{ dayCapMinor: 4_800, freeExitMs: 180_000, holdMinor: 9_900, putRightMs: 1_800_000 },
    ...{ wrongPlaceMinor: 500, noParkingMinor: 800, hotspotRewardMinor: 100 },
  }
  const left: KeptParking = {
    ...{ verdict: 'outside_area', zoneName: null, feeMinor: 500, rewardMinor: 0, place: null, putRight: false },
    ...{ clearableUntil: ended, cleared: false, clearedMinor: 0 },
  }
  const news = fc.oneof(
    fc.record({ kind: fc.constant('appeal' as const), part: fc.integer({ min: 1, max: 600 }) }),
    fc.record({ kind: fc.constant('put_right' as const) }),
  )

  it('goes back once at most, and the price stays what is due', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.array(news, { maxLength: 6 }), (givenBefore, all) => {
        let parking = left
        let goodwill: Goodwill = { ...noGoodwill, givenBackMinor: givenBefore }
        const price = () =>
          priceRide(tariff, {
            ...{ startedAt: past(-20 * 60_000), endedAt: ended, pausedMs: 0, freeExitReason: null },
            ...{ lockFault: false, goodwill, parking },
          })
        let due: number = price().total
        let back = 0
        for (const one of all) {
          const { lines } = price()
          if (one.kind === 'put_right') {
            if (!isClearable(asBilled(parking, lines)) || parking.cleared) continue
            parking = clear(parking, goodwill.givenBackMinor)
            back += due - price().total
            due = price().total
          } else {
            const asks = disputedPart('wrong_place', lines, due)
            const amount = Math.min(one.part, asks)
            if (amount === 0) continue
            goodwill = goodwillWith(goodwill, { amountMinor: amount, waived: amount === asks ? placeLines : [] }, lines)
            due -= amount
            back += amount
          }
          expect(price().total).toBe(due)
        }
        expect(back).toBeLessThanOrEqual(Math.max(0, 500 - givenBefore))
      }),
    )
  })
})
const placeLines = ['wrong_place', 'no_parking'] as const
