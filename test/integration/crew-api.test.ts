import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrewActsAnswer, CrewRoute, RouteList } from '../../contracts/http/crews.ts'
import { type CrewClient, clientWith, logInCrew } from '../fixtures/crew-client.ts'
import type { ActSaid } from '../fixtures/crew-world.ts'
import { type PublishedRoute, publishNight } from '../fixtures/published-night.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const jpeg = (size = 200) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(size)])

let platform: TestPlatform
let anna: CrewClient
let bram: CrewClient
let street: StreetLock
let route: PublishedRoute
let staff: CrewClient['send']

beforeAll(async () => {
  platform = await openTestPlatform()
  anna = await logInCrew(platform, 'Anna')
  bram = await logInCrew(platform, 'Bram')
  street = await placeLock(platform, 'crew-api-lock')
  const [published] = await publishNight(platform.db, {
    nowMs: platform.clock.nowMs(),
    vans: [
      {
        stops: [
          { kind: 'strays', take: [street.bike.bikeId] },
          { kind: 'hotspot', give: 1 },
        ],
      },
    ],
  })
  route = published!
  const link = await platform.rooms.staff.newLink()
  const session = await clientWith(platform.url, '')<{ token: string }>('POST', '/v1/staff/sessions', { link })
  staff = clientWith(platform.url, session.body.token)
})
afterAll(async () => {
  street.lock.destroy()
  await platform.close()
})

const act = (said: ActSaid) => ({
  ...{ actId: randomUUID(), routeId: route.routeId, atMs: platform.clock.nowMs(), lon: null, lat: null },
  ...said,
})
const sendActs = (crew: CrewClient, ...acts: ReturnType<typeof act>[]) =>
  crew.send<CrewActsAnswer>('POST', '/v1/crew/acts', { acts })

describe('a night on the phone', () => {
  it('goes from the list over the claim to the last bike, and riders see it end', async () => {
    const list = await anna.send<RouteList>('GET', '/v1/crew/routes')
    expect(list).toMatchObject({ status: 200, body: { name: 'Anna', routes: [{ state: 'open', stops: 2, bikes: 1 }] } })
    const path = `/v1/crew/routes/${route.routeId}`
    const claimed = await anna.send<CrewRoute>('POST', `${path}/claim`, { actId: randomUUID() })
    expect(claimed).toMatchObject({ status: 200, body: { state: 'claimed', isMine: true } })
    expect(await bram.send('POST', `${path}/claim`, { actId: randomUUID() })).toMatchObject({
      ...{ status: 409, body: { code: 'route_taken', detail: 'Anna' } },
    })
    expect(await bram.send('GET', path)).toMatchObject({ status: 200, body: { isMine: false, crewName: 'Anna' } })

    const rider = await logInRider(platform.url, 'night-rider@example.org')
    const promiseId = await rider.promise()
    const order = { bikeCode: street.bike.code, promiseId }
    expect(await rider.post('/v1/trips', order, randomUUID())).toMatchObject({
      ...{ status: 409, body: { code: 'bike_being_moved' } },
    })

    const loaded = await sendActs(anna, act({ act: 'load', bike: street.bike.code, stopId: route.stopIds[0]! }))
    expect(loaded).toMatchObject({ status: 200, body: { results: [{ outcome: 'applied' }], route: { load: [{}] } } })
    const { rows } = await platform.db.query('SELECT geom FROM crew_act WHERE act_id = $1', [
      loaded.body.results[0]?.actId,
    ])
    // A place that is not known is not 0° east, 0° north.
    expect(rows).toEqual([{ geom: null }])
    const done = [
      act({ act: 'unload', bike: street.bike.number, stopId: route.stopIds[1]!, lon: 4.73, lat: 52.36 }),
      act({ act: 'finish_stop', stopId: route.stopIds[1]! }),
      act({ act: 'end_shift' }),
    ]
    const ended = await sendActs(anna, ...done)
    expect(ended.body.results.map((result) => result.outcome)).toEqual(['applied', 'applied', 'applied'])
    expect(ended.body.route).toMatchObject({ state: 'done', load: [] })
    const started = await rider.post<{ tripId: string }>('/v1/trips', order, randomUUID())
    expect(started).toMatchObject({ status: 201, body: { state: 'unlocking' } })
  })

  it('is refused whole when one of its acts cannot be read', async () => {
    const broken = { ...act({ act: 'load', bike: '1001', stopId: null }), lon: 400 }
    expect(await sendActs(anna, broken)).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  })

  it('is not for riders, and the desk may look', async () => {
    const rider = await logInRider(platform.url, 'curious@example.org')
    expect(await rider.get('/v1/crew/routes')).toMatchObject({ status: 403 })
    expect(await staff('GET', '/v1/crew/routes')).toMatchObject({ status: 200 })
  })
})

