import { describe, expect, it } from 'vitest'
import { metresOutside } from './outside-zones.ts'

const metre = 1 / 111_195
/** Squares around 0° N 0° E, in metres from there. */
const square = (from: number, to: number) =>
  [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
    [from, from],
  ].map(([east = 0, north = 0]): readonly [number, number] => [east * metre, north * metre])
const area = (...rings: ReturnType<typeof square>[]) => ({ polygons: [rings] })
const at = (east: number, north = 0) => ({ lon: east * metre, lat: north * metre })
const round = (east: number, north: number, rules: Parameters<typeof metresOutside>[1]) =>
  Math.round(metresOutside(at(east, north), rules))

describe('how far a bike stands beyond a line', () => {
  const service = [area(square(-500, 500), square(-50, 50))]
  it.each([
    ['inside', 200, 0, 0],
    ['100 m east of it', 600, 0, 100],
    ['beyond a corner', 530, 540, 50],
    ['in a hole, 30 m from its edge', 20, 0, 30],
  ])('of the service area: %s', (_name, east, north, metres) => {
    expect(round(east, north, { service, noParking: [] })).toBe(metres)
  })

  it('of where it may not be parked, and of the nearer of two areas', () => {
    const noParking = [area(square(100, 200))]
    expect(round(150, 190, { service, noParking })).toBe(10)
    expect(round(90, 150, { service, noParking })).toBe(0)
    expect(round(620, 0, { service: [...service, area(square(650, 900))], noParking: [] })).toBe(120)
  })

  it('is nothing where no area is drawn', () => {
    expect(round(10_000, 0, { service: [], noParking: [] })).toBe(0)
  })
})
