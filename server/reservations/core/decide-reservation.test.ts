import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../contracts/units.ts'
import { decideReservation, type ReservationQuestion, type VainReservation } from './decide-reservation.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const now = epochMs(1_790_000_000_000)
const fine: ReservationQuestion = {
  riderBlocked: false,
  riderInDebt: false,
  riderHasTrip: false,
  riderHasReservation: false,
  bikeInUse: false,
  bikeReserved: false,
  bikeRefusal: null,
  bikeId: 'a',
  vain: [],
}
const asked = (over: Partial<ReservationQuestion>) => decideReservation({ ...fine, ...over }, now)
const vain = (agoMs: number, bikeId = 'b', isUnused = true): VainReservation => ({
  bikeId,
  createdAt: epochMs(now - agoMs - 10 * minuteMs),
  endedAt: epochMs(now - agoMs),
  isUnused,
})

describe('who may keep a bike', () => {
  it('is anybody in good standing, for a free bike', () => expect(asked({})).toBeNull())

  it.each([
    [{ riderBlocked: true, riderInDebt: true }, 'rider_blocked'],
    [{ riderInDebt: true, riderHasTrip: true }, 'rider_in_debt'],
    [{ riderHasTrip: true }, 'rider_has_trip'],
    [{ riderHasReservation: true, bikeReserved: true }, 'reservation_open'],
    [{ bikeInUse: true }, 'bike_in_use'],
    [{ bikeReserved: true }, 'bike_reserved'],
    [{ bikeRefusal: 'bike_silent' }, 'bike_silent'],
  ] as const)('%j → %s', (over, code) => expect(asked(over)).toEqual({ code, until: null }))
})

describe('who let one go by', () => {
  it('gets another bike at once, the same one after ten minutes', () => {
    expect(asked({ vain: [vain(minuteMs, 'b')] })).toBeNull()
    expect(asked({ vain: [vain(minuteMs, 'a')] })).toEqual({ code: 'reservation_wait', until: now + 9 * minuteMs })
    expect(asked({ vain: [vain(10 * minuteMs, 'a')] })).toBeNull()
  })

  it('twice within a day waits 12 hours after the last, and is told until when', () => {
    const twice = [vain(2 * hourMs), vain(20 * hourMs)]
    expect(asked({ vain: twice })).toEqual({ code: 'reservation_too_many', until: now + 10 * hourMs })
    expect(asked({ vain: [vain(12 * hourMs), vain(20 * hourMs)] })).toBeNull()
    expect(asked({ vain: [vain(2 * hourMs), vain(25 * hourMs)] })).toBeNull()
  })

  it('may change their mind at once, but not for ever', () => {
    const flickered = [1, 2, 3, 4].map((n) => vain(n * minuteMs, 'a', false))
    expect(asked({ vain: flickered })).toBeNull()
    expect(asked({ vain: [...flickered, vain(5 * minuteMs, 'a', false)] })).toEqual({
      code: 'reservation_too_many',
      until: now + 45 * minuteMs,
    })
  })

  it('never waits for something that is over already', () => {
    const any = fc.record({
      agoMs: fc.integer({ min: 0, max: 48 * hourMs }),
      bikeId: fc.constantFrom('a', 'b'),
      isUnused: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (list) => {
        const no = asked({ vain: list.map((one) => vain(one.agoMs, one.bikeId, one.isUnused)) })
        if (no?.until != null) expect(no.until).toBeGreaterThan(now)
      }),
    )
  })
})
