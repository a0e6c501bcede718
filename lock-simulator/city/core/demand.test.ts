import { describe, expect, it } from 'vitest'
import { expectedDepartures, purposeWeights, shareRiding } from './demand.ts'

const monday = 1
const saturday = 6

describe('the share of bikes that people ride', () => {
  it.each([
    [monday, 3, 0, 0.01],
    [monday, 8.5, 0.14, 0.18],
    [monday, 11, 0.09, 0.13],
    [monday, 17.5, 0.14, 0.18],
    [monday, 23, 0, 0.05],
    [saturday, 8.5, 0.06, 0.11],
    [saturday, 15, 0.12, 0.16],
  ])('on day %i at %f h is between %f and %f', (weekday, hour, least, most) => {
    const share = shareRiding({ weekday, hour })
    expect(share).toBeGreaterThanOrEqual(least)
    expect(share).toBeLessThanOrEqual(most)
  })

  it('has no step at midnight of a working day', () => {
    expect(shareRiding({ weekday: monday, hour: 23.999 })).toBeCloseTo(shareRiding({ weekday: monday, hour: 0 }), 3)
  })
})

describe('departures', () => {
  it('grow with the bikes and with the time', () => {
    const noon = { weekday: monday, hour: 12 }
    expect(expectedDepartures(noon, 600, 60, 5_000)).toBeCloseTo(2 * expectedDepartures(noon, 300, 30, 5_000))
    expect(expectedDepartures(noon, 300, 30, 0)).toBe(0)
  })

  it('make up for people who found no bike, within bounds', () => {
    const noon = { weekday: monday, hour: 12 }
    const [few, enough, many] = [0, 36, 300].map((riding) => expectedDepartures(noon, 300, riding, 60_000))
    expect(few).toBeGreaterThan(enough ?? 0)
    expect(many).toBeLessThan(enough ?? 0)
    expect(few).toBeLessThan(3 * (enough ?? 0))
    expect(many).toBeGreaterThan(0)
  })
})

describe('purposes', () => {
  it('are work in the morning, home in the evening and leisure at the weekend', () => {
    const top = (weekday: number, hour: number) =>
      Object.entries(purposeWeights({ weekday, hour })).sort(([, a], [, b]) => b - a)[0]?.[0]
    expect([top(monday, 8), top(monday, 12.5), top(monday, 17.5), top(saturday, 14)]).toEqual([
      'work',
      'leisure',
      'home',
      'leisure',
    ])
  })
})
