import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, countDemand, demandCells, parentOf } from './count-demand.ts'
import { demandSettings } from './demand-settings.ts'
import { dateOfDay, dayOfDate, localHalfHour, minutesBySlot, weekdayOf } from './local-half-hour.ts'
import { demandOf } from './panel.ts'

const utc = (text: string) => Date.parse(text)
const singapore = () => 480
/** Amsterdam: summer time from 31 March 2024, 01:00 UTC. */
const amsterdam = (atMs: number) => (atMs >= utc('2024-03-31T01:00:00Z') ? 120 : 60)

describe('a local half hour', () => {
  it('is that of the clock on the street', () => {
    expect(localHalfHour(utc('2017-09-10T16:00:00Z'), singapore)).toEqual({ date: '2017-09-11', slot: 0 })
    expect(localHalfHour(utc('2017-09-11T15:59:59Z'), singapore)).toEqual({ date: '2017-09-11', slot: 47 })
    expect(localHalfHour(utc('2024-03-31T00:59:00Z'), amsterdam)).toEqual({ date: '2024-03-31', slot: 3 })
    expect(localHalfHour(utc('2024-03-31T01:00:00Z'), amsterdam)).toEqual({ date: '2024-03-31', slot: 6 })
  })

  it('has the date that the calendar has', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
        expect(dateOfDay(day)).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10))
        expect(dayOfDate(dateOfDay(day))).toBe(day)
        expect(weekdayOf(dateOfDay(day))).toBe((new Date(day * 86_400_000).getUTCDay() + 6) % 7)
      }),
    )
  })

  it('shares out a span of time without losing a minute', () => {
    const [from, to] = [utc('2024-03-30T22:50:00Z'), utc('2024-03-31T02:10:00Z')]
    const parts = minutesBySlot(from, to, amsterdam)
    expect(parts.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(200)
    expect(parts[0]).toEqual({ date: '2024-03-30', slot: 47, minutes: 10 })
    expect(parts.filter(({ date }) => date === '2024-03-31').map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 6, 7, 8])
  })
})

describe('the counts', () => {
  const here = { lon: 103.752781, lat: 1.337448 }
  const atMs = utc('2017-09-11T00:10:00Z')

  it('tell pickups, returns, searches in vain and empty minutes of a cell apart', () => {
    const cell = cellOf(here.lon, here.lat)
    const counts = countDemand(
      [
        { kind: 'pickup', ...here, atMs },
        { kind: 'pickup', ...here, atMs: atMs + 1 },
        { kind: 'return', ...here, atMs },
        { kind: 'unmet', ...here, atMs: atMs + 1_800_000 },
        { kind: 'empty', cell, fromMs: atMs, toMs: atMs + 1_800_000 },
      ],
      singapore,
    )
    expect(counts).toEqual([
      { cell, date: '2017-09-11', slot: 16, pickups: 2, returns: 1, unmet: 0, emptyMinutes: 20 },
      { cell, date: '2017-09-11', slot: 17, pickups: 0, returns: 0, unmet: 1, emptyMinutes: 10 },
    ])
  })

  it('leave out what happens where nothing is counted', () => {
    expect(countDemand([{ kind: 'pickup', ...here, atMs }], singapore, () => null)).toEqual([])
  })

  it('know the part of the city of each cell, and what it can hold', () => {
    const cell = cellOf(here.lon, here.lat)
    expect(demandCells([cell, cell], new Map([[cell, 12]]))).toEqual([
      { key: cell, parent: parentOf(cell), weight: 12 },
    ])
  })
})

describe('demand behind a count', () => {
  const settings = demandSettings()
  const seen = (pickups: number, emptyMinutes: number, unmet = 0) =>
    demandOf({ pickups, unmet, emptyMinutes }, settings)

  it('is what came, over the time in which it could come', () => {
    expect(seen(3, 0)).toEqual({ amount: 3, open: 1 })
    expect(seen(3, 15)).toEqual({ amount: 3, open: 0.5 })
  })

  it('is at most three times what came', () => {
    expect(seen(1, 29).open).toBeCloseTo(1 / 3)
    expect(seen(0, 30)).toEqual({ amount: 0, open: 1 / 3 })
  })

  it('counts a search in vain in part, and never on top of the empty time', () => {
    expect(seen(2, 0, 10)).toEqual({ amount: 5, open: 1 })
    expect(seen(2, 15, 10)).toEqual({ amount: 5, open: 1 })
    expect(seen(4, 15, 10)).toEqual({ amount: 4, open: 0.5 })
  })
})
