import { area, circle, length, polygon } from '@turf/turf'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { distanceM } from '../../../contracts/units.ts'
import { closed, type LonLat, turnedInto } from './drawing.ts'
import { circleCorners, middleOf, movedBy, ringAreaM2, ringLengthM, sizeOf } from './metres.ts'

const place = fc.tuple(fc.double({ min: 3, max: 6, noNaN: true }), fc.double({ min: 50, max: 54, noNaN: true }))
const plain = (corners: readonly LonLat[]) => closed(corners).map(([lon, lat]) => [lon, lat])

it('agrees with turf about the size of any ring', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 3, maxLength: 20 }), (corners) => {
      const shape = polygon([plain(corners)])
      const turfM2 = area(shape)
      // turf's formula looks at corners, this one at sides: the same but for the width of a street in a country
      expect(Math.abs(Math.abs(ringAreaM2(corners)) - turfM2)).toBeLessThan(1e-3 * turfM2 + 1e7)
      expect(ringLengthM(corners)).toBeCloseTo(1000 * length(shape), -2)
    }),
  )
})

it('tells a small area to the square metre, without its holes', () => {
  const at = [4.726, 52.3585] as const
  const outline = circleCorners(at, 100)
  const drawing = { kind: 'area', polygons: [[outline, circleCorners(at, 20)]] } as const
  const turf = (radius: number) => area(circle([...at], radius, { steps: 24, units: 'meters' }))
  expect(Math.abs(sizeOf(drawing).areaM2 - (turf(100) - turf(20)))).toBeLessThan(60)
})

it('moves by metres, in any latitude', () => {
  fc.assert(
    fc.property(place, fc.constantFrom(-10, -1, 1, 10), (at, metres) => {
      const near = (to: LonLat) => distanceM({ lon: at[0], lat: at[1] }, { lon: to[0], lat: to[1] })
      expect(near(movedBy(at, { east: metres, north: 0 }))).toBeCloseTo(Math.abs(metres), 2)
      expect(near(movedBy(at, { east: 0, north: metres }))).toBeCloseTo(Math.abs(metres), 2)
    }),
  )
})

it('turns a circle into corners and back into nearly the same circle', () => {
  const circleDrawing = { kind: 'circle', centre: [4.726, 52.3585], radiusM: 60 } as const
  const back = turnedInto(turnedInto(circleDrawing, 'area'), 'circle')
  expect(back).toMatchObject({ kind: 'circle', radiusM: 60 })
  const [lon = 0, lat = 0] = back.kind === 'circle' ? (back.centre ?? []) : []
  expect(distanceM({ lon, lat }, { lon: 4.726, lat: 52.3585 })).toBeLessThan(1)
  expect(middleOf([])).toBeNull()
})
