import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { type AlarmsRoom, openAlarmsRoom } from '../../server/alarms/alarms-room.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { type CrewWorld, openCrewWorld, street } from '../fixtures/crew-world.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { record, telemetry } from '../fixtures/lock-messages.ts'
import { insertCrew, publishNight } from '../fixtures/published-night.ts'
import { addPastRides } from '../fixtures/ride-history.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 1)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let db: TestDatabase
let world: CrewWorld
let room: AlarmsRoom
let told: string[] = []
let uptime = 10_000
let queue = 10

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  told = []
  world = await openCrewWorld(db, start)
  room = await openRoom()
})

const openRoom = () =>
  openAlarmsRoom({
    ...{ db: world.db, ids: secureIds, logger: silentLogger, localTime: localTimeIn('UTC'), fleet: world.fleet },
    clock: { nowMs: () => epochMs(world.nowMs), realNowMs: () => realMs(world.nowMs), speed: () => 1 },
    tellDesk: (event) => {
      if (event.kind === 'alarm') told.push(event.state)
    },
  })

const north = (metres: number) => street.lat + metres / 111_195
/** The lock tells where it is, now. */
function hear(bike: FleetBike, metres: number, more: { soc?: number; ha?: number } = {}): void {
  uptime += 1_000
  queue += 1
  const fix = record({ q: queue, u: uptime, lo: street.lon, la: north(metres), soc: 80, ...more })
  world.fleet.listener.heard(bike.lockId, { kind: 'tel', body: telemetry([fix]) }, epochMs(world.nowMs))
}
const look = async (afterMs = minuteMs) => {
  world.nowMs += afterMs
  await room.watch.look()
}
const alarms = async () =>
  (
    await db.query<{ kind: string; state: string; severity: string; times: number }>(
      'SELECT kind, state, severity, times FROM alarm ORDER BY raised_at, kind',
    )
  ).rows.map(({ kind, state, severity, times }) => `${kind} ${state} ${severity} ${times}`)

const lines = async (kind: AlarmKind) => (await alarms()).filter((line) => line.startsWith(`${kind} `))
const newest = async (staffId: string, state: 'open' | 'resolved' = 'open') => {
  const [alarm] = (await room.desk.list({ state }, staffId)).alarms
  if (!alarm) throw new Error('no alarm')
  return alarm
}
/** The lock tells it, and a person ends it. */
async function tellAndResolve(bike: FleetBike, kind: AlarmKind, causeKey: string, staffId: string): Promise<string> {
  await tell(bike, kind, causeKey)
  const { alarmId } = await newest(staffId)
  await room.desk.act(alarmId, { act: 'resolve', how: 'fixed' }, null, staffId)
  return alarmId
}
const tell = (bike: FleetBike, kind: AlarmKind, causeKey: string, atMs = world.nowMs) =>
  world.db.transaction((tx) =>
    room.alarms.raise(tx, { kind, bikeId: bike.bikeId, tripId: null, causeKey, detail: {}, atMs: epochMs(atMs) }),
  )

describe('what a lock tells again', () => {
  it('is more of the alarm that is open, also where a newer one was resolved', async () => {
    const bike = await world.newBike()
    const staffId = await insertCrew(db, 'Anna', start)
    const older = await tellAndResolve(bike, 'fallen', 'first', staffId)
    world.nowMs += hourMs
    await tellAndResolve(bike, 'fallen', 'second', staffId)
    await room.desk.act(older, { act: 'reopen' }, null, staffId)
    world.nowMs += hourMs
    await tell(bike, 'fallen', 'third')
    expect(await alarms()).toEqual(['fallen open notice 2', 'fallen resolved notice 1'])
  })

  it('late is a story of its own when its kind always is, whoever ended the one before', async () => {
    const bike = await world.newBike()
    const staffId = await insertCrew(db, 'Anna', start)
    const forcedAtMs = world.nowMs + minuteMs
    await tell(bike, 'forced', 'first')
    world.nowMs += 5 * minuteMs
    await room.desk.act((await newest(staffId)).alarmId, { act: 'resolve', how: 'fixed' }, null, staffId)
    await tell(bike, 'forced', 'second', forcedAtMs)
    expect(await alarms()).toEqual(['forced resolved urgent 1', 'forced open urgent 1'])
  })

  it('of little things is over when it was not told for a while', async () => {
    const bike = await world.newBike()
    await tell(bike, 'shaken', 'wind')
    await tell(bike, 'forced', 'bar')
    await look(hourMs)
    expect(await lines('shaken')).toEqual(['shaken open notice 1'])
    await look(2 * hourMs)
    expect(await lines('shaken')).toEqual(['shaken resolved notice 1'])
    expect(await lines('forced')).toEqual(['forced open urgent 1'])
  })
})

