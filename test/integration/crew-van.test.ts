import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrewAct } from '../../contracts/http/crews.ts'
import { seededRandom } from '../../contracts/random.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { createAlarmListener } from '../../server/alarms/alarm-listener.ts'
import { usualAlarmSettings } from '../../server/alarms/core/alarm-settings.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { openPhotos } from '../../server/rebalancing/crew-photos.ts'
import { forgetWhatIsOver } from '../../server/retention.ts'
import { createLockListener } from '../../server/trips/lock-listener.ts'
import { type CrewWorld, openCrewWorld } from '../fixtures/crew-world.ts'
import { boltEvent } from '../fixtures/lock-messages.ts'
import { type PublishedRoute, publishNight } from '../fixtures/published-night.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'
import { bikesInHands } from '../simulation/checkers/bikes-in-hands.ts'

const start = Date.UTC(2030, 0, 2, 1)

let db: TestDatabase
let world: CrewWorld
let bike: FleetBike
let route: PublishedRoute
let anna: string

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
/** One bike in Anna's van. */
beforeEach(async () => {
  await truncateAll(db)
  world = await openCrewWorld(db, start)
  bike = await world.newBike()
  anna = await world.newCrew('Anna')
  const [published] = await publishNight(db, {
    nowMs: start,
    vans: [{ capacity: 1, stops: [{ kind: 'strays', take: [bike.bikeId] }] }],
  })
  route = published!
  await world.crew.claim(anna, route.routeId, randomUUID())
  await world.act(anna, route.routeId, { act: 'load', bike: bike.number, stopId: route.stopIds[0]! })
})

describe('a bike in a van', () => {
  const alarm = (a: string) => ({ v: 1, b: 7, t: 0, tq: 0, q: 9, u: 9_000, k: 'alarm', a })
  const clock = { nowMs: () => epochMs(start), realNowMs: () => realMs(start), speed: () => 1 }
  const hear = (body: object) => {
    const { alarms, fleet } = world
    const listener = createLockListener({
      ...{ alarms, clock, bikeOfLock: fleet.bikeOfLock },
      trips: {
        advance: () => Promise.reject(new Error('no ride is told of it')),
        savePlace: () => Promise.reject(new Error('no ride is told of it')),
      },
    })
    const ownAlarms = createAlarmListener({
      ...{ alarms, clock, open: { of: () => new Map() }, bikeOfLock: fleet.bikeOfLock },
      handsOn: (bikeId) => (fleet.bikeOf(bikeId)?.custody === 'in_van' ? 'crew' : 'nobody'),
      hadAt: () => null,
      settings: () => usualAlarmSettings,
    })
    const report = { lockId: bike.lockId, kind: 'evt', madeAtMs: epochMs(start), body } as const
    return world.db.transaction(async (tx) => {
      await ownAlarms(tx, report)
      return listener.onReport(tx, report)
    })
  }
  const told = async () => (await db.query<{ kind: string }>('SELECT kind FROM alarm')).rows.map(({ kind }) => kind)

  it('shakes, tilts and moves without anybody being told', async () => {
    for (const kind of ['move', 'fall', 'fall_end', 'shake', 'tamper', 'tamper_end', 'cable', 'temp', 'gnss_jam']) {
      await hear(alarm(kind))
    }
    await hear({ ...alarm('move'), dm: 1_800, n: 2 })
    expect(await told()).toEqual([])
    await world.fleet.tick()
    expect((await world.fleet.bikeDetails(bike.bikeId))?.state).toBe('with_crew')
  })

  it('that opens without a ride is told to staff all the same', async () => {
    await hear(boltEvent({ by: 'force' }))
    expect(await told()).toEqual(['forced'])
    await world.fleet.tick()
    expect((await world.fleet.bikeDetails(bike.bikeId))?.state).toBe('alarm')
  })
})

describe('what crews and riders have', () => {
  it('is found in order, and a van that holds too much or a way that nobody goes is found out', async () => {
    expect(await bikesInHands(world.db)).toEqual([])
    const other = await world.newBike()
    await world.db.transaction((tx) =>
      world.fleet.keepBikes(
        tx,
        [other.bikeId],
        { routeId: route.routeId, state: 'in_van', isBroken: false },
        epochMs(start),
      ),
    )
    expect((await bikesInHands(world.db)).map((found) => found.invariant)).toEqual([
      'no-van-over-capacity',
      'a-bike-on-its-way-is-in-its-van',
    ])
  })
})

