import { describe, expect, it } from 'vitest'
import { appealWindowMs } from '../../../contracts/appeal-limits.ts'
import type { FareLine } from '../../../contracts/http/trips.ts'
import { epochMs } from '../../../contracts/units.ts'
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
})
