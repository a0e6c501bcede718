import { booleanPointInPolygon, multiPolygon } from '@turf/turf'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { insideOf } from './count-inside.ts'
import type { Rings } from './zone-draft.ts'

const angle = fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 3, maxLength: 60 })
/** A star around a middle, closed. */
const star = (radii: readonly number[], lon: number, lat: number, size: number): Rings => {
  const ring = radii.map((radius, i) => {
    const turn = (2 * Math.PI * i) / radii.length
    return [lon + size * radius * Math.cos(turn), lat + size * radius * Math.sin(turn)] as const
  })
  return [[...ring, ring[0] as (typeof ring)[number]]]
}
const at = fc.record({
  lon: fc.double({ min: 4.5, max: 5.5, noNaN: true }),
  lat: fc.double({ min: 51.5, max: 52.5, noNaN: true }),
})

it('agrees with turf about any area and any bike', () => {
  fc.assert(
    fc.property(angle, angle, fc.array(at, { maxLength: 40 }), (outline, second, bikes) => {
      const polygons = [star(outline, 4.8, 52, 0.25), star(second, 5.2, 52, 0.14)]
      const isInside = insideOf(polygons)
      const shape = multiPolygon(polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lon, lat]))))
      for (const bike of bikes) expect(isInside(bike)).toBe(booleanPointInPolygon([bike.lon, bike.lat], shape))
    }),
  )
})

it('takes a hole for outside, and nothing for nowhere', () => {
  const ring = (half: number) =>
    [
      [-half, -half],
      [half, -half],
      [half, half],
      [-half, half],
      [-half, -half],
    ].map(([lon = 0, lat = 0]) => [4.7 + lon, 52 + lat] as const)
  const isInside = insideOf([[ring(0.1), ring(0.02)]])
  expect([isInside({ lon: 4.75, lat: 52.05 }), isInside({ lon: 4.7, lat: 52 })]).toEqual([true, false])
  expect(insideOf([])({ lon: 4.7, lat: 52 })).toBe(false)
})
