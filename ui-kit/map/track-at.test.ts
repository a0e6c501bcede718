import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TrackPoint, trackAt } from './track-at.ts'

const track: readonly TrackPoint[] = [
  { lon: 4, lat: 52, atMs: 1_000 },
  { lon: 5, lat: 52, atMs: 2_000 },
  { lon: 5, lat: 53, atMs: 4_000 },
]

describe('a replayed trip', () => {
  it('is between two reports where a straight way would have it', () => {
    expect(trackAt(track, 1_500)?.dot).toEqual({ lon: 4.5, lat: 52 })
    expect(trackAt(track, 3_000)).toEqual({
      dot: { lon: 5, lat: 52.5 },
      passed: [...track.slice(0, 2), { lon: 5, lat: 52.5 }],
    })
  })
  it('stands at its begin before it and at its end after it', () => {
    expect(trackAt(track, 0)?.dot).toMatchObject({ lon: 4, lat: 52 })
    expect(trackAt(track, 9_000)?.dot).toMatchObject({ lon: 5, lat: 53 })
    expect(trackAt([], 5)).toBeNull()
  })
  it('is never outside of the two reports around it, whatever the times', () => {
    const points = fc
      .array(fc.record({ lon: fc.double({ min: -1, max: 1, noNaN: true }), atMs: fc.nat(1_000) }), { minLength: 1 })
      .map((rows) => rows.map(({ lon, atMs }) => ({ lon, lat: lon, atMs })).sort((a, b) => a.atMs - b.atMs))
    fc.assert(
      fc.property(points, fc.integer({ min: -100, max: 1_100 }), (rows, atMs) => {
        const dot = trackAt(rows, atMs)?.dot.lon ?? Number.NaN
        const lons = rows.map(({ lon }) => lon)
        expect(dot).toBeGreaterThanOrEqual(Math.min(...lons) - 1e-9)
        expect(dot).toBeLessThanOrEqual(Math.max(...lons) + 1e-9)
      }),
    )
  })
})
