import { once } from 'node:events'
import { setImmediate as breathe } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asId, type StaffId } from '../../contracts/ids.ts'
import { mercatorX } from '../../contracts/live/fleet-frame.ts'
import { closeCodes } from '../../contracts/live/live-close.ts'
import { decodeLiveFrame, type LiveFrame } from '../../contracts/live/live-frame.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { buildApp } from '../../server/app.ts'
import { fleetApi } from '../../server/fleet/fleet-api.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { createLiveHub, type LiveHub, maxUnreadBytes } from '../../server/fleet/live-hub.ts'
import { realClock } from '../../server/platform/clock.ts'
import { liveBike, movedTo } from '../fixtures/live-bikes.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { openRawWebSocket, type RawWebSocket } from '../fixtures/raw-websocket.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

const everything = JSON.stringify({ view: { box: [-180, -85, 180, 85], zoom: 15, follow: null } })
const place = (step: number) => ({ lon: 4.7 + (step % 500) * 0.0001, lat: 52.3 })

let db: TestDatabase
let app: FastifyInstance
let hub: LiveHub
let url: string
let bikes: FleetBike[]
let role: StaffRole | null
const open: RawWebSocket[] = []

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  bikes = [liveBike(0, place(0), Date.now()), liveBike(1, place(9), Date.now())]
  role = 'viewer'
  await startServer()
})
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
  hub.stop()
  await app.close()
})

async function startServer(): Promise<void> {
  const world = { db, clock: realClock, logger: silentLogger, schedule: () => undefined }
  hub = createLiveHub({ ...world, bikes: () => bikes, centre: place(0) })
  const ownerOf = async () => role && ({ kind: 'staff', staffId: asId<StaffId>('of-staff'), role } as const)
  const none = () => Promise.reject(new Error('not asked here'))
  app = await buildApp({
    ...{ ...world, requestsPerMinute: 1_000, mapHosts: [] },
    guard: { ownerOf, factoryToken: 'of-the-factory', publicUrl: 'http://localhost' },
    routes: [
      fleetApi({
        ...{ hub, ownerOf, searched: () => undefined, fleet: { bikesNear: none, bikeDetails: none, addBike: none } },
        lockSecrets: none,
      }),
    ],
  })
  url = await app.listen({ port: 0, host: '127.0.0.1' })
}

const ownBytes = (message: Buffer) =>
  message.buffer.slice(message.byteOffset, message.byteOffset + message.byteLength) as ArrayBuffer

/** A desk that hears frames of a kind, one after the other. */
async function openDesk(view: string | null = everything) {
  const frames: LiveFrame[] = []
  const texts: string[] = []
  const heard = new EventTarget()
  const socket = await openRawWebSocket(`${url}/v1/staff/live`, { authorization: 'Bearer any' }, (message, isText) => {
    if (isText) texts.push(message.toString())
    else frames.push(decodeLiveFrame(ownBytes(message)) as LiveFrame)
    heard.dispatchEvent(new Event('message'))
  })
  open.push(socket)
  if (view !== null) socket.send(view)
  async function next<K extends LiveFrame['kind']>(kind: K): Promise<LiveFrame & { kind: K }> {
    for (;;) {
      const at = frames.findIndex((frame) => frame.kind === kind)
      if (at >= 0) return frames.splice(0, at + 1)[at] as LiveFrame & { kind: K }
      await once(heard, 'message')
    }
  }
  return { ...socket, frames, texts, next, heard }
}

describe('a desk on the live line', () => {
  it('sees the fleet once it looks, and then what moves', async () => {
    const desk = await openDesk()
    expect([...(await desk.next('states')).states]).toEqual([0, 0])
    expect([...(await desk.next('fill')).slots]).toEqual([0, 1])
    bikes[1] = movedTo(bikes[1] as FleetBike, place(20), Date.now())
    hub.tick()
    expect([...(await desk.next('delta')).slots]).toEqual([1])
  })

  it('is closed when its session has ended or its role may no longer see the fleet', async () => {
    for (const [next, reason] of [
      [null, 'session_ended'],
      ['crew', 'not_allowed'],
    ] as const) {
      role = 'viewer'
      const desk = await openDesk()
      await desk.next('fill')
      role = next
      for (let tick = 0; tick < 10; tick++) hub.tick()
      expect(await desk.closed).toEqual({ code: closeCodes.sessionEnded, reason })
    }
  })

  it('is not opened without a session', async () => {
    role = null
    await expect(openDesk()).rejects.toThrow('refused 401')
  })

  it('is closed with the reason when it says what is no view', async () => {
    for (const said of ['hello', '{"view":{"box":[1,2,3]}}', 'x'.repeat(2_000)]) {
      const desk = await openDesk(said)
      expect(await desk.closed).toEqual({ code: closeCodes.notUnderstood, reason: 'no view' })
    }
  })

  it('notices a server that was started again: what comes then is of another one', async () => {
    const desk = await openDesk()
    const { epoch } = await desk.next('fill')
    hub.stop()
    expect(await desk.closed).toMatchObject({ code: closeCodes.goingAway })
    await app.close()
    await startServer()
    const again = await openDesk()
    expect((await again.next('fill')).epoch).not.toBe(epoch)
  })
})

it('a desk that stops reading costs the others nothing, is told the newest when it reads again, and is cut off in the end', async () => {
  const here = Array.from({ length: 20_000 }, (_, slot) => liveBike(slot, place(slot), Date.now()))
  const there = here.map((bike, slot) => movedTo(bike, place(slot + 1), Date.now()))
  bikes = here
  const stalled = await openDesk()
  await stalled.next('fill')
  const other = await openDesk()
  await other.next('fill')
  stalled.pause()
  const unread = () => Math.max(...[...app.websocketServer.clients].map((client) => client.bufferedAmount))
  let seconds = 0
  const second = async () => {
    seconds += 1
    bikes = bikes === here ? there : here
    hub.tick()
    expect((await other.next('delta')).slots).toHaveLength(20_000)
  }
  while (unread() <= maxUnreadBytes) await second()
  const most = unread()
  for (let i = 0; i < 5; i++) await second()
  hub.tell({ kind: 'zones' })
  expect(unread()).toBe(most)

  stalled.resume()
  while (unread() > 0) await breathe()
  await second()
  await stalled.next('states')
  const newest = await stalled.next('fill')
  expect(stalled.texts).toEqual(['{"kind":"again"}'])
  expect([...newest.x].sort()).toEqual(bikes.map(({ shadow }) => mercatorX(shadow.position?.lon ?? 0)).sort())

  stalled.pause()
  while (app.websocketServer.clients.size > 1) await second()
  expect(seconds).toBeLessThan(1_000)
})
