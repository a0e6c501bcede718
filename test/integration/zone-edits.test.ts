import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type {
  ZoneCollection,
  ZoneEditResult,
  ZoneNewest,
  ZonesScheduled,
  ZonesStock,
  ZoneVersions,
} from '../../contracts/http/zones.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Problem } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import { standingBike } from '../fixtures/night-city.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let noor: string
let wei: string

beforeAll(async () => {
  platform = await openTestPlatform()
  noor = await newcomer('Noor', 'dispatcher')
  wei = await newcomer('Wei', 'crew_lead')
})
beforeEach(() => platform.db.query('DELETE FROM zone_version'))
afterAll(() => platform.close())

async function newcomer(name: string, role: StaffRole): Promise<string> {
  const { rooms } = platform
  const staffId = await rooms.staff.newPerson(name, role)
  const link = present(await rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const answer = await fetch(`${platform.url}/v1/staff/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link: link.link }),
  })
  return ((await answer.json()) as { readonly token: string }).token
}

async function ask<Body>(token: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${platform.url}/v1/staff/zones${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: (await answer.json()) as Body & Partial<Problem> }
}

const lonLat = (east: number, north: number) => [4.726 + east / 67_900, 52.3585 + north / 111_200] as const
const ringOf = (...corners: readonly (readonly [number, number])[]) =>
  [...corners, corners[0] ?? ([0, 0] as const)].map(([east, north]) => lonLat(east, north))
const square = (east: number, north: number, side: number) =>
  ringOf([east, north], [east + side, north], [east + side, north + side], [east, north + side])
const area = (kind: string, name: string, ...coordinates: unknown[]) => ({
  type: 'Feature',
  geometry: { type: 'Polygon', coordinates },
  properties: { kind, name, ...(kind === 'hotspot' ? { capacity: 20 } : {}) },
})
const circle = (name: string, east: number, north: number, more: object = {}) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: lonLat(east, north) },
  properties: { kind: 'hotspot', name, radiusM: 30, capacity: 20, ...more },
})

const save = (zoneId: string, feature: object, more: object = {}, token = noor) =>
  ask<ZoneEditResult>(token, 'POST', `/${zoneId}/versions`, { feature, expectedVersion: 0, dryRun: false, ...more })
const remove = (zoneId: string, expectedVersion: number, more: object = {}) =>
  ask<ZoneEditResult>(noor, 'POST', `/${zoneId}/removal`, { expectedVersion, dryRun: false, ...more })
async function made(feature: object, more: object = {}): Promise<string> {
  const zoneId = randomUUID()
  expect((await save(zoneId, feature, more)).body).toMatchObject({ done: true, version: 1, problems: [] })
  return zoneId
}
const namesAt = async (atMs?: number) => {
  const { body } = await ask<ZoneCollection>(noor, 'GET', atMs === undefined ? '' : `?at=${atMs}`)
  return body.features.map(({ properties }) => properties.name)
}
const scheduled = async () => (await ask<ZonesScheduled>(noor, 'GET', '/scheduled')).body.changes
const soon = (hours: number) => platform.clock.nowMs() + hours * 3_600_000

describe('a zone that is drawn', () => {
  it('holds at once, and comes out of the export as it went in', async () => {
    const hole = square(40, 40, 20)
    const zoneId = await made(area('hotspot', 'Markt', square(0, 0, 100), hole.toReversed()))
    const { body } = await ask<ZoneCollection>(noor, 'GET', '?download=1')
    expect(body.features).toMatchObject([{ properties: { zoneId, name: 'Markt', kind: 'hotspot', version: 1 } }])
    expect(body.features[0]?.geometry.coordinates).toHaveLength(2)
  })

  it('tells while it is drawn what is wrong, and nothing is kept', async () => {
    const zoneId = randomUUID()
    const crossing = area('no_parking', 'Eight', ringOf([0, 0], [100, 100], [100, 0], [0, 100]))
    const { status, body } = await save(zoneId, crossing, { dryRun: true })
    expect([status, body.done]).toEqual([200, false])
    expect(body.problems).toMatchObject([{ code: 'crosses_itself', ring: 0, vertex: 0 }])
    expect((await save(zoneId, crossing)).body).toMatchObject({ done: false, version: null })
    expect((await ask(noor, 'GET', `/${zoneId}`)).status).toBe(404)
  })

  it.each([
    ['a hole that leaves its area', 'hole_outside', [square(0, 0, 100), square(80, 40, 40)]],
    [
      'a hole whose side cuts a corner of its area',
      'hole_outside',
      [ringOf([0, 0], [100, 0], [100, 100], [50, 20], [0, 100]), ringOf([10, 10], [10, 60], [90, 60], [90, 10])],
    ],
    ['two holes that share ground', 'holes_overlap', [square(0, 0, 100), square(20, 20, 30), square(40, 40, 30)]],
    ['a hole in a hole', 'holes_overlap', [square(0, 0, 100), square(20, 20, 60), square(40, 40, 10)]],
  ])('may have %s, and hears at which vertex', async (_, code, rings) => {
    const { body } = await save(randomUUID(), area('no_ride', 'Park', ...rings))
    expect(body.problems).toMatchObject([{ code, ring: rings.length - 1 }])
    expect(body.problems[0]?.vertex).not.toBeNull()
  })

  it('may be too small, too finely drawn or nameless, and is never half done', async () => {
    const tiny = await save(randomUUID(), area('no_ride', 'Tiny', square(0, 0, 2)))
    expect(tiny.body.problems).toMatchObject([{ code: 'too_small', ring: 0 }])
    const many = Array.from({ length: 6_000 }, (_, i) => lonLat(900 * Math.cos(i / 955), 900 * Math.sin(i / 955)))
    const fine = await save(randomUUID(), area('no_ride', 'Fine', [...many, many[0]]))
    expect(fine.body.problems).toMatchObject([{ code: 'not_geojson', ring: 0 }])
    const nameless = await save(randomUUID(), area('no_ride', '  ', square(0, 0, 50)))
    expect(nameless.body.problems).toMatchObject([{ code: 'property' }])
    const huge = await save(randomUUID(), { ...circle('x', 0, 0), padding: 'x'.repeat(1_100_000) })
    expect(huge.status).toBe(400)
    expect(await namesAt()).toEqual([])
  })

  it('fits beside the others: no shared ground, no name twice, inside the service area', async () => {
    await made(area('service_area', 'City', square(-500, -500, 1_000)))
    await made(area('hotspot', 'Markt', square(0, 0, 100)))
    const over = await save(randomUUID(), area('hotspot', 'Beside', square(90, 40, 50)))
    expect(over.body.problems).toMatchObject([
      { code: 'overlaps', other: 'Markt', ring: 0, vertex: expect.any(Number) },
    ])
    const twice = await save(randomUUID(), circle('Markt', 300, 300))
    expect(twice.body.problems).toMatchObject([{ code: 'name_twice' }])
    const far = await save(randomUUID(), area('hotspot', 'Far', square(450, 0, 100)))
    expect(far.body.problems).toMatchObject([{ code: 'outside_service_area', ring: 0, vertex: 1 }])
  })

  it('keeps its kind', async () => {
    const zoneId = await made(area('no_ride', 'Park', square(0, 0, 100)))
    const { body } = await save(zoneId, area('no_parking', 'Park', square(0, 0, 100)), { expectedVersion: 1 })
    expect(body.problems).toMatchObject([{ code: 'kind_changed' }])
  })

  it('is not for a colleague who only looks', async () => {
    const viewer = await newcomer('Vera', 'viewer')
    const refused = await save(randomUUID(), circle('Station', 0, 0), {}, viewer)
    expect(refused).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect((await ask(viewer, 'GET', '/scheduled')).status).toBe(200)
    expect(await namesAt()).toEqual([])
  })
})

describe('two editors of one zone', () => {
  it('are told who was first, and nothing of the first one is lost', async () => {
    const zoneId = await made(circle('Station', 0, 0))
    const both = await Promise.all([
      save(zoneId, circle('Station', 0, 0, { capacity: 30 }), { expectedVersion: 1 }, noor),
      save(zoneId, circle('Station', 0, 0, { capacity: 40 }), { expectedVersion: 1 }, wei),
    ])
    const [winner, loser] = both[0]?.status === 200 ? both : both.toReversed()
    expect(winner).toMatchObject({ status: 200, body: { done: true, version: 2 } })
    expect(loser).toMatchObject({ status: 409, body: { code: 'zone_changed' } })
    const { body } = await ask<ZoneNewest>(noor, 'GET', `/${zoneId}`)
    expect(loser?.body.detail).toContain(`${body.changedBy} changed it at ${new Date(body.changedAt).toISOString()}`)
    expect(body.feature.properties.capacity).toBe(both[0]?.status === 200 ? 30 : 40)
  })

  it('who draw at the same time at different places are both done, however many they are', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, i) => save(randomUUID(), circle(`Spot ${i}`, 200 * i, 0), {}, i % 2 ? noor : wei)),
    )
    expect(all.map(({ status, body }) => [status, body.done])).toEqual(all.map(() => [200, true]))
    expect(await namesAt()).toHaveLength(4)
  })

  it('who draw over one another at the same time: one is done, the other hears of the overlap', async () => {
    const all = await Promise.all([
      save(randomUUID(), circle('One', 0, 0), {}, noor),
      save(randomUUID(), circle('Two', 20, 0), {}, wei),
    ])
    expect(all.map(({ body }) => body.done).toSorted()).toEqual([false, true])
    expect(all.flatMap(({ body }) => body.problems)).toMatchObject([{ code: 'overlaps' }])
    expect(await namesAt()).toHaveLength(1)
  })

  it('of which one only sends twice, since the answer was lost, is done once', async () => {
    const zoneId = randomUUID()
    const first = await save(zoneId, circle('Station', 0, 0))
    const again = await save(zoneId, circle('Station', 0, 0))
    expect([first.body, again.body]).toMatchObject([
      { done: true, version: 1 },
      { done: true, version: 1 },
    ])
    expect((await save(zoneId, circle('Station', 0, 0), {}, wei)).body.code).toBe('zone_changed')
  })
})

describe('a change for later', () => {
  it('is listed, holds from its time, and can be called off until then', async () => {
    const zoneId = await made(circle('Station', 0, 0))
    const later = soon(5)
    const { body } = await save(zoneId, circle('Station', 0, 0, { capacity: 44 }), {
      expectedVersion: 1,
      holdsFrom: later,
    })
    expect(body).toMatchObject({ done: true, version: 2 })
    expect(await scheduled()).toMatchObject([
      { zoneId, version: 2, what: 'changed', kind: 'hotspot', name: 'Station', holdsFrom: later, madeBy: 'Noor' },
    ])
    const callOff = (version: number) =>
      ask<ZoneEditResult>(wei, 'POST', `/${zoneId}/versions/${version}/call-off`, { dryRun: false })
    expect((await callOff(1)).body.code).toBe('zone_in_force')
    expect((await callOff(2)).body).toMatchObject({ done: true })
    expect((await callOff(2)).body.code).toBe('not_found')
    expect(await scheduled()).toEqual([])
    const { features } = (await ask<ZoneCollection>(noor, 'GET', `?at=${later}`)).body
    expect(features[0]?.properties.capacity).toBe(20)
    const kept = (await ask<ZoneVersions>(noor, 'GET', `/${zoneId}/versions`)).body.versions
    expect(kept.map(({ calledOff }) => calledOff?.by ?? null)).toEqual([null, 'Wei'])
    // A page that has not heard of it must look again; the next version has a number of its own.
    const next = circle('Station', 0, 0, { capacity: 7 })
    expect((await save(zoneId, next, { expectedVersion: 1 })).body.code).toBe('zone_changed')
    expect((await save(zoneId, next, { expectedVersion: 2 })).body).toMatchObject({ done: true, version: 3 })
  })

  it('is overtaken by a newer word, which says so first', async () => {
    const zoneId = await made(circle('Station', 0, 0))
    const later = soon(5)
    await save(zoneId, circle('Station', 0, 0, { capacity: 44 }), { expectedVersion: 1, holdsFrom: later })
    const now = await save(zoneId, circle('Station', 0, 0, { capacity: 9 }), { expectedVersion: 2 })
    expect(now.body).toMatchObject({ done: true, supersedes: [{ version: 2, holdsFrom: later, removed: false }] })
    expect(await scheduled()).toEqual([])
  })

  it('is held against what will be there then, and not against what will be gone', async () => {
    const gone = await made(circle('Old', 0, 0))
    const later = soon(5)
    expect((await remove(gone, 1, { holdsFrom: later })).body).toMatchObject({ done: true, version: 2 })
    expect((await save(randomUUID(), circle('New', 20, 0))).body.problems).toMatchObject([{ code: 'overlaps' }])
    expect((await save(randomUUID(), circle('New', 20, 0), { holdsFrom: later })).body.done).toBe(true)
    expect(await namesAt()).toEqual(['Old'])
    expect(await namesAt(later)).toEqual(['New'])
    // What was to make room for the new one cannot be called off any more.
    const off = await ask<ZoneEditResult>(noor, 'POST', `/${gone}/versions/2/call-off`, { dryRun: false })
    expect(off.body).toMatchObject({ done: false, problems: [{ code: 'overlaps', other: 'New' }] })
  })

  it('cannot be in the past', async () => {
    const { status } = await save(randomUUID(), circle('Past', 0, 0), { holdsFrom: soon(-1) })
    expect(status).toBe(400)
  })
})

describe('the service area', () => {
  it('is never removed, now or later', async () => {
    const zoneId = await made(area('service_area', 'City', square(-500, -500, 1_000)))
    expect((await remove(zoneId, 1)).body.code).toBe('service_area_needed')
    expect((await remove(zoneId, 1, { holdsFrom: soon(9) })).body.code).toBe('service_area_needed')
    expect(await namesAt()).toEqual(['City'])
  })

  it('that is made smaller tells how many bikes and hotspots it leaves outside, and wants that to be known', async () => {
    for (const [i, lon] of [0, 100, 450, 460].entries()) {
      const [east, north] = lonLat(lon, 10 * i)
      await standingBike(platform, `border-${i}`, { lon: east, lat: north })
    }
    const zoneId = await made(area('service_area', 'City', square(-500, -500, 1_000)))
    await made(circle('Middle', 0, 0))
    await made(circle('Border', 400, 0))
    const smaller = area('service_area', 'City', square(-400, -400, 800))
    const { body } = await save(zoneId, smaller, { expectedVersion: 1 })
    expect(body).toMatchObject({ done: false, problems: [], bikesInside: 2 })
    expect(body.outside).toEqual({ bikes: 2, hotspots: 1, names: ['Border'] })
    expect((await save(zoneId, smaller, { expectedVersion: 1, acceptOutside: true })).body.done).toBe(true)
    const stock = (await ask<ZonesStock>(noor, 'GET', '/stock')).body
    expect(stock.counts.find((one) => one.zoneId === zoneId)?.bikes).toBe(2)
  })
})

describe('an older version', () => {
  it('is brought back as a new one, also of a zone that was removed', async () => {
    const zoneId = await made(area('hotspot', 'Markt', square(0, 0, 60)))
    await save(zoneId, area('hotspot', 'Noordermarkt', square(0, 0, 80)), { expectedVersion: 1 })
    expect((await remove(zoneId, 2)).body).toMatchObject({ done: true, version: 3 })
    expect(await namesAt()).toEqual([])
    const back = { version: 1, expectedVersion: 3, dryRun: false }
    const { body } = await ask<ZoneEditResult>(noor, 'POST', `/${zoneId}/bring-back`, back)
    expect(body).toMatchObject({ done: true, version: 4 })
    expect(await namesAt()).toEqual(['Markt'])
    expect((await ask(noor, 'POST', `/${zoneId}/bring-back`, back)).status).toBe(200)
    expect((await ask(wei, 'POST', `/${zoneId}/bring-back`, back)).body.code).toBe('zone_changed')
    const unknown = await ask(noor, 'POST', `/${zoneId}/bring-back`, { ...back, version: 9, expectedVersion: 4 })
    expect(unknown.status).toBe(404)
  })
})

describe('what held', () => {
  it('is still told for any moment after all these changes', async () => {
    const before = epochMs(platform.clock.nowMs() - 1)
    const zoneId = await made(circle('Station', 0, 0))
    await remove(zoneId, 1)
    expect(await namesAt(before)).toEqual([])
    expect(await namesAt()).toEqual([])
    const { body } = await ask<ZoneNewest>(noor, 'GET', `/${zoneId}`)
    expect(body).toMatchObject({ removed: true, version: 2, changedBy: 'Noor' })
  })
})