describe('a ride that lasts too long', () => {
  it('is told of again when the hour that staff allowed is over', async () => {
    const bike = await world.newBike()
    const [ride] = await addPastRides(db, [{ bike, askedAtMs: start - 5 * hourMs, openMs: 1_000, minutes: null }])
    await look()
    expect(await lines('long_trip')).toEqual(['long_trip open warning 1'])
    const allowed = [ride?.tripId, new Date(world.nowMs + hourMs)]
    await db.query('UPDATE trip SET allowed_until = $2 WHERE trip_id = $1', allowed)
    await look()
    expect(await lines('long_trip')).toEqual(['long_trip resolved warning 1'])
    await look(2 * hourMs)
    expect(await lines('long_trip')).toContain('long_trip open warning 1')
  })
})

describe('a look that fails at one alarm', () => {
  it('does the rest of its work, and tells', async () => {
    const [one, two] = [await world.newBike(), await world.newBike()]
    hear(one, 0, { soc: 12 })
    hear(two, 0, { soc: 12 })
    const staffId = await insertCrew(db, 'Anna', start)
    await tell(two, 'forced', 'bar')
    await room.desk.act((await newest(staffId)).alarmId, { act: 'snooze', wait: 1 }, null, staffId)
    await db.query(
      `ALTER TABLE alarm ADD CONSTRAINT poison CHECK (kind <> 'low_battery' OR bike_id <> '${one.bikeId}')`,
    )
    try {
      await expect(look(2 * minuteMs)).rejects.toThrow(/poison/)
    } finally {
      await db.query('ALTER TABLE alarm DROP CONSTRAINT poison')
    }
    expect((await alarms()).sort()).toEqual(['forced open urgent 1', 'low_battery open notice 1'])
  })
})

