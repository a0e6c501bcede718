import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ZoneCollection, ZoneImportResult, ZoneVersions } from '../../contracts/http/zones.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import { epochMs } from '../../contracts/units.ts'
import { readPlaces } from '../../demo-city/read-city.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { importFirstZones } from '../../server/city/first-zones.ts'
import { hotspotsAt, placeBikes, zonesAt } from '../../server/city/zones-at.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let token: string

beforeAll(async () => {
  platform = await openTestPlatform()
  const session = await platform.rooms.staff.useLink(await platform.rooms.staff.newLink(), 'desk')
  token = 'token' in session ? session.token : ''
})
beforeEach(() => platform.db.query('DELETE FROM zone_version'))
afterAll(() => platform.close())

async function ask<Body>(method: string, path: string, body?: object) {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body }
}

const lonLat = (east: number, north: number) => [4.726 + east / 67_900, 52.3585 + north / 111_200]
const ringOf = (...corners: readonly (readonly [number, number])[]) =>
  [...corners, corners[0] ?? ([0, 0] as const)].map(([east, north]) => lonLat(east, north))
const square = (east: number, north: number, side: number) =>
  ringOf([east, north], [east + side, north], [east + side, north + side], [east, north + side])
const feature = (properties: object, geometry: object) => ({ type: 'Feature', geometry, properties })
const area = (kind: string, name: string, ...coordinates: unknown[]) =>
  feature({ kind, name, ...(kind === 'hotspot' ? { capacity: 20 } : {}) }, { type: 'Polygon', coordinates })
const point = (name: string, east: number, north: number, more: object = {}) =>
  feature(
    { kind: 'hotspot', name, radiusM: 33.3, capacity: 20, ...more },
    { type: 'Point', coordinates: lonLat(east, north) },
  )
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features })

const sendZones = (given: object, more: object = {}) =>
  ask<ZoneImportResult>('POST', '/v1/staff/zones/import', { collection: given, mode: 'add', dryRun: false, ...more })
const zonesNow = async (query = '') => (await ask<ZoneCollection>('GET', `/v1/staff/zones${query}`)).body
const names = ({ features }: ZoneCollection) => features.map(({ properties }) => properties.name)

const city = () =>
  collection(
    area('service_area', 'City', square(-2_000, -2_000, 4_000)),
    area('no_parking', 'Canal', square(500, 0, 200), square(550, 50, 100)),
    area('hotspot', 'Markt', square(0, 0, 60)),
    point('Station', 200, 200, { minBikes: 3, maxBikes: 18 }),
  )

