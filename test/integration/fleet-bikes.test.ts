import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isBikeNumber } from '../../contracts/bike-number.ts'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { type Alarms, createAlarms, type RaiseOrder } from '../../server/alarms/alarms-service.ts'
import type { LockWord } from '../../server/fleet/core/lock-shadow.ts'
import { type Fleet, type FleetBike, openFleet } from '../../server/fleet/fleet-service.ts'
import { createUplinkIngest } from '../../server/fleet/uplink-ingest.ts'
import { withAfterCommit } from '../../server/platform/after-commit.ts'
import type { Database } from '../../server/platform/database.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { boltEvent, deliver, hello, record, telemetry } from '../fixtures/lock-messages.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const here = { lon: 5.12, lat: 52.09 }
const start = Date.UTC(2030, 0, 2, 12)
const minuteMs = 60_000

let db: TestDatabase
let fleet: Fleet
let world: Database
let alarms: Alarms
let nowMs = start
let published: string[] = []
const clock = { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => 1 }

beforeAll(async () => {
  db = await openTestDatabase()
  world = withAfterCommit(db)
  alarms = createAlarms({ clock, ids: secureIds, tellDesk: () => undefined })
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  nowMs = start
  published = []
  fleet = await open()
})

const open = () =>
  openFleet({
    ...{ db, clock, ids: secureIds, logger: silentLogger, schedule: () => undefined },
    publish: async (topic, payload) => void published.push(`${topic} ${payload}`),
  })

const raise = (order: RaiseOrder) => world.transaction((tx) => alarms.raise(tx, order))

const says = (bike: FleetBike, word: LockWord) => fleet.listener.heard(bike.lockId, word, epochMs(nowMs))

/** A bike that has said hello and where it is, and was written. */
async function addLiveBike(lockId: string, at: { lon: number; lat: number }, soc = 80): Promise<FleetBike> {
  const bike = await fleet.addBike({ lockId })
  says(bike, { kind: 'hello', body: hello({ soc }) })
  says(bike, { kind: 'tel', body: telemetry([record({ lo: at.lon, la: at.lat, soc })]) })
  await fleet.tick()
  return bike
}

const forced = (bikeId: BikeId, causeKey: string) => ({
  ...{ kind: 'forced' as const, bikeId, tripId: null, causeKey, detail: { by: 'force' }, atMs: epochMs(nowMs) },
})

async function insertTrip(bike: FleetBike, state: string): Promise<void> {
  const [riderId, paymentId] = [secureIds.uuid(), secureIds.uuid()]
  const at = new Date(nowMs)
  await db.query(`INSERT INTO tariff VALUES ('t', 'CNY', 0, 0, 0, 0, 0, 100, 9, $1) ON CONFLICT DO NOTHING`, [at])
  await db.query(`INSERT INTO rider VALUES ($1, $2, $2, 'en', false, $3)`, [riderId, Buffer.from(riderId), at])
  await db.query(
    `INSERT INTO payment (payment_id, rider_id, provider, state, currency, held_minor, hold_key, next_action, expires_at,
                          created_at, updated_at) VALUES ($1, $2, 'x', 'held', 'CNY', 100, $3, '{}', $4, $4, $4)`,
    [paymentId, riderId, paymentId, at],
  )
  await db.query(
    `INSERT INTO trip (trip_id, rider_id, bike_id, lock_id, payment_id, tariff_id, state, rider_free, created_at, paused_ms,
                       updated_at) VALUES ($1, $2, $3, $4, $5, 't', $6, false, $7, 0, $7)`,
    [secureIds.uuid(), riderId, bike.bikeId, bike.lockId, paymentId, state, at],
  )
}

describe('a new bike', () => {
  it('gets a number with a check digit, an opaque code and a lock', async () => {
    const bike = await fleet.addBike({ lockId: 'lock-one', ...here })
    expect(isBikeNumber(bike.number)).toBe(true)
    expect(bike.code).toMatch(/^[A-Za-z0-9]{12}$/)
    expect((await db.query('SELECT lock_id, command_counter FROM lock')).rows).toEqual([
      { lock_id: 'lock-one', command_counter: 0 },
    ])
    expect(fleet.bikes()[bike.slot]?.shadow.position).toMatchObject(here)
  })

  it('is the same one when its lock is told again', async () => {
    const bike = await fleet.addBike({ lockId: 'lock-one' })
    expect(await fleet.addBike({ lockId: 'lock-one', model: 'cargo' })).toEqual(bike)
    expect(fleet.bikes()).toHaveLength(1)
  })

  it('cannot be rented before its lock has spoken', async () => {
    const bike = await fleet.addBike({ lockId: 'lock-one', ...here })
    expect(fleet.bikeByCode(bike.code)?.refusal?.code).toBe('bike_silent')
    expect(await fleet.bikesNear(here.lon, here.lat, 500, 10)).toEqual([])
  })
})

