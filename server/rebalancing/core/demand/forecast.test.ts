import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../contracts/random.ts'
import type { DayType, DemandCell, DemandHistory, HalfHourCount, Weather } from './demand-history.ts'
import { demandSettings } from './demand-settings.ts'
import { forecastDay, learnDemand, likelyRate } from './forecast.ts'
import { dateOfDay, dayOfDate, slotsPerDay, weekdayOf } from './local-half-hour.ts'
import { usualShape } from './usual-shape.ts'

const cell = (key: string, weight = 1, parent = 'east'): DemandCell => ({ key, parent, weight })
const dates = (count: number) => Array.from({ length: count }, (_, day) => dateOfDay(dayOfDate('2024-03-04') + day))
const typeOf = (date: string): DayType => (weekdayOf(date) >= 5 ? 'off' : 'working')
const sum = (values: ArrayLike<number>, from = 0, to = values.length) => {
  let total = 0
  for (let i = from; i < to; i++) total += values[i] as number
  return total
}
const count = (key: string, date: string, slot: number, pickups: number, emptyMinutes = 0): HalfHourCount => ({
  ...{ cell: key, date, slot, pickups, returns: pickups, unmet: 0, emptyMinutes },
})
/** Homes that empty in the morning, offices that empty in the evening, a park at noon of days off. */
const peaks: Record<string, Record<DayType, number>> = {
  home: { working: 16, off: 22 },
  office: { working: 35, off: 24 },
  park: { working: 26, off: 26 },
}

/** Poisson days of a town of three kinds of places; `busy` scales each day. */
function town(
  days: number,
  perDay: number,
  busy: (day: number) => number = () => 1,
  types: (date: string) => DayType = typeOf,
) {
  const random = seededRandom(3, 'town')
  const cells = Object.keys(peaks).flatMap((kind) =>
    Array.from({ length: 8 }, (_, i) => cell(`${kind}${i}`, 1, `part${i % 2}`)),
  )
  const counts: HalfHourCount[] = []
  for (const [day, date] of dates(days).entries()) {
    for (const { key } of cells) {
      const peak = (peaks[key.slice(0, -1)] as Record<DayType, number>)[types(date)]
      for (let slot = 10; slot < slotsPerDay; slot++) {
        const pickups = poissonDraw(perDay * busy(day) * 0.25 * Math.exp(-((slot - peak) ** 2) / 8), () =>
          random.next(),
        )
        if (pickups > 0) counts.push(count(key, date, slot, pickups))
      }
    }
  }
  return { cells, counts, days: dates(days).map((date) => ({ date, dayType: typeOf(date) })) }
}

function poissonDraw(mean: number, next: () => number): number {
  let n = 0
  for (let at = next(); at > Math.exp(-mean); at *= next()) n++
  return n
}

