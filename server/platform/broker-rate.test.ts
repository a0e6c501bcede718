import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRate } from './broker-rate.ts'

describe('a rate', () => {
  it('never lets through more than its burst and its speed', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        (times, perSecond, burst) => {
          const rate = createRate(() => perSecond, burst, 0)
          let passed = 0
          for (const atMs of times.sort((a, b) => a - b)) {
            if (rate.take(atMs)) passed += 1
            expect(passed).toBeLessThanOrEqual(burst + (perSecond * atMs) / 1_000 + 1e-6)
          }
        },
      ),
    )
  })

  it('says how long to wait, and keeps its word', () => {
    const rate = createRate(() => 5, 2, 0)
    expect([rate.take(0), rate.take(0), rate.take(0)]).toEqual([true, true, false])
    expect(rate.waitMs(0)).toBe(200)
    expect(rate.take(199)).toBe(false)
    expect(rate.take(200)).toBe(true)
  })

  it('follows a speed that changes', () => {
    let perSecond = 1
    const rate = createRate(() => perSecond, 1, 0)
    rate.take(0)
    perSecond = 10
    expect(rate.waitMs(0)).toBe(100)
  })

  it('is not refilled beyond its burst after a grant was used', () => {
    const rate = createRate(() => 5, 2, 0)
    rate.grant(10, 0)
    for (let i = 0; i < 10; i++) expect(rate.take(0)).toBe(true)
    expect(rate.take(0)).toBe(false)
    const later = 3_600_000
    expect([rate.take(later), rate.take(later), rate.take(later)]).toEqual([true, true, false])
  })

  it('does not count time that runs backwards', () => {
    const rate = createRate(() => 5, 1, 1_000)
    expect(rate.take(1_000)).toBe(true)
    expect(rate.take(0)).toBe(false)
    expect(rate.take(1_200)).toBe(true)
  })
})
