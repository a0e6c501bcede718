import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostFeatures, readZones } from './read-zones.ts'

const centre = { lon: 4.726, lat: 52.3585 }
const ring = [
  [4.72, 52.35],
  [4.721, 52.35],
  [4.721, 52.351],
  [4.72, 52.35],
]
const feature = (properties: object, geometry: object = { type: 'Polygon', coordinates: [ring] }) => ({
  type: 'Feature',
  geometry,
  properties: { kind: 'hotspot', name: 'Markt', capacity: 20, ...properties },
})
const read = (...features: unknown[]) => readZones({ type: 'FeatureCollection', features }, centre)
const codes = (...features: unknown[]) => read(...features).problems.map(({ code }) => code)
const sentence = (one: unknown) => read(one).problems[0]?.sentence ?? ''

describe('a collection', () => {
  it('never breaks the reader, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (whole, coordinates, properties) => {
        readZones(whole, centre)
        for (const type of ['Point', 'Polygon', 'MultiPolygon']) {
          const { drafts, problems } = read(
            { type: 'Feature', geometry: { type, coordinates }, properties },
            feature({}, { type, coordinates }),
          )
          expect(drafts.length + problems.length).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('that is none, or too long, is one problem', () => {
    for (const none of [null, [], 'zones', { type: 'Feature' }]) {
      expect(readZones(none, null).problems).toMatchObject([{ code: 'not_geojson', feature: 0, name: null }])
    }
    expect(codes(...Array.from({ length: mostFeatures + 1 }, () => feature({})))).toEqual(['not_geojson'])
  })

  it('may say more than we know, also null where nothing is known', () => {
    const { drafts, problems } = read({ ...feature({ colour: 'red', minBikes: null, radiusM: null }), id: 7, bbox: [] })
    expect(problems).toEqual([])
    expect(drafts).toMatchObject([{ feature: 0, name: 'Markt', capacity: 20, minBikes: null, zoneId: null }])
  })

  it('names every wrong feature, not only the first', () => {
    const { drafts, problems } = read(feature({ capacity: -1 }), feature({}), feature({ name: '' }))
    expect(problems.map((problem) => problem.feature)).toEqual([0, 2])
    expect(drafts.map((draft) => draft.feature)).toEqual([1])
  })
})

describe('a position', () => {
  it('with longitude and latitude exchanged is named, with a hint', () => {
    const exchanged = ring.map(([lon, lat]) => [lat, lon])
    const { problems } = read(feature({}, { type: 'Polygon', coordinates: [exchanged] }))
    expect(problems).toMatchObject([{ code: 'not_geojson', name: 'Markt', ring: 0, vertex: 0 }])
    expect(problems[0]?.sentence).toMatch(/km from the city.*Longitude comes first/)
  })

  it('that is not on the map is refused; far away is a matter of the operator', () => {
    expect(sentence(feature({ radiusM: 30 }, { type: 'Point', coordinates: [52, 104] }))).toContain('exchanged')
    expect(sentence(feature({ radiusM: 30 }, { type: 'Point', coordinates: [200, 300] }))).toContain('not on the map')
    expect(codes(feature({ radiusM: 30 }, { type: 'Point', coordinates: [116.4, 39.9] }))).toEqual([])
  })

  it('may have an altitude, which is dropped, and is kept to a centimetre', () => {
    const [draft] = read(feature({ radiusM: 30 }, { type: 'Point', coordinates: [4.72345678912, 52.35, 3] })).drafts
    expect(draft?.centre).toEqual([4.7234568, 52.35])
  })
})

describe('a ring', () => {
  it('that is open is refused at its end', () => {
    const { problems } = read(feature({}, { type: 'Polygon', coordinates: [[...ring.slice(0, 3), [4.7, 52.3]]] }))
    expect(problems).toMatchObject([{ code: 'ring_open', ring: 0, vertex: 3, lon: 4.7, lat: 52.3 }])
  })

  it('is counted through all areas of a zone', () => {
    const coordinates = [[ring], [ring, [...ring.slice(0, 3), [4.7, 52.3]]]]
    expect(read(feature({}, { type: 'MultiPolygon', coordinates })).problems).toMatchObject([{ ring: 2 }])
  })
})

describe('what a zone says of itself', () => {
  it('is refused outside of its range, and where it contradicts itself', () => {
    const wrong: readonly [object, RegExp][] = [
      [{ kind: 'park' }, /kind is one of/],
      [{ name: 'x'.repeat(81) }, /1 to 80 characters/],
      [{ name: 'a\u0000b' }, /1 to 80 characters/],
      [{ zoneId: 'mine' }, /leave it out/],
      [{ capacity: 501 }, /whole number from 0 to 500/],
      [{ capacity: 1.5 }, /whole number/],
      [{ capacity: null }, /needs its capacity/],
      [{ minBikes: 8, maxBikes: 4 }, /minBikes 8 is more than maxBikes 4/],
      [{ minBikes: 21 }, /more than the capacity 20/],
      [{ maxBikes: 21 }, /maxBikes 21 is more than the capacity 20/],
      [{ radiusM: 40 }, /belongs to a Point/],
      [{ kind: 'no_ride' }, /for hotspots only/],
      [{ kind: 'slow', capacity: null }, /needs maxSpeedKmh/],
      [{ maxSpeedKmh: 12 }, /for slow zones only/],
    ]
    for (const [properties, words] of wrong) {
      expect(codes(feature(properties))).toEqual(['property'])
      expect(sentence(feature(properties))).toMatch(words)
    }
    const point = { type: 'Point', coordinates: [4.72, 52.35] }
    expect(sentence(feature({}, point))).toContain('needs radiusM')
    expect(sentence(feature({ radiusM: 4 }, point))).toContain('from 5 to 500')
    expect(sentence(feature({ radiusM: 9, kind: 'no_ride', capacity: null }, point))).toContain('Only a hotspot')
  })
})
