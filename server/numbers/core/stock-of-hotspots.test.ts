import fc from 'fast-check'
import { expect, it } from 'vitest'
import { insideOf } from '../../city/core/count-inside.ts'
import { stockOfHotspots } from './stock-of-hotspots.ts'

const degrees = (from: number) => fc.double({ min: from, max: from + 0.03, noNaN: true })
const place = fc.record({ lon: degrees(4.72), lat: degrees(52.35) })
const square = fc
  .tuple(place, fc.double({ min: 0.0002, max: 0.012, noNaN: true }))
  .map(([{ lon, lat }, size]) => [
    [
      [
        [lon, lat] as [number, number],
        [lon + size, lat] as [number, number],
        [lon + size, lat + size] as [number, number],
        [lon, lat + size] as [number, number],
        [lon, lat] as [number, number],
      ],
    ],
  ])

it('counts the bikes in each hotspot as if each were held against each', () => {
  fc.assert(
    fc.property(fc.array(square, { maxLength: 5 }), fc.array(place, { maxLength: 40 }), (shapes, bikes) => {
      const hotspots = shapes.map((polygons, i) => ({ hotspotId: String(i), polygons }))
      const stock = stockOfHotspots(hotspots, bikes)
      for (const { hotspotId, polygons } of hotspots) {
        expect(stock.get(hotspotId)).toBe(bikes.filter(insideOf(polygons)).length)
      }
    }),
  )
})
