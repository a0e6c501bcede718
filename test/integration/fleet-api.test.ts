import { once } from 'node:events'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BikesNear } from '../../contracts/http/bikes.ts'
import type { FleetSnapshot, ProvisionedBikes } from '../../contracts/http/staff.ts'
import { asId, type LockId, type StaffId } from '../../contracts/ids.ts'
import { mercatorX } from '../../contracts/live/fleet-frame.ts'
import { decodeLiveFrame } from '../../contracts/live/live-frame.ts'
import { buildApp } from '../../server/app.ts'
import { fleetApi } from '../../server/fleet/fleet-api.ts'
import { type Fleet, openFleet } from '../../server/fleet/fleet-service.ts'
import { createLiveHub, type LiveHub } from '../../server/fleet/live-hub.ts'
import { realClock } from '../../server/platform/clock.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { hello, record, telemetry } from '../fixtures/lock-messages.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

const here = { lon: 5.12, lat: 52.09 }
const staff = { authorization: 'Bearer of-staff' }
const factory = { authorization: 'Bearer of-the-factory' }
const secrets = { mqttPassword: 'p', commandKeyHex: 'ab'.repeat(32), keyVersion: 1 }

const lockSecrets = async (lockIds: readonly LockId[]) => new Map(lockIds.map((lockId) => [lockId, secrets]))
const ownerOf = async (token: string) =>
  token === 'of-staff' ? ({ kind: 'staff', staffId: asId<StaffId>(secureIds.uuid()), role: 'admin' } as const) : null

let db: TestDatabase
let app: FastifyInstance
let fleet: Fleet
let hub: LiveHub

beforeAll(async () => {
  db = await openTestDatabase()
  const world = { db, clock: realClock, logger: silentLogger, schedule: () => undefined }
  fleet = await openFleet({ ...world, ids: secureIds, publish: async () => undefined })
  hub = createLiveHub({ ...world, bikes: fleet.bikes, centre: here })
  app = await buildApp({
    ...world,
    guard: {
      ownerOf,
      factoryToken: 'of-the-factory',
      publicUrl: 'http://localhost',
    },
    requestsPerMinute: 1_000,
    routes: [fleetApi({ fleet, hub, lockSecrets, searched: () => undefined, ownerOf })],
    mapHosts: [],
  })
})
afterAll(async () => {
  hub.stop()
  await app.close()
  await db.close()
})

const provision = (bikes: unknown, headers = factory) =>
  app.inject({ method: 'POST', url: '/v1/staff/bikes', headers, payload: { bikes } as object })

describe('the factory', () => {
  it('gets the secrets of a new bike, and the same again for the same lock', async () => {
    const first = await provision([{ lockId: 'lock-one', ...here }, { lockId: 'lock-two' }])
    expect(first.statusCode).toBe(201)
    const { bikes } = first.json<Static<typeof ProvisionedBikes>>()
    expect(bikes).toMatchObject([
      { lockId: 'lock-one', ...secrets },
      { lockId: 'lock-two', ...secrets },
    ])
    expect((await provision([{ lockId: 'lock-one' }])).json()).toEqual({ bikes: [bikes[0]] })
  })

  it.each([
    ['a longitude of 181', [{ lockId: 'lock-bad', lon: 181, lat: 52 }]],
    ['a lock id in capitals', [{ lockId: 'LOCK-BAD' }]],
    ['an unknown field', [{ lockId: 'lock-bad', colour: 'red' }]],
    ['no bikes at all', []],
  ])('is refused %s', async (_, bikes) => {
    expect((await provision(bikes)).statusCode).toBe(400)
    expect(fleet.bikeOfLock(asId<LockId>('lock-bad'))).toBeNull()
  })

  it('is nobody else', async () => {
    expect((await provision([{ lockId: 'lock-x-1' }], staff)).statusCode).toBe(401)
  })
})

describe('anybody', () => {
  it('sees the bikes near a place under their public ids only', async () => {
    const [bike] = (await provision([{ lockId: 'lock-near' }])).json<Static<typeof ProvisionedBikes>>().bikes
    const lockId = asId<LockId>('lock-near')
    fleet.listener.heard(lockId, { kind: 'hello', body: hello({ u: 1 }) }, realClock.nowMs())
    const seen = telemetry([record({ lo: here.lon, la: here.lat })])
    fleet.listener.heard(lockId, { kind: 'tel', body: seen }, realClock.nowMs())
    await fleet.tick()
    const answer = await app.inject({ url: '/v1/bikes?lon=5.121&lat=52.09' })
    expect(answer.statusCode).toBe(200)
    const { bikes } = answer.json<Static<typeof BikesNear>>()
    expect(bikes).toMatchObject([{ ...here, batteryPercent: 90, model: 'city' }])
    for (const secret of [bike?.bikeId, bike?.lockId, bike?.number, bike?.code]) {
      expect(answer.body).not.toContain(`"${secret}"`)
    }
  })

  it.each(['lon=5', 'lon=5&lat=91', 'lon=5&lat=52&radiusM=100000', 'lon=5&lat=52&limit=0', 'lon=x&lat=52'])(
    'cannot ask for %s',
    async (query) => {
      expect((await app.inject({ url: `/v1/bikes?${query}` })).statusCode).toBe(400)
    },
  )

  it.each(['/v1/staff/fleet', '/v1/staff/live', '/v1/staff/bikes/00000000-0000-7000-8000-000000000000'])(
    'may not see %s',
    async (url) => {
      expect((await app.inject({ url })).statusCode).toBe(401)
    },
  )
})

describe('staff', () => {
  it('see the fleet, one bike of it, and what changes', async () => {
    const fleetNow = await app.inject({ url: '/v1/staff/fleet', headers: staff })
    expect(fleetNow.statusCode).toBe(200)
    const snapshot = fleetNow.json<FleetSnapshot>()
    const row = snapshot.x.findIndex((x, at) => x === mercatorX(here.lon) && snapshot.states[at] === 0)
    const details = await app.inject({ url: `/v1/staff/bikes/${snapshot.bikeIds[row]}`, headers: staff })
    expect(details.json()).toMatchObject({ lockId: 'lock-near', state: 'available', trip: null })
    const zipped = await app.inject({ url: '/v1/staff/fleet', headers: { ...staff, 'accept-encoding': 'gzip, br' } })
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' })
    expect(JSON.parse(gunzipSync(zipped.rawPayload).toString())).toMatchObject({ numbers: snapshot.numbers })

    const socket = await app.injectWS('/v1/staff/live', { headers: staff })
    const message = once(socket, 'message')
    socket.send(JSON.stringify({ view: { box: [-180, -85, 180, 85], zoom: 15, follow: null } }))
    const [data] = (await message) as [Buffer]
    const frame = decodeLiveFrame(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer)
    expect(frame).toMatchObject({ kind: 'states', epoch: snapshot.epoch, roster: snapshot.slots.length })
    socket.terminate()
  })

  it('are told that a bike does not exist', async () => {
    const url = `/v1/staff/bikes/${secureIds.uuid()}`
    expect((await app.inject({ url, headers: staff })).statusCode).toBe(404)
  })
})