describe('the forecast', () => {
  it('works before the first trip: by weight, along the usual day, and says that it is a guess', () => {
    const model = learnDemand({ cells: [cell('big', 30), cell('small', 10)], days: [], counts: [] })
    const forecast = forecastDay(model, { dayType: 'working' })
    expect(sum(forecast.pickups, 0, slotsPerDay)).toBeCloseTo(30, 6)
    expect(sum(forecast.pickups, slotsPerDay)).toBeCloseTo(10, 6)
    expect(forecast.pickups[17]).toBeCloseTo(30 * (usualShape('working')[17] as number), 6)
    expect(forecast).toMatchObject({ evidenceDays: 0, sureness: 0, surenessCode: 'no_history' })
    const [low, high] = likelyRate(forecast, 0)
    expect(low).toBeLessThan(15)
    expect(high).toBeGreaterThan(45)
  })

  it('knows after three weeks who leaves home in the morning and the office in the evening', () => {
    const model = learnDemand(town(21, 10))
    const forecast = forecastDay(model, { dayType: 'working' })
    const at = (key: string, from: number, to: number) => {
      const start = forecast.cells.indexOf(key) * slotsPerDay
      return sum(forecast.pickups, start + from, start + to)
    }
    expect(at('home0', 12, 20)).toBeGreaterThan(10 * at('home0', 30, 40))
    expect(at('office0', 31, 40)).toBeGreaterThan(10 * at('office0', 12, 20))
    expect(forecast.surenessCode).toBe('settled')
    const truth = 24 * 10 * 0.25 * Math.sqrt(8 * Math.PI)
    expect(Math.abs(sum(forecast.pickups) / truth - 1)).toBeLessThan(0.1)
    expect(Math.abs(sum(forecast.returns) / truth - 1)).toBeLessThan(0.1)
  })

  it('grows surer, and its spans narrower, with every day', () => {
    const after = (days: number) => forecastDay(learnDemand(town(days, 4)), { dayType: 'working' })
    const forecasts = [1, 3, 8, 21].map(after)
    for (const [i, forecast] of forecasts.slice(1).entries()) {
      expect(forecast.sureness).toBeGreaterThan((forecasts[i] as typeof forecast).sureness)
    }
    const width = (i: number) => {
      const [low, high] = likelyRate(forecasts[i] as (typeof forecasts)[0], 0)
      return (high - low) / (high + low)
    }
    expect(width(3)).toBeLessThan(width(0))
    expect(forecasts.map(({ surenessCode }) => surenessCode)).toEqual([
      'first_days',
      'first_days',
      'learning',
      'settled',
    ])
  })

  it('sees through a rainy yesterday, and follows a city that grows', () => {
    const ordinary = sum(forecastDay(learnDemand(town(18, 10)), { dayType: 'working' }).pickups)
    const rain = sum(
      forecastDay(learnDemand(town(18, 10, (day) => (day === 17 ? 0.3 : 1))), { dayType: 'working' }).pickups,
    )
    expect(rain / ordinary).toBeGreaterThan(0.85)
    const grown = sum(
      forecastDay(learnDemand(town(18, 10, (day) => (day < 9 ? 1 : 2))), { dayType: 'working' }).pickups,
    )
    expect(grown / ordinary).toBeGreaterThan(1.6)
  })

  it('learns what rain does when it is told of the weather', () => {
    const wet = (day: number) => day % 4 === 1
    const plain = town(24, 10, (day) => (wet(day) ? 0.5 : 1))
    const weather = (isWet: boolean): Weather => ({ temperatureC: 12, rainMm: isWet ? 10 : 0 })
    const history: DemandHistory = {
      ...plain,
      days: plain.days.map((day, i) => ({ ...day, weather: weather(wet(i)) })),
    }
    const model = learnDemand(history)
    const total = (isWet: boolean) => sum(forecastDay(model, { dayType: 'working', weather: weather(isWet) }).pickups)
    expect(total(true) / total(false)).toBeGreaterThan(0.4)
    expect(total(true) / total(false)).toBeLessThan(0.65)
  })

  it('finds the public holiday that the calendar did not know, and no other', () => {
    const history = town(21, 10, undefined, (date) => (date === '2024-03-13' ? 'off' : typeOf(date)))
    const settled = learnDemand(history).dayTypes
    expect(settled.filter((type, i) => type !== history.days[i]?.dayType)).toEqual(['off'])
    expect(settled[9]).toBe('off')
  })

  it('makes good for the time in which a place was empty', () => {
    const cells = [cell('a'), cell('b')]
    const counts = dates(14).flatMap((date) => [count('a', date, 20, 4), count('b', date, 20, 2, 15)])
    const days = dates(14).map((date) => ({ date, dayType: typeOf(date) }))
    const { pickups } = forecastDay(learnDemand({ cells, days, counts }), { dayType: 'working' })
    expect((pickups[slotsPerDay + 20] as number) / (pickups[20] as number)).toBeGreaterThan(0.85)
  })

  it('expects of a cell without a trip what its part of the city suggests', () => {
    const history = town(7, 6)
    const cells = [...history.cells, cell('new', 1, 'part0'), cell('far', 1, 'nowhere')]
    const { pickups } = forecastDay(learnDemand({ ...history, cells }), { dayType: 'working' })
    const rate = (key: string) => {
      const start = cells.findIndex((one) => one.key === key) * slotsPerDay
      return sum(pickups, start, start + slotsPerDay)
    }
    expect(rate('new')).toBeGreaterThan(0)
    expect(rate('new')).toBeLessThan(rate('home0') / 5)
  })

  it('gives finite rates of at least 0, the same again for the same history, whatever was counted', () => {
    const anyCount = fc.record({
      cell: fc.constantFrom('a', 'b', 'c', 'unknown'),
      date: fc.constantFrom(...dates(5), '1999-01-01'),
      slot: fc.integer({ min: 0, max: 47 }),
      pickups: fc.nat(40),
      returns: fc.nat(40),
      unmet: fc.nat(9),
      emptyMinutes: fc.double({ min: 0, max: 30, noNaN: true }),
    })
    const days = dates(5).map((date) => ({ date, dayType: typeOf(date) }))
    fc.assert(
      fc.property(fc.array(anyCount, { maxLength: 40 }), fc.constantFrom('working', 'off'), (counts, dayType) => {
        const history = { cells: [cell('a'), cell('b', 20), cell('c', 3, 'west')], days, counts }
        const settings = demandSettings({ profileRounds: 5 })
        const forecast = forecastDay(learnDemand(history, settings), { dayType })
        for (const list of [forecast.pickups, forecast.returns]) {
          expect(list.every((rate) => Number.isFinite(rate) && rate >= 0)).toBe(true)
        }
        expect(forecast.dispersion.every((k) => k > 0 && Number.isFinite(k))).toBe(true)
        expect(forecastDay(learnDemand(history, settings), { dayType })).toEqual(forecast)
      }),
      { numRuns: 60 },
    )
  })
})
