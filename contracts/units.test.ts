import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceM } from './units.ts'

const places = fc.record({
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
  lat: fc.double({ min: -85, max: 85, noNaN: true }),
})

describe('the distance between two places', () => {
  it('is 111.2 km along a degree of a meridian', () => {
    expect(distanceM({ lon: 5, lat: 52 }, { lon: 5, lat: 53 })).toBeCloseTo(111_195, -1)
  })

  it('is the same both ways, zero to itself, and never more than half-way round', () => {
    fc.assert(
      fc.property(places, places, (a, b) => {
        expect(distanceM(a, a)).toBe(0)
        expect(distanceM(a, b)).toBeCloseTo(distanceM(b, a), 3)
        expect(distanceM(a, b)).toBeLessThanOrEqual(20_015_115)
      }),
    )
  })

  it('is finite for opposite places', () => {
    expect(distanceM({ lon: 0, lat: 0 }, { lon: 180, lat: 0 })).toBeGreaterThan(20_015_000)
  })
})
