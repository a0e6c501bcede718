import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSpreads, percentileOf, type Spread, stepOf } from './spread.ts'

const durations = fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 60 })
const spreadOf = (all: readonly number[]): Spread =>
  all.reduce((spread: Spread, ms) => addSpreads(spread, [[stepOf(ms), 1]]), [])

describe('how durations are spread', () => {
  it('tells percentiles to within one in a hundred, whatever the durations', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 1), (all, share) => {
        const sorted = all.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? 0
        const told = percentileOf(spreadOf(all), share) ?? 0
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.max(0.5, exact * 0.0101))
      }),
    )
  })

  it('is the same whether days are added one by one or all at once', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        expect(addSpreads(spreadOf(a), spreadOf(b))).toEqual(spreadOf([...a, ...b]))
        expect(addSpreads(spreadOf(a), spreadOf(b))).toEqual(addSpreads(spreadOf(b), spreadOf(a)))
      }),
    )
  })

  it('has no percentile of nothing, and an end for what lasts for ever', () => {
    expect(percentileOf([], 0.5)).toBeNull()
    expect(stepOf(Number.POSITIVE_INFINITY)).toBe(stepOf(604_800_000))
    expect(stepOf(-5)).toBe(0)
  })
})