describe('an import', () => {
  it('comes back from the export as it went in, and sent again changes nothing', async () => {
    expect((await sendZones(city())).body).toEqual({
      ...{ done: true, added: 4, changed: 0, removed: 0, unchanged: 0, problems: [] },
    })
    const kept = await zonesNow()
    expect(names(kept)).toEqual(['Markt', 'Station', 'Canal', 'City'])
    const station = kept.features[1]
    expect(station?.geometry).toEqual({
      type: 'Point',
      coordinates: lonLat(200, 200).map((degrees) => Math.round((degrees ?? 0) * 1e7) / 1e7),
    })
    expect(station?.properties).toMatchObject({ radiusM: 33.3, capacity: 20, minBikes: 3, maxBikes: 18, version: 1 })
    expect((await sendZones(kept, { mode: 'replace' })).body).toMatchObject({ done: true, unchanged: 4, changed: 0 })
    expect((await sendZones(city())).body).toMatchObject({ done: true, unchanged: 4 })
    expect(await zonesNow()).toEqual(kept)
  })

  it('is offered as a file of GeoJSON', async () => {
    await sendZones(city())
    const { headers } = await ask('GET', '/v1/staff/zones?download=1')
    expect(headers.get('content-type')).toContain('application/geo+json')
    expect(headers.get('content-disposition')).toBe('attachment; filename="zones.geojson"')
  })

  it('adds, changes and removes; a zone is known by its name or its id', async () => {
    await sendZones(city())
    const kept = await zonesNow()
    const id = kept.features[0]?.properties.zoneId
    const renamed = feature(
      { kind: 'hotspot', name: 'Noordermarkt', capacity: 20, zoneId: id },
      {
        type: 'Polygon',
        coordinates: [square(0, 0, 60)],
      },
    )
    const { body } = await sendZones(collection(renamed, point('Station', 200, 200, { capacity: 30 })))
    expect(body).toMatchObject({ done: true, added: 0, changed: 2, removed: 0 })
    expect(names(await zonesNow())).toEqual(['Noordermarkt', 'Station', 'Canal', 'City'])
    expect((await sendZones(collection(renamed), { mode: 'replace' })).body).toMatchObject({ removed: 3, unchanged: 1 })
    expect(names(await zonesNow())).toEqual(['Noordermarkt'])
    // What was removed is known by its id still.
    expect((await sendZones(kept, { mode: 'replace' })).body).toMatchObject({ added: 3, changed: 1 })
  })

  it('of a dry run tells what would happen, and nothing happens', async () => {
    expect((await sendZones(city(), { dryRun: true })).body).toMatchObject({ done: false, added: 4, problems: [] })
    expect(names(await zonesNow())).toEqual([])
  })

  it('holds from when it says, and what held before can be asked for any moment', async () => {
    await sendZones(city())
    const before = platform.clock.nowMs()
    const tomorrow = before + 86_400_000
    const { body } = await sendZones(collection(point('Tomorrow', -300, 0)), { mode: 'replace', holdsFrom: tomorrow })
    expect(body).toMatchObject({ done: true, added: 1, removed: 4 })
    expect(names(await zonesNow())).toHaveLength(4)
    expect(names(await zonesNow(`?at=${tomorrow}`))).toEqual(['Tomorrow'])
    expect(names(await zonesNow(`?at=${before - 3_600_000}`))).toEqual([])
    const past = await sendZones(city(), { holdsFrom: before - 1_000 })
    expect(past).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  })

  it('leaves every version to be asked for, with who made it', async () => {
    await sendZones(city())
    const id = (await zonesNow()).features[1]?.properties.zoneId
    await sendZones(collection(point('Station', 200, 200, { capacity: 44 })))
    await sendZones(collection(), { mode: 'replace' })
    const { body } = await ask<ZoneVersions>('GET', `/v1/staff/zones/${id}/versions`)
    expect(
      body.versions.map(({ removed, madeBy, feature: one }) => [removed, madeBy, one.properties.capacity]),
    ).toEqual([
      [false, 'Operator', 20],
      [false, 'Operator', 44],
      [true, 'Operator', 44],
    ])
    expect(await ask('GET', `/v1/staff/zones/${secureIds.uuid()}/versions`)).toMatchObject({ status: 404 })
  })
})

describe('an import with a problem', () => {
  const problemsOf = async (...features: unknown[]) => {
    const { status, body } = await sendZones(collection(...features))
    expect([status, body.done]).toEqual([200, false])
    expect(names(await zonesNow())).toEqual([])
    return body.problems
  }

  it('is not done at all, and every problem names its place', async () => {
    const eight = ringOf([0, 0], [100, 100], [100, 0], [0, 100])
    const problems = await problemsOf(
      area('hotspot', 'Good', square(800, 800, 50)),
      area('hotspot', 'Eight', eight),
      area('hotspot', 'Open', square(300, 0, 50).slice(0, 4)),
      point('Good', 900, 900),
      point('Far', 1_000, 1_000, { zoneId: secureIds.uuid() }),
    )
    expect(problems).toMatchObject([
      { feature: 1, name: 'Eight', code: 'crosses_itself', ring: 0, vertex: 0 },
      { feature: 2, name: 'Open', code: 'ring_open', ring: 0, vertex: 3 },
      { feature: 3, name: 'Good', code: 'name_twice' },
      { feature: 4, name: 'Far', code: 'unknown_zone' },
    ])
    const [lon = 0, lat = 0] = lonLat(50, 50)
    expect(problems[0]?.lon).toBeCloseTo(lon, 6)
    expect(problems[0]?.lat).toBeCloseTo(lat, 6)
  })

  it('that only PostGIS sees names the nearest vertex', async () => {
    const shape = { type: 'MultiPolygon', coordinates: [[square(0, 0, 100)], [square(50, 50, 100)]] }
    const problems = await problemsOf(feature({ kind: 'hotspot', name: 'Twice', capacity: 9 }, shape))
    expect(problems).toMatchObject([{ feature: 0, code: 'crosses_itself' }])
    expect(problems[0]?.vertex).not.toBeNull()
    expect(problems[0]?.sentence).toMatch(/not sound at \[/)
  })

  it('between two hotspots, or outside of the service area, is told', async () => {
    const problems = await problemsOf(
      area('service_area', 'City', square(-500, -500, 1_000)),
      area('hotspot', 'A', square(0, 0, 100)),
      area('hotspot', 'B', square(50, 0, 100)),
      point('C', 700, 0),
    )
    expect(problems).toMatchObject([
      { name: 'B', code: 'overlaps' },
      { name: 'C', code: 'outside_service_area' },
    ])
  })

  it('may be nonsense or too large, and never breaks the server', async () => {
    for (const nonsense of [
      null,
      7,
      'x',
      [],
      { type: 'FeatureCollection', features: [null, 3, { type: 'Feature' }] },
    ]) {
      const { status, body } = await sendZones(nonsense as unknown as object)
      expect([status, body.done]).toEqual([200, false])
    }
    const huge = await sendZones({ type: 'FeatureCollection', features: [], padding: 'x'.repeat(6 * 1024 * 1024) })
    expect(huge.status).toBe(400)
  })
})

describe('two imports at once', () => {
  it('are both done, one after the other', async () => {
    const all = await Promise.all([
      sendZones(collection(point('One', 0, 0), point('Shared', 500, 0))),
      sendZones(collection(point('Two', 200, 0), point('Shared', 500, 0))),
    ])
    expect(all.map(({ body }) => body.done)).toEqual([true, true])
    expect(names(await zonesNow())).toEqual(['One', 'Shared', 'Two'])
  })
})

describe('many imports at once', () => {
  it('leave each zone with versions that follow one another, each whole', async () => {
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        sendZones(collection(point('A', 0, 0, { capacity: index }), point('B', 300, 0, { capacity: index }))),
      ),
    )
    // Who loses three times is told to try again, and has changed nothing.
    const done = all.filter(({ body }) => body.done).length
    expect(all.every(({ status, body }) => body.done || status === 429)).toBe(true)
    const { rows } = await platform.db.query<{ name: string; versions: number[]; capacities: number[] }>(
      `SELECT name, array_agg(version ORDER BY version) AS versions, array_agg(capacity ORDER BY version) AS capacities
         FROM zone_version GROUP BY name ORDER BY name`,
    )
    expect(rows.map(({ name }) => name)).toEqual(['A', 'B'])
    expect(rows[0]?.versions).toEqual(Array.from({ length: done }, (_, index) => index + 1))
    expect(rows[1]?.capacities).toEqual(rows[0]?.capacities)
  })
})

