import { describe, expect, it } from 'vitest'
import { isTimeZone, localTimeIn } from './local-time.ts'

const amsterdam = localTimeIn('Europe/Amsterdam')
const at = (iso: string) => Date.parse(iso)

describe('local time', () => {
  it('knows the date and the minute on the wall, summer and winter', () => {
    expect(amsterdam.dateAt(at('2026-11-21T23:30:00Z'))).toBe('2026-11-22')
    expect(amsterdam.minuteAt(at('2026-11-21T23:30:00Z'))).toBe(30)
    expect(amsterdam.offsetMinutes(at('2026-07-01T00:00:00Z'))).toBe(120)
  })

  it('finds the moment of a wall clock, also on the next day', () => {
    expect(amsterdam.momentOf('2026-11-21', 22 * 60)).toBe(at('2026-11-21T21:00:00Z'))
    expect(amsterdam.momentOf('2026-11-21', 30 * 60)).toBe(at('2026-11-22T05:00:00Z'))
  })

  it('comes through the nights in which the clock is changed', () => {
    // 25 October 2026: 03:00 becomes 02:00. 28 March 2027: 02:00 becomes 03:00.
    expect(amsterdam.momentOf('2026-10-24', 30 * 60)).toBe(at('2026-10-25T05:00:00Z'))
    expect(amsterdam.momentOf('2026-10-25', 150)).toBe(at('2026-10-25T00:30:00Z'))
    expect(amsterdam.momentOf('2027-03-28', 150)).toBe(at('2027-03-28T01:30:00Z'))
    expect(amsterdam.minuteAt(amsterdam.momentOf('2027-03-28', 6 * 60))).toBe(6 * 60)
  })

  it('counts west of Greenwich and in half hours too', () => {
    expect(localTimeIn('America/New_York').momentOf('2026-11-21', 0)).toBe(at('2026-11-21T05:00:00Z'))
    expect(localTimeIn('Asia/Kolkata').offsetMinutes(0)).toBe(330)
  })

  it('tells a zone from a word', () => {
    expect(isTimeZone('Europe/Amsterdam')).toBe(true)
    expect(isTimeZone('Middle/Earth')).toBe(false)
  })
})