describe('the fleet, looked at again and again', () => {
  it('raises an alarm once, makes it worse, and ends it by itself', async () => {
    const bike = await world.newBike()
    hear(bike, 0, { soc: 18 })
    await look()
    await look()
    expect(await alarms()).toEqual(['low_battery open notice 1'])
    hear(bike, 0, { soc: 9 })
    await look()
    expect(await alarms()).toEqual(['low_battery open warning 1'])
    hear(bike, 0, { soc: 90 })
    await look()
    expect(await alarms()).toEqual(['low_battery resolved warning 1'])
    expect(told).toEqual(['open', 'open', 'resolved'])
  })

  it('reads back what is open after a restart, and raises nothing twice', async () => {
    const bike = await world.newBike()
    hear(bike, 0, { soc: 12 })
    await look()
    room = await openRoom()
    expect(room.countByKind()).toEqual(new Map([['low_battery', 1]]))
    await look()
    expect(await alarms()).toEqual(['low_battery open notice 1'])
    hear(bike, 0, { soc: 90 })
    await look()
    expect(await alarms()).toEqual(['low_battery resolved notice 1'])
  })

  it('does not ask the database when nothing has changed', async () => {
    const bike = await world.newBike()
    hear(bike, 0, { soc: 12 })
    await look()
    await look()
    const before = await db.query('SELECT * FROM alarm')
    const acts = async () => (await db.query('SELECT 1 FROM alarm_act')).rowCount
    expect(await acts()).toBe(1)
    for (let i = 0; i < 5; i += 1) await look()
    expect(await acts()).toBe(1)
    expect((await db.query('SELECT * FROM alarm')).rows).toEqual(before.rows)
  })

  it('leaves a person alone who has just ended the alarm, and comes back later', async () => {
    const bike = await world.newBike()
    const staffId = await insertCrew(db, 'Anna', start)
    hear(bike, 0, { soc: 12 })
    await look()
    const { alarms: list } = await room.desk.list({ state: 'open' }, staffId)
    const alarmId = list[0]?.alarmId ?? ''
    await room.desk.act(alarmId, { act: 'resolve', how: 'false_alarm' }, 1, staffId)
    hear(bike, 0, { soc: 12 })
    await look()
    expect(await alarms()).toEqual(['low_battery resolved notice 1'])
    await look(hourMs)
    hear(bike, 0, { soc: 12 })
    await look()
    expect(await alarms()).toContain('low_battery open notice 1')
  })

  it('wakes what was put to sleep', async () => {
    const bike = await world.newBike()
    const staffId = await insertCrew(db, 'Anna', start)
    hear(bike, 0, { soc: 12 })
    await look()
    const [alarm] = (await room.desk.list({ state: 'open' }, staffId)).alarms
    await room.desk.act(alarm?.alarmId ?? '', { act: 'snooze', wait: 15 }, 1, staffId)
    await look(14 * minuteMs)
    expect((await alarms())[0]).toContain('snoozed')
    await look(2 * minuteMs)
    expect((await alarms())[0]).toContain('low_battery open')
  })
})

describe('a bike that is elsewhere', () => {
  it('has moved without a ride, is missed over a restart, and is lost when it falls silent', async () => {
    const bike = await world.newBike()
    hear(bike, 0)
    await look()
    room = await openRoom()
    hear(bike, 400)
    await look()
    expect(await alarms()).toEqual(['moved_without_trip open urgent 1'])
    await look(25 * minuteMs)
    expect(await alarms()).toContain('lost open urgent 1')
    hear(bike, 10)
    await look()
    expect((await alarms()).every((line) => line.includes('resolved'))).toBe(true)
  })

  it('in a van did not move by itself, and belongs where the van put it down', async () => {
    const bike = await world.newBike()
    hear(bike, 0)
    await look()
    const anna = await world.newCrew('Anna')
    const [route] = await publishNight(db, {
      nowMs: start,
      vans: [{ capacity: 1, stops: [{ kind: 'strays', take: [bike.bikeId] }] }],
    })
    const routeId = route?.routeId ?? ''
    await world.crew.claim(anna, routeId, randomUUID())
    await world.act(anna, routeId, { act: 'load', bike: bike.number, stopId: route?.stopIds[0] ?? '' })
    await world.fleet.tick()
    hear(bike, 700)
    await look()
    hear(bike, 2_000)
    await look()
    const there = { lon: street.lon, lat: north(2_500) }
    await world.act(anna, routeId, { act: 'unload', bike: bike.number, stopId: null, ...there })
    await world.fleet.tick()
    await look()
    hear(bike, 2_510)
    await look()
    expect(await alarms()).toEqual([])
    hear(bike, 2_900)
    await look()
    expect(await alarms()).toEqual(['moved_without_trip open urgent 1'])
  })

  it('that a person has seen there belongs there from now on', async () => {
    const bike = await world.newBike()
    const staffId = await insertCrew(db, 'Anna', start)
    hear(bike, 0)
    await look()
    hear(bike, 400)
    await look()
    const [alarm] = (await room.desk.list({ state: 'open' }, staffId)).alarms
    await room.desk.act(alarm?.alarmId ?? '', { act: 'resolve', how: 'other' }, 1, staffId)
    await look(hourMs)
    hear(bike, 405)
    await look()
    expect((await alarms()).filter((line) => line.startsWith('moved'))).toEqual([
      'moved_without_trip resolved urgent 1',
    ])
  })
})