describe('zones, for the other rooms', () => {
  it('say where bikes stand', async () => {
    await sendZones(city())
    const at = platform.clock.nowMs()
    const [markt, station] = await hotspotsAt(platform.db, at)
    expect(markt).toMatchObject({ name: 'Markt', capacity: 20, minBikes: 0, maxBikes: 20 })
    expect(station).toMatchObject({ name: 'Station', minBikes: 3, maxBikes: 18 })
    expect(markt?.areaM2).toBeGreaterThan(3_500)
    expect(markt?.areaM2).toBeLessThan(3_700)
    const bikeAt = (east: number, north: number) => {
      const [lon = 0, lat = 0] = lonLat(east, north)
      return { bikeId: asId<BikeId>(secureIds.uuid()), lon, lat }
    }
    const bikes = [bikeAt(30, 30), bikeAt(200, 230), bikeAt(510, 10), bikeAt(600, 100), bikeAt(5_000, 0)]
    const places = await placeBikes(platform.db, at, bikes)
    expect(bikes.map(({ bikeId }) => places.get(bikeId))).toEqual([
      { hotspotId: markt?.hotspotId, inServiceArea: true, inNoParking: false },
      { hotspotId: station?.hotspotId, inServiceArea: true, inNoParking: false },
      { hotspotId: null, inServiceArea: true, inNoParking: true },
      { hotspotId: null, inServiceArea: true, inNoParking: false },
      { hotspotId: null, inServiceArea: false, inNoParking: false },
    ])
    const yesterday = epochMs(at - 86_400_000)
    expect([...(await placeBikes(platform.db, yesterday, bikes)).values()][4]?.inServiceArea).toBe(true)
    expect(await placeBikes(platform.db, at, [])).toEqual(new Map())
  })

  it('of a demo city are there from its first start, once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-city-'))
    writeCity({ out: join(folder, 'city'), seed: 3, radiusM: 900 }, () => undefined)
    const { zones } = platform.rooms
    for (let start = 0; start < 2; start++) await importFirstZones(platform.db, zones, join(folder, 'city'))
    const kept = await zonesAt(platform.db, platform.clock.nowMs())
    const { hotspots } = readPlaces(join(folder, 'city', 'places.json'))
    const made = kept.filter(({ kind }) => kind === 'hotspot').length
    expect(kept).toHaveLength(made + 1)
    // So small a city makes a few of them on top of one another.
    expect(made).toBeGreaterThan(hotspots.length - 4)
    expect(made).toBeLessThan(hotspots.length)
    expect(kept.every(({ version }) => version === 1)).toBe(true)
    await rm(folder, { recursive: true })
  })
})