describe('a bell', () => {
  it('makes the lock of a bike of the route beep, and no other', async () => {
    const other = await placeLock(platform, 'crew-bell-lock')
    const [night] = await publishNight(platform.db, {
      ...{ nowMs: platform.clock.nowMs(), depotId: 'depot-bell' },
      vans: [{ stops: [{ kind: 'strays', take: [other.bike.bikeId] }] }],
    })
    const ring = (crew: CrewClient) => crew.send('POST', `/v1/crew/bikes/${other.bike.number}/ring`)
    expect(await ring(bram)).toMatchObject({ status: 409, body: { code: 'route_not_yours' } })
    await bram.send('POST', `/v1/crew/routes/${night?.routeId}/claim`, { actId: randomUUID() })
    expect(await ring(bram)).toMatchObject({ status: 202 })
    const commands = async () =>
      (await platform.db.query<{ state: string }>(`SELECT state FROM command WHERE op = 'beep'`)).rows
    while ((await commands()).some(({ state }) => state !== 'done')) await shortly()
    expect(await commands()).toHaveLength(1)
    expect(other.lock.boltPosition()).toBe('closed')
    expect(await bram.send('POST', '/v1/crew/bikes/99999998/ring')).toMatchObject({ status: 404 })
    other.lock.destroy()
  })
})

describe('the desk', () => {
  it('frees a bike and takes a route back, and crews may not', async () => {
    const other = await placeLock(platform, 'crew-desk-lock')
    const [night] = await publishNight(platform.db, {
      ...{ nowMs: platform.clock.nowMs(), depotId: 'depot-desk' },
      vans: [{ stops: [{ kind: 'strays', take: [other.bike.bikeId] }] }],
    })
    const free = `/v1/staff/bikes/${other.bike.bikeId}/free`
    const takeBack = `/v1/staff/routes/${night?.routeId}/take-back`
    await anna.send('POST', `/v1/crew/routes/${night?.routeId}/claim`, { actId: randomUUID() })
    for (const path of [free, takeBack]) expect(await anna.send('POST', path)).toMatchObject({ status: 403 })
    expect(await staff('POST', free)).toMatchObject({ status: 204 })
    expect(await staff('POST', free)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await staff('POST', takeBack)).toMatchObject({ status: 204 })
    expect(await anna.send('GET', `/v1/crew/routes/${night?.routeId}`)).toMatchObject({ body: { state: 'open' } })
    other.lock.destroy()
  })
})

describe('a picture', () => {
  const put = (photoId: string, body: Buffer, type = 'image/jpeg', crew = anna) =>
    crew.send('PUT', `/v1/crew/photos/${photoId}`, body, type)

  it('is kept once, shown to staff, and not replaced by another', async () => {
    const [photoId, body] = [randomUUID(), jpeg()]
    for (let i = 0; i < 2; i += 1) {
      expect(await put(photoId, body)).toMatchObject({ status: 200, body: { photoId, bytes: body.length } })
    }
    expect(await put(photoId, jpeg())).toMatchObject({ status: 422, body: { code: 'photo_wrong' } })
    expect(await put(photoId, jpeg(), 'image/jpeg', bram)).toMatchObject({ status: 422 })
    const shown = await staff('GET', `/v1/staff/photos/${photoId}`)
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect(await anna.send('GET', `/v1/staff/photos/${photoId}`)).toMatchObject({ status: 403 })
    expect(await staff('GET', `/v1/staff/photos/${randomUUID()}`)).toMatchObject({ status: 404 })
  })

  it('that is none, claims to be another kind, or is too large is refused', async () => {
    for (const [body, type] of [
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/png'],
      [jpeg(), 'image/webp'],
      [Buffer.from('{}'), 'application/json'],
      [jpeg(), 'text/html'],
      [jpeg(3 * 1024 * 1024), 'image/jpeg'],
    ] as const) {
      expect([type, await put(randomUUID(), body, type)]).toMatchObject([type, { status: 422 }])
    }
  })
})

/** The next look at a server that runs by itself. */
const shortly = () => new Promise((resolve) => setTimeout(resolve, 20))