describe('a bike whose place was seen too soon', () => {
  it('is missed again when the colleague takes the word back, over a restart as well', async () => {
    const bike = await world.newBike()
    const staffId = await insertCrew(db, 'Anna', start)
    hear(bike, 0)
    await look()
    hear(bike, 400)
    await look()
    const { alarmId } = await newest(staffId)
    await room.desk.act(alarmId, { act: 'resolve', how: 'other' }, null, staffId)
    hear(bike, 402)
    await look()
    await room.desk.act(alarmId, { act: 'reopen' }, null, staffId)
    hear(bike, 401)
    await look()
    expect(await lines('moved_without_trip')).toEqual(['moved_without_trip open urgent 1'])
    room = await openRoom()
    await look()
    expect(await lines('moved_without_trip')).toEqual(['moved_without_trip open urgent 1'])
    hear(bike, 5)
    await look()
    expect(await lines('moved_without_trip')).toEqual(['moved_without_trip resolved urgent 1'])
  })
})

describe('a bike that was ridden between two looks', () => {
  it('did not move by itself, and belongs where the ride ended', async () => {
    const bike = await world.newBike()
    hear(bike, 0)
    await look()
    await addPastRides(db, [{ bike, askedAtMs: world.nowMs + 5_000, openMs: 1_000, minutes: 2 }])
    world.nowMs += 3 * minuteMs
    hear(bike, 900)
    await look()
    await look()
    expect(await alarms()).toEqual([])
    hear(bike, 1_800)
    await look()
    expect(await alarms()).toEqual(['moved_without_trip open urgent 1'])
  })
})

describe('a bike that is not in service', () => {
  it("stands where it likes, and is nobody's business when it is retired", async () => {
    const bike = await world.newBike()
    hear(bike, 0)
    await look()
    hear(bike, 900)
    await look()
    expect(await lines('moved_without_trip')).toEqual(['moved_without_trip open urgent 1'])
    await db.query('UPDATE bike SET in_service = false, retired_at = $2 WHERE bike_id = $1', [
      bike.bikeId,
      new Date(start),
    ])
    await look()
    expect(await alarms()).toEqual(['moved_without_trip resolved urgent 1'])
    hear(bike, 3_000)
    await look(hourMs)
    expect((await alarms()).length).toBe(1)
  })
})

describe('a part of the fleet that falls silent at once', () => {
  it('is told of when it stays silent for longer than an outage of our own', async () => {
    const bikes = []
    for (let i = 0; i < 30; i += 1) bikes.push(await world.newBike())
    for (const bike of bikes) hear(bike, 0)
    await look()
    await look(40 * minuteMs)
    expect(await lines('silent')).toEqual([])
    await look(61 * minuteMs)
    expect((await lines('silent')).length).toBe(30)
  })
})

describe('thresholds', () => {
  it('are tried out on the fleet as it is, and hold from the moment they are saved', async () => {
    const bikes = [await world.newBike(), await world.newBike(), await world.newBike()]
    for (const [index, bike] of bikes.entries()) hear(bike, 0, { soc: 20 + 10 * index })
    await look()
    const settings = { ...room.settings.now(), lowBatteryPercent: 35 }
    const { kinds } = await room.watch.tryOut(settings)
    expect(kinds.find(({ kind }) => kind === 'low_battery')).toEqual({ kind: 'low_battery', would: 2, now: 0 })
    expect(await alarms()).toEqual([])
    const staffId = await insertCrew(db, 'Anna', start)
    expect(await room.settings.write({ ...settings, veryLowBatteryPercent: 40 }, staffId)).toMatchObject({
      code: 'alarm_settings_wrong',
    })
    await room.settings.write(settings, staffId)
    await look()
    expect((await alarms()).length).toBe(2)
    expect((await openRoom()).settings.now().lowBatteryPercent).toBe(35)
  })
})
