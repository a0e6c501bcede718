import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkShape, checkTogether } from './check-zones.ts'
import { facingOut, readZones } from './read-zones.ts'
import { firstCrossing } from './ring-crossing.ts'
import type { LonLat, ZoneDraft } from './zone-draft.ts'

const centre = { lon: 4.726, lat: 52.3585 }
const metresPerDegreeLat = 111_200
const metresPerDegreeLon = 67_900

/** Metres east and north of the centre. */
const at = (east: number, north: number): [number, number] => [
  centre.lon + east / metresPerDegreeLon,
  centre.lat + north / metresPerDegreeLat,
]
const closed = (corners: readonly [number, number][]) =>
  [...corners, corners[0] as [number, number]].map((c) => at(...c))
const square = (east: number, north: number, side: number) =>
  closed([
    [east, north],
    [east + side, north],
    [east + side, north + side],
    [east, north + side],
  ])
const zone = (properties: object, geometry: object) => ({
  type: 'Feature',
  geometry,
  properties: { kind: 'hotspot', name: 'Markt', capacity: 20, ...properties },
})
const area = (properties: object, ...coordinates: unknown[]) => zone(properties, { type: 'Polygon', coordinates })
const point = (properties: object, coordinates: unknown) =>
  zone({ radiusM: 30, ...properties }, { type: 'Point', coordinates })
const read = (...features: unknown[]) => readZones({ type: 'FeatureCollection', features }, centre)

function drafts(...features: unknown[]): readonly ZoneDraft[] {
  const found = read(...features)
  expect(found.problems).toEqual([])
  return found.drafts
}

/** Corners around the centre at growing angles: no two sides can cross. */
const starShaped = fc
  .array(
    fc.record({ turn: fc.double({ min: 0.3, max: 1, noNaN: true }), radius: fc.integer({ min: 20, max: 3_000 }) }),
    {
      minLength: 3,
      maxLength: 60,
    },
  )
  .filter((spokes) => {
    const whole = spokes.reduce((sum, { turn }) => sum + turn, 0)
    return spokes.every(({ turn }) => turn / whole < 0.49)
  })
  .map((spokes) => {
    const whole = spokes.reduce((sum, { turn }) => sum + turn, 0)
    let angle = 0
    return spokes.map(({ turn, radius }): [number, number] => {
      angle += (turn / whole) * 2 * Math.PI
      return [Math.cos(angle) * radius, Math.sin(angle) * radius]
    })
  })

