import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zonesBox } from './zones-box.ts'

const boxOf = (query: string) => {
  const numbers = new URLSearchParams(query)
  const [west = 0, south = 0, east = 0, north = 0] = ['west', 'south', 'east', 'north'].map((key) =>
    Number(numbers.get(key)),
  )
  return { west, south, east, north }
}
const screen = (lon: number, lat: number, size: number) => ({
  ...{ west: lon - size, east: lon + size, south: lat - size, north: lat + size },
})

describe('the part of the city whose zones are asked for', () => {
  it('holds what is seen, and is never more than the server answers', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 4.6, max: 4.9, noNaN: true }),
        fc.double({ min: 52.2, max: 52.5, noNaN: true }),
        fc.double({ min: 0.001, max: 3, noNaN: true }),
        (lon, lat, size) => {
          const seen = screen(lon, lat, size)
          const { west, south, east, north } = boxOf(zonesBox(seen))
          expect(Math.max(east - west, north - south)).toBeLessThan(0.5 + 1e-9)
          expect(west).toBeLessThanOrEqual(lon)
          expect(north).toBeGreaterThanOrEqual(lat)
          if (size > 0.1) return
          expect(west).toBeLessThanOrEqual(seen.west)
          expect(south).toBeLessThanOrEqual(seen.south)
          expect(east).toBeGreaterThanOrEqual(seen.east)
          expect(north).toBeGreaterThanOrEqual(seen.north)
        },
      ),
    )
  })

  it('stays the same while the map moves a street on', () => {
    expect(zonesBox(screen(4.72, 52.36, 0.01))).toBe(zonesBox(screen(4.722, 52.361, 0.01)))
  })
})
