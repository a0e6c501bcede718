import { describe, expect, it } from 'vitest'
import { distanceM } from '../../contracts/units.ts'
import { circleAround, middleOf, outsideOf } from './zone-shapes.ts'

const zoneId = '019a8f3a-7a10-7c22-8d01-5b6c7d8e9f00'
const ring = [
  [4.7, 52.3],
  [4.72, 52.3],
  [4.72, 52.31],
  [4.7, 52.3],
] satisfies [number, number][]
const hole = [
  [4.71, 52.301],
  [4.712, 52.301],
  [4.712, 52.302],
  [4.71, 52.301],
] satisfies [number, number][]

describe('the shape of a zone', () => {
  it('that is a point with a radius is a closed circle of that many metres', () => {
    const circle = circleAround({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [4.72, 52.35] },
      properties: { zoneId, kind: 'hotspot', name: 'Station', radiusM: 35 },
    })
    const [corners = []] = circle.coordinates as [number, number][][]
    expect(corners[0]).toEqual(corners.at(-1))
    for (const [lon, lat] of corners) expect(distanceM({ lon, lat }, { lon: 4.72, lat: 52.35 })).toBeCloseTo(35, 1)
    const [lon, lat] = middleOf(circle)
    expect(distanceM({ lon, lat }, { lon: 4.72, lat: 52.35 })).toBeLessThan(0.1)
  })

  it('leaves the world around it outside, and what is cut out of it', () => {
    expect(outsideOf([{ type: 'Polygon', coordinates: [ring, hole] }]).coordinates).toEqual([
      [expect.any(Array), ring],
      [hole],
    ])
  })

  it('has its middle in its largest part', () => {
    expect(middleOf({ type: 'MultiPolygon', coordinates: [[hole], [ring]] })).toEqual([4.71, 52.305])
  })
})
