import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batterySlope, emptyAtMs } from './battery-slope.ts'

const hourMs = 3_600_000
const hours = (percents: readonly number[]) =>
  percents.map((percent, index) => ({ at: index * hourMs, percent, milliVolts: null }))

describe('the slope of a battery', () => {
  it('is what it loses in a day', () => {
    expect(batterySlope(hours(Array.from({ length: 49 }, (_, hour) => 90 - hour / 8)))).toBe(-3)
  })

  it('counts from the last charge', () => {
    const before = Array.from({ length: 20 }, (_, hour) => 60 - hour)
    const after = Array.from({ length: 25 }, (_, hour) => 100 - hour / 12)
    expect(batterySlope(hours([...before, ...after]))).toBe(-2)
  })

  it('is not known from a few hours, or from nothing', () => {
    expect(batterySlope(hours([90, 89, 88]))).toBeNull()
    expect(batterySlope([])).toBeNull()
  })

  it('of any line is that line’s', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 0, noNaN: true }), fc.integer({ min: 12, max: 168 }), (perDay, count) => {
        const found = batterySlope(hours(Array.from({ length: count }, (_, hour) => 95 + (perDay * hour) / 24)))
        expect(found).toBeCloseTo(perDay, 1)
      }),
    )
  })
})

describe('the end of a battery', () => {
  it('is where its line meets what a lock needs to open', () => {
    expect(emptyAtMs(25, -2, 5, 0)).toBe(10 * 24 * hourMs)
  })
  it.each([
    ['that fills', 50, 1],
    ['that is flat already', 5, -1],
    ['that nobody knows', null, -1],
    ['whose line is unknown', 50, null],
  ])('is not told of one %s', (_, percent, slope) => {
    expect(emptyAtMs(percent, slope, 5, 0)).toBeNull()
  })
})