describe('a drawn area', () => {
  it('whose sides do not cross is sound, whichever way around it was drawn', () => {
    fc.assert(
      fc.property(starShaped, fc.boolean(), (corners, clockwise) => {
        const ring = closed(clockwise ? corners.toReversed() : corners)
        expect(drafts(area({ kind: 'no_parking', capacity: null }, ring)).flatMap(checkShape)).toEqual([])
      }),
    )
  })

  it('that is drawn as an eight is refused at the side that crosses first, and where', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 2_000 }),
        fc.integer({ min: 10, max: 2_000 }),
        fc.integer({ min: 0, max: 3 }),
        (width, height, start) => {
          const corners: [number, number][] = [
            [0, 0],
            [width, height],
            [width, 0],
            [0, height],
          ]
          const turned = [...corners.slice(start), ...corners.slice(0, start)]
          const [problem, ...more] = drafts(area({}, closed(turned))).flatMap(checkShape)
          expect(more).toEqual([])
          // Sides 0 → 1 and 2 → 3 of the unturned eight cross in the middle.
          expect(problem).toMatchObject({
            code: 'crosses_itself',
            feature: 0,
            name: 'Markt',
            ring: 0,
            vertex: start % 2,
          })
          const [lon, lat] = at(width / 2, height / 2)
          expect(problem?.lon).toBeCloseTo(lon, 6)
          expect(problem?.lat).toBeCloseTo(lat, 6)
        },
      ),
    )
  })

  it('that touches itself at a corner is refused there', () => {
    const ring = closed([
      [0, 0],
      [100, 0],
      [100, 100],
      [50, 0],
      [0, 100],
    ])
    expect(firstCrossing(ring as LonLat[])).toMatchObject({ first: 0, second: 2 })
  })

  it('may give a position twice in a row', () => {
    const [first, second, ...rest] = square(0, 0, 100)
    expect(drafts(area({}, [first, second, second, ...rest])).flatMap(checkShape)).toEqual([])
  })

  it('with a hole outside of it is refused at the hole', () => {
    const hole = square(150, 10, 20)
    const [problem] = drafts(area({}, square(0, 0, 100), square(10, 10, 20), hole)).flatMap(checkShape)
    expect(problem).toMatchObject({ code: 'hole_outside', ring: 2, vertex: 0 })
  })

  it('is neither smaller than a parking bay nor, as a hotspot, larger than a square kilometre', () => {
    const code = (side: number, kind = 'hotspot') =>
      drafts(area(kind === 'hotspot' ? {} : { kind, capacity: null }, square(0, 0, side)))
        .flatMap(checkShape)
        .map((problem) => problem.code)
    expect(code(4)).toEqual(['too_small'])
    expect(code(5)).toEqual([])
    expect(code(990)).toEqual([])
    expect(code(1_020)).toEqual(['too_large'])
    expect(code(1_020, 'no_parking')).toEqual([])
  })

  it('is kept with its outer ring counter-clockwise', () => {
    const ring = square(0, 0, 10) as LonLat[]
    expect(facingOut([ring.toReversed()])).toEqual([ring])
    expect(facingOut([ring, ring])).toEqual([ring, ring.toReversed()])
  })
})

describe('a point', () => {
  it('is a circle of 64 corners and about πr² around it', () => {
    const [draft] = drafts(point({}, at(0, 0)))
    expect(draft?.polygons[0]?.[0]).toHaveLength(65)
    expect(draft).toMatchObject({ radiusM: 30 })
    expect(drafts(point({}, at(0, 0))).flatMap(checkShape)).toEqual([])
  })
})

describe('zones beside one another', () => {
  it('may touch but not overlap where they are hotspots', () => {
    const near = (east: number) =>
      checkTogether(drafts(area({}, square(0, 0, 100)), area({ name: 'Kade' }, square(east, 0, 100))), [])
    expect(near(100)).toEqual([])
    expect(near(90)).toMatchObject([{ code: 'overlaps', feature: 1, name: 'Kade' }])
    expect(near(90)[0]?.sentence).toContain('“Markt” by 100')
  })

  it('are judged against those that stay, and those are not judged again', () => {
    const [staying] = drafts(area({ name: 'Stays' }, square(0, 0, 100)))
    const others = staying ? [staying, staying] : []
    expect(checkTogether(drafts(area({}, square(50, 50, 100))), others)).toHaveLength(2)
    expect(checkTogether([], others)).toEqual([])
  })

  it('lie inside of the service area where there is one', () => {
    const service = area({ kind: 'service_area', name: 'City', capacity: null }, square(-500, -500, 1_000))
    const codes = (...features: unknown[]) => checkTogether(drafts(...features), []).map(({ code }) => code)
    expect(codes(service, point({}, at(0, 0)))).toEqual([])
    expect(codes(service, point({}, at(480, 0)))).toEqual(['outside_service_area'])
    expect(codes(point({}, at(480, 0)))).toEqual([])
  })

  it('that stay must lie inside of a new service area too', () => {
    const staying = drafts(point({}, at(480, 0)))
    const service = area({ kind: 'service_area', name: 'City', capacity: null }, square(-100, -100, 200))
    expect(checkTogether(drafts(service), staying)).toMatchObject([{ code: 'outside_service_area', name: 'City' }])
  })
})