describe('whatever two crews send, in whatever order and however often', () => {
  it('leaves every bike in one hand, and a repeat leaves everything as it is', async () => {
    const bikes = [bike]
    for (let i = 0; i < 5; i += 1) bikes.push(await world.newBike())
    const [other] = await publishNight(db, {
      ...{ nowMs: start, depotId: 'depot-2' },
      vans: [{ capacity: 2, stops: [{ kind: 'strays', take: bikes.slice(2, 4).map(({ bikeId }) => bikeId) }] }],
    })
    const crews = [anna, await world.newCrew('Bram')]
    const routes = [route, other!]
    await world.crew.claim(crews[1]!, other!.routeId, randomUUID())
    const random = seededRandom('crews')
    const sent: (readonly [string, CrewAct])[] = []
    for (let step = 0; step < 150; step += 1) {
      const [crewId, { routeId, stopIds }] = [random.pick(crews), random.pick(routes)]
      const act = random.pick([
        'load',
        'load',
        'load',
        'unload',
        'unload',
        'not_found',
        'blocked',
        'broken',
        'hand_over',
      ] as const)
      for (const free of crews) await world.crew.claim(free, random.pick(routes).routeId, randomUUID())
      const head = { actId: randomUUID(), routeId, atMs: start, lon: 5.1, lat: 52.1 }
      const said: CrewAct =
        act === 'hand_over' ? { ...head, act } : { ...head, act, bike: random.pick(bikes).number, stopId: stopIds[0]! }
      sent.push([crewId, said])
      await world.crew.acts(crewId, [said])
      expect(await bikesInHands(world.db)).toEqual([])
    }
    const state = async () => ({
      custody: (await db.query('SELECT * FROM bike_custody ORDER BY bike_id')).rows,
      moves: (await db.query('SELECT * FROM bike_move ORDER BY move_id')).rows,
      list: (await db.query('SELECT * FROM route_bike ORDER BY stop_id, bike_id')).rows,
      routes: (await db.query('SELECT * FROM van_route ORDER BY route_id')).rows,
    })
    const before = await state()
    // A night where nothing happens proves nothing.
    expect(before.moves.length).toBeGreaterThan(5)
    for (const [crewId, act] of sent) {
      const { results } = await world.crew.acts(crewId, [act])
      expect(results[0]?.outcome).not.toBe('applied')
    }
    expect(await state()).toEqual(before)
  })
})

describe('where a crew was', () => {
  it('is forgotten after 90 days, and what it did is not', async () => {
    await world.act(anna, route.routeId, { act: 'unload', bike: bike.number, stopId: null, lon: 5.1, lat: 52.1 })
    const later = start + 91 * 86_400_000
    await forgetWhatIsOver(db, { nowMs: () => epochMs(later), realNowMs: () => realMs(later), speed: () => 1 })
    const { rows } = await db.query(`SELECT geom, body ? 'lon' AS told FROM crew_act WHERE body ->> 'act' = 'unload'`)
    expect(rows).toEqual([{ geom: null, told: false }])
  })
})

describe('a picture', () => {
  const day = 86_400_000
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zwerm-photos-'))
    return () => rm(folder, { recursive: true })
  })

  it('is forgotten after 90 days, with its row and its file', async () => {
    let nowMs = Date.now()
    const clock = { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => 1 }
    const photos = await openPhotos({ db, clock, folder: join(folder, 'photos') })
    const [old, young] = [randomUUID(), randomUUID()]
    await photos.keep(anna, old, 'image/jpeg', jpeg)
    await utimes(join(folder, 'photos', old), new Date(nowMs), new Date(nowMs))
    nowMs += 89 * day
    await photos.forget()
    expect((await photos.read(old))?.body).toEqual(jpeg)
    await photos.keep(anna, young, 'image/jpeg', jpeg)
    nowMs += 2 * day
    await utimes(join(folder, 'photos', young), new Date(nowMs), new Date(nowMs))
    await photos.forget()
    expect([await photos.read(old), (await photos.read(young))?.contentType]).toEqual([null, 'image/jpeg'])
    expect(await readdir(join(folder, 'photos'))).toEqual([young])
  })

  it('whose upload broke off is whole when the phone sends it again', async () => {
    const clock = { nowMs: () => epochMs(start), realNowMs: () => realMs(Date.now()), speed: () => 1 }
    const photos = await openPhotos({ db, clock, folder })
    const photoId = randomUUID()
    await photos.keep(anna, photoId, 'image/jpeg', jpeg)
    await rm(join(folder, photoId))
    expect(await photos.read(photoId)).toBeNull()
    await photos.keep(anna, photoId, 'image/jpeg', jpeg)
    expect((await photos.read(photoId))?.body).toEqual(jpeg)
  })

  it('is one of 300 a day at most', async () => {
    const clock = { nowMs: () => epochMs(start), realNowMs: () => realMs(start), speed: () => 1 }
    const photos = await openPhotos({ db, clock, folder })
    await db.query(
      `INSERT INTO crew_photo SELECT gen_random_uuid(), $1, 'image/jpeg', 7, '', $2 FROM generate_series(1, 300)`,
      [anna, new Date(start - 1)],
    )
    expect(await photos.keep(anna, randomUUID(), 'image/jpeg', jpeg)).toMatchObject({ code: 'too_many_requests' })
  })
})