describe('a bike', () => {
  it('is found by its code and by its number, and by nothing else', async () => {
    const bike = await addLiveBike('lock-one', here)
    for (const text of [bike.code, bike.number]) {
      expect(fleet.bikeByCode(text)).toMatchObject({
        bikeId: bike.bikeId,
        refusal: null,
        inUse: false,
        batteryPercent: 80,
      })
    }
    expect(fleet.bikeByCode(bike.lockId)).toBeNull()
    expect(fleet.bikeByCode(bike.bikeId)).toBeNull()
  })

  it('is known again after a restart', async () => {
    const bike = await addLiveBike('lock-one', here)
    await insertTrip(bike, 'riding')
    fleet = await open()
    const again = fleet.bikes()[0]
    expect(again).toMatchObject({ bikeId: bike.bikeId, trip: 'riding' })
    expect(again?.shadow).toMatchObject({ bootId: 7, bolt: 'locked', soc: 80, lastHeardAtMs: start, stamps: [] })
    expect(again?.shadow.position).toMatchObject(here)
  })

  it('whose lock spoke just before the platform was killed stands as it said, and is offered to nobody', async () => {
    const bike = await addLiveBike('lock-one', here)
    nowMs += 1
    const ingest = createUplinkIngest({ db, clock, logger: silentLogger, listener: fleet.listener })
    await deliver(ingest.sink, bike.lockId, 'evt', boltEvent({ q: 5, u: 5_000, by: 'ble' }))
    await ingest.stop()
    fleet = await open()
    expect(fleet.shadowOf(bike.lockId)).toMatchObject({ bolt: 'unlocked', lastHeardAtMs: nowMs, stamps: [] })
    await fleet.tick()
    expect(await fleet.bikesNear(here.lon, here.lat, 500, 10)).toEqual([])
  })

  it('shows strangers another id after its id was rotated', async () => {
    const bike = await addLiveBike('lock-one', here)
    const before = await fleet.bikesNear(here.lon, here.lat, 500, 10)
    await db.transaction((tx) => fleet.rotatePublicId(tx, bike.bikeId))
    const after = await fleet.bikesNear(here.lon, here.lat, 500, 10)
    expect(after).toHaveLength(1)
    expect(after[0]?.publicId).not.toBe(before[0]?.publicId)
  })

  it('has one alarm of a kind, and stays in alarm until it is resolved', async () => {
    const bike = await addLiveBike('lock-one', here)
    for (const cause of ['a', 'a', 'b']) {
      await raise(forced(bike.bikeId, cause))
    }
    await fleet.tick()
    const details = await fleet.bikeDetails(bike.bikeId)
    expect(details).toMatchObject({ state: 'alarm', alarms: [{ kind: 'forced', severity: 'urgent' }] })
    expect((await db.query('SELECT times FROM alarm')).rows).toEqual([{ times: 2 }])
    expect(fleet.bikeByCode(bike.code)?.refusal?.code).toBe('bike_out_of_service')
    await world.transaction((tx) => alarms.clear(tx, bike.bikeId, ['forced'], epochMs(nowMs)))
    await fleet.tick()
    expect((await fleet.bikeDetails(bike.bikeId))?.state).toBe('available')
  })

  it('is told the time when its lock says hello, and asked for a sign of life', async () => {
    const bike = await addLiveBike('lock-one', here)
    fleet.requestStamp(bike.lockId)
    expect(published).toEqual([
      `bss/v1/dn/lock-one/sync {"v":1,"st":${start}}`,
      `bss/v1/dn/lock-one/sync {"v":1,"st":${start},"req":1}`,
    ])
  })

  it('of nobody is unknown', async () => {
    const nobody = asId<LockId>('lock-nobody')
    fleet.listener.heard(nobody, { kind: 'hello', body: hello() }, epochMs(nowMs))
    await fleet.tick()
    expect(fleet.bikeOfLock(nobody)).toBeNull()
    expect(fleet.shadowOf(nobody).bootId).toBeNull()
    expect(await fleet.bikeDetails(asId<BikeId>(secureIds.uuid()))).toBeNull()
  })
})

describe('bikes near a place', () => {
  const at = (eastM: number) => ({
    lon: here.lon + eastM / (111_320 * Math.cos((here.lat * Math.PI) / 180)),
    lat: here.lat,
  })
  const distances = async () => (await fleet.bikesNear(here.lon, here.lat, 800, 10)).map((bike) => bike.distanceM)

  it('come nearest first, within the radius and the limit', async () => {
    for (const eastM of [700, 100, 850, 400]) await addLiveBike(`lock-${eastM}`, at(eastM))
    const found = await distances()
    expect(found).toHaveLength(3)
    for (const [index, expected] of [100, 400, 700].entries()) {
      expect(Math.abs((found[index] ?? 0) - expected)).toBeLessThan(expected * 0.01)
    }
    expect(await fleet.bikesNear(here.lon, here.lat, 800, 2)).toHaveLength(2)
  })

  it.each(['promised', 'unlocking', 'riding', 'paused', 'ending'])('leave out one whose trip is %s', async (state) => {
    await insertTrip(await addLiveBike('lock-one', here), state)
    expect(await distances()).toEqual([])
  })

  it('leave out one that is flat, silent, open, in trouble or out of service', async () => {
    await addLiveBike('lock-flat', here, 9)
    const broken = await addLiveBike('lock-forced', here)
    await raise(forced(broken.bikeId, 'a'))
    const opened = await addLiveBike('lock-open', here)
    says(opened, { kind: 'tel', body: telemetry([record({ q: 9, u: 9_000, bolt: 'unlocked' })]) })
    await addLiveBike('lock-resting', here)
    await db.query(`UPDATE bike SET in_service = false WHERE lock_id = 'lock-resting'`)
    await fleet.tick()
    expect(await distances()).toEqual([])
    await addLiveBike('lock-well', here)
    expect(await distances()).toEqual([0])
    nowMs += 20 * minuteMs + 1
    expect(await distances()).toEqual([])
  })
})
