import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { epochMs, realMs } from '../../contracts/units.ts'
import { addDemand } from '../../server/city/demand-store.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import type { BikeFacts } from '../../server/fleet/core/bike-state.ts'
import { type LockShadow, unheardLock } from '../../server/fleet/core/lock-shadow.ts'
import { openNumbers } from '../../server/numbers/numbers-room.ts'
import type { Clock } from '../../server/platform/clock.ts'
import {
  addHistoryBikes,
  addPastRides,
  bookPrice,
  bookRefund,
  bookWriteOff,
  type HistoryBike,
} from '../fixtures/ride-history.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const localTime = localTimeIn('Europe/Amsterdam')
const minuteMs = 60_000
const day = '2026-11-20'
const at = (hour: number, minute = 0, of = day) => localTime.momentOf(of, hour * 60 + minute)
const station = { lon: 4.726, lat: 52.3585 }
/** A degree of latitude is 111,195 m on the mean Earth. */
const north = { lon: 4.726, lat: 52.3685 }

let db: TestDatabase
let bikes: readonly HistoryBike[]
beforeAll(async () => {
  db = await openTestDatabase()
  return () => db.close()
})
beforeEach(async () => {
  await truncateAll(db)
  bikes = await addHistoryBikes(db, 4, at(0))
})
const bike = (index: number): HistoryBike => bikes[index] as HistoryBike

/** The room over the database, with a clock that is moved by hand and a fleet that is what the test says. */
function room(nowMs: number) {
  const world = { nowMs, fleet: [] as BikeFacts[] }
  const clock: Clock = { nowMs: () => epochMs(world.nowMs), realNowMs: () => realMs(world.nowMs), speed: () => 1 }
  const open = () =>
    openNumbers({ db, clock, localTime, bikes: () => world.fleet, flushDemand: () => Promise.resolve() })
  return { world, open, clock, ...open() }
}

function standing(nowMs: number, lat = station.lat, inService = true): BikeFacts {
  const position = { ...station, lat, accuracyM: 3, headingDeg: null, speedMps: null, bootId: 1, uptimeMs: 1 }
  const shadow = { ...unheardLock, bolt: 'locked', soc: 80, position, lastHeardAtMs: epochMs(nowMs) } as LockShadow
  return { shadow, trip: null, inService, custody: null, blockingAlarms: 0, urgentAlarms: 0 }
}

/** 120 m wide; two bikes should be there at least. */
async function drawHotspot(name: string, centre: { lon: number; lat: number }): Promise<void> {
  await db.query(
    `INSERT INTO zone_version (zone_id, version, kind, name, geom, centre, radius_m, capacity, min_bikes, max_bikes, removed,
                               holds_from, made_at)
     SELECT $1, 1, 'hotspot', $2, ST_Multi(ST_Buffer(p::geography, 60)::geometry), p, 60, 10, 2, 8, false, $5, $5
       FROM (SELECT ST_SetSRID(ST_MakePoint($3, $4), 4326) AS p) AS c`,
    [randomUUID(), name, centre.lon, centre.lat, new Date(at(0, 0, '2026-01-01'))],
  )
}

/** A version with another name that was to hold by now, and was called off. */
const callOffName = (name: string, newName: string) =>
  db.query(
    `INSERT INTO zone_version (zone_id, version, kind, name, geom, centre, radius_m, capacity, min_bikes, max_bikes, removed,
                               holds_from, made_at, called_off_at)
     SELECT zone_id, version + 1, kind, $2, geom, centre, radius_m, capacity, min_bikes, max_bikes, removed, $3, $3, $3
       FROM zone_version WHERE name = $1`,
    [name, newName, new Date(at(7))],
  )

const demand = (of: string, slot: number, counts: { searches?: number; unmet?: number; failedScans?: number }) =>
  addDemand(db, [
    {
      ...{ cell: '89196953333ffff', date: of, slot, pickups: 0, dropoffs: 0, emptyMinutes: 0 },
      ...{ searches: 0, unmet: 0, failedScans: 0, ...counts },
    },
  ])

describe('a day that is over', () => {
  it('has the figures that one gets by hand', async () => {
    // Four rides began (10, 20, 30 minutes, one goes on); a lock jammed, one was never heard again.
    const made = await addPastRides(db, [
      { bike: bike(0), askedAtMs: at(8), openMs: 2_000, minutes: 10, from: station, to: north },
      { bike: bike(1), askedAtMs: at(9), openMs: 4_000, minutes: 20, endReason: 'lock_will_not_close' },
      { bike: bike(2), askedAtMs: at(10), openMs: 6_000, minutes: 30, endReason: 'lock_closed_but_ride_goes_on' },
      { bike: bike(3), askedAtMs: at(23, 59), openMs: 3_000, minutes: null },
      { bike: bike(0), askedAtMs: at(11), openMs: null, minutes: null, failure: 'lock_jammed', command: 'failed' },
      { bike: bike(0), askedAtMs: at(12), openMs: null, minutes: null, failure: 'unlock_unanswered' },
      // A rider who ends out of a pause is not stranded, nor one whom a colleague set free by phone; and this one is of the day before.
      { bike: bike(1), askedAtMs: at(23, 58, '2026-11-19'), openMs: 1_000, minutes: 5, endReason: 'other' },
      { bike: bike(2), askedAtMs: at(12, 0, '2026-11-19'), openMs: 1_000, minutes: 5, endReason: 'staff' },
    ])
    const [first, second] = made
    if (!first || !second) throw new Error('rides were made')
    await bookPrice(db, first, 1_090, at(8, 20))
    await bookPrice(db, second, 2_180, at(9, 30))
    await bookPrice(db, second, 1_090, at(18))
    await bookRefund(db, second, 1_090, at(18))
    await bookWriteOff(db, first, 500, at(20))
    await demand(day, 16, { searches: 10, unmet: 3, failedScans: 1 })
    await demand('2026-11-19', 47, { searches: 5, unmet: 5 })
    await db.query(
      `INSERT INTO fleet_hour VALUES ($1, 8, 12, 48, 24), ($1, 9, 12, 24, 12)`, // 4 bikes, then 2: 3 in the mean
      [day],
    )
    await drawHotspot('Station', station)
    await db.query(`INSERT INTO hotspot_hour SELECT zone_id, $1, 8, 12, 9, 30, 24, 96 FROM zone_version`, [day])
    await callOffName('Station', 'Never so called')
    const { rollUp, reader } = room(at(6, 0, '2026-11-21'))
    await rollUp.tick()
    const numbers = await reader.numbers({ from: day, to: day }, true)
    expect(numbers.total).toEqual({
      ...{ rides: 4, bikesInService: 3, tripsPerBike: 1.333, meanRideMinutes: 20, meanStraightM: 1112 },
      availability: 0.75,
      ...{ unlocks: 6, opened: 4, refused: 0, jammed: 1, unanswered: 1, lockSuccess: 0.6667 },
      ...{ openMsP50: numbers.total.openMsP50, openMsP95: numbers.total.openMsP95 },
      ...{ searches: 10, unmetSearches: 3, failedScans: 1, unmet: 4 },
      ...{ stranded: 3, strandedNotClosed: 1, strandedNotHeard: 1, strandedNotAnswered: 1 },
      ...{ alarms: 0, alarmsTakenUp: 0, takeUpMsP50: null },
    })
    // Of 2, 3, 4 and 6 seconds, kept in steps of 2 %.
    expect(numbers.total.openMsP50).toBeGreaterThan(2_970)
    expect(numbers.total.openMsP50).toBeLessThan(3_030)
    expect(numbers.total.openMsP95).toBeGreaterThan(5_940)
    expect(numbers.total.openMsP95).toBeLessThan(6_060)
    expect(numbers.before).toMatchObject({ rides: 2, stranded: 0, unmet: 5 })
    // 10.90 + 21.80 − 21.80 + 10.90, of which 9 % VAT.
    expect(numbers.money).toEqual([
      {
        currency: 'CNY',
        total: { gross: 2_180, vat: 180, refunds: 1_090, writtenOff: 500 },
        before: { gross: 0, vat: 0, refunds: 0, writtenOff: 0 },
        days: [{ day, money: { gross: 2_180, vat: 180, refunds: 1_090, writtenOff: 500 } }],
      },
    ])
    expect(numbers.days.map((one) => one.day)).toEqual([day])
    expect((await reader.numbers({ from: day, to: day }, false)).money).toBeNull()
    const { locks } = await reader.locks({ from: day, to: day })
    expect(locks).toMatchObject([
      {
        bikeNumber: bike(0).number,
        unlocks: 3,
        opened: 1,
        jammed: 1,
        unanswered: 1,
        lockSuccess: 0.3333,
        meanOpenMs: 2_000,
      },
    ])
    const { hotspots } = await reader.availability({ from: day, to: day })
    expect(hotspots).toMatchObject([
      { name: 'Station', all: { samples: 12, availability: 0.75, meanStock: 2.5 }, least: 2, most: 8 },
    ])
  })

  it('is the same whether it was kept or is counted while it goes on', async () => {
    await addPastRides(db, [
      { bike: bike(0), askedAtMs: at(8), openMs: 2_000, minutes: 10 },
      { bike: bike(1), askedAtMs: at(9), openMs: null, minutes: null, failure: 'lock_jammed', command: 'failed' },
    ])
    const { world, rollUp, reader } = room(at(23, 59))
    const live = await reader.numbers({ from: day, to: day }, true)
    const liveLocks = await reader.locks({ from: day, to: day })
    world.nowMs = at(0, 1, '2026-11-21')
    expect((await reader.numbers({ from: day, to: day }, true)).uncountedDays).toEqual([day])
    await rollUp.tick()
    const kept = await reader.numbers({ from: day, to: day }, true)
    expect(kept.total).toEqual(live.total)
    expect(kept.uncountedDays).toEqual([])
    expect(await reader.locks({ from: day, to: day })).toEqual(liveLocks)
  })

  it('is made again when a late word changes a ride of it, however old, and a repeat changes nothing', async () => {
    const [ride] = await addPastRides(db, [{ bike: bike(0), askedAtMs: at(8), openMs: 2_000, minutes: 60 }])
    if (!ride) throw new Error('a ride was made')
    await bookPrice(db, ride, 2_000, at(9))
    const { world, rollUp, reader } = room(at(6, 0, '2026-11-21'))
    await rollUp.tick()
    const read = async () => (await reader.numbers({ from: day, to: day }, true)).total
    expect(await read()).toMatchObject({ meanRideMinutes: 60 })
    const kept = await keptRows()
    await rollUp.tick()
    expect(await keptRows()).toEqual(kept)

    // Three weeks later the lock is found; its log says that it closed after a quarter of an hour.
    world.nowMs = at(12, 0, '2026-12-11')
    await db.query(
      "UPDATE trip SET ended_at = started_at + interval '15 minutes', updated_at = $2 WHERE trip_id = $1",
      [ride.tripId, new Date(world.nowMs - 1_000)],
    )
    await bookPrice(db, ride, 600, world.nowMs - 1_000)
    await rollUp.tick()
    expect(await read()).toMatchObject({ rides: 1, meanRideMinutes: 15 })
    // The ledger corrects itself on the day of the correction; what was closed stays closed.
    const money = await reader.numbers({ from: day, to: '2026-12-11' }, true)
    expect(money.money?.[0]?.days).toMatchObject([
      { day, money: { gross: 2_000 } },
      { day: '2026-12-11', money: { gross: -1_400 } },
    ])
    expect(money.money?.[0]?.total.gross).toBe(600)
  })

  it('is made even when years come at once, the newest first', async () => {
    await addPastRides(
      db,
      Array.from({ length: 70 }, (_, i) => ({
        ...{ bike: bike(0), openMs: 2_000, minutes: 10 },
        askedAtMs: at(8) - i * 86_400_000,
      })),
    )
    const { rollUp, reader } = room(at(6, 0, '2026-11-21'))
    const range = { from: '2026-08-20', to: '2026-11-21' }
    await rollUp.tick()
    const { days, uncountedDays } = await reader.numbers(range, false)
    expect([days[0]?.day, days.length, uncountedDays.length]).toEqual(['2026-10-21', 32, 39])
    await rollUp.tick()
    await rollUp.tick()
    const all = await reader.numbers(range, false)
    expect([all.total.rides, all.uncountedDays]).toEqual([70, []])
    expect(all.firstDay).toBe('2026-09-12')
  })
})

describe('a day on which the clock is changed', () => {
  it.each([
    { name: '25 hours', of: '2026-10-25', hours: 25 },
    { name: '23 hours', of: '2026-03-29', hours: 23 },
  ])('has $name, and each ride is of one day', async ({ of, hours }) => {
    const begins = at(0, 0, of)
    const rides = Array.from({ length: 27 }, (_, hour) => ({
      ...{ bike: bike(0), openMs: 1_000, minutes: 5 },
      askedAtMs: begins + (hour - 1) * 60 * minuteMs,
    }))
    await addPastRides(db, rides)
    const { rollUp, reader } = room(at(12, 0, of) + 3 * 86_400_000)
    await rollUp.tick()
    const read = async (wanted: string) => (await reader.numbers({ from: wanted, to: wanted }, false)).total.rides
    expect(await read(of)).toBe(hours)
    const { total } = await reader.numbers(
      { from: localTime.dateAt(begins - 1), to: localTime.dateAt(begins + 30 * 3_600_000) },
      false,
    )
    expect(total.rides).toBe(27)
  })

  it('has two hours’ looks in the hour that comes twice', async () => {
    await drawHotspot('Station', station)
    const { world, sampler, reader } = room(at(0, 0, '2026-10-25'))
    for (let minute = 0; minute < 25 * 60; minute++) {
      world.fleet = [standing(world.nowMs)]
      await sampler.look()
      world.nowMs += minuteMs
    }
    const { hotspots } = await reader.availability({ from: '2026-10-25', to: '2026-10-25' })
    expect(hotspots[0]?.all.samples).toBe(25 * 12)
    expect(hotspots[0]?.hours.map(({ samples }) => samples)).toEqual([12, 12, 24, ...Array(21).fill(12)])
  })
})

describe('looks at hotspots', () => {
  it('happen once in five minutes, whoever restarts and however fast the clock is', async () => {
    await drawHotspot('Station', station)
    await drawHotspot('North', north)
    const { world, open, reader } = room(at(8))
    let sampler = open().sampler
    for (let minute = 0; minute < 60; minute++) {
      // One bike of two stands in the first half hour, and is ridden away.
      const gone = minute < 30 ? standing(world.nowMs) : { ...standing(world.nowMs), trip: 'riding' as const }
      world.fleet = [gone, standing(world.nowMs, 52.4, false)]
      await sampler.look()
      if (minute % 7 === 0) sampler = open().sampler
      // Two processes that look at the same time.
      await Promise.all([open().sampler.look(), sampler.look()])
      world.nowMs += minuteMs
    }
    const { hotspots } = await reader.availability({ from: day, to: day })
    expect(hotspots.map(({ name, all }) => [name, all])).toEqual([
      ['North', { samples: 12, availability: 0, meanStock: 0 }],
      ['Station', { samples: 12, availability: 0.5, meanStock: 0.5 }],
    ])
    expect((await reader.numbers({ from: day, to: day }, false)).total).toMatchObject({
      ...{ availability: 0.25, bikesInService: 1, tripsPerBike: 0 },
    })
    // A fast clock passes over many steps: what nobody saw is not made up.
    world.nowMs = at(11)
    await sampler.look()
    expect(
      (await reader.availability({ from: day, to: day })).hotspots[0]?.hours.map(({ samples }) => samples),
    ).toEqual(Array.from({ length: 24 }, (_, hour) => ({ 8: 12, 11: 1 })[hour] ?? 0))
    // City time that is set back looks at nothing twice.
    world.nowMs = at(9)
    expect(await open().sampler.look()).toBe(false)
  })
})

describe('today', () => {
  it('is compared with yesterday up to the same time', async () => {
    await addPastRides(
      db,
      [at(8), at(9), at(20), at(8, 0, '2026-11-21'), at(9, 30, '2026-11-21')].map((askedAtMs) => ({
        ...{ bike: bike(0), askedAtMs, openMs: 2_000, minutes: 10 },
      })),
    )
    await demand(day, 16, { searches: 4, unmet: 2 })
    await demand(day, 40, { searches: 4, unmet: 4 })
    const { rollUp, reader } = room(at(12, 0, '2026-11-21'))
    await rollUp.tick()
    const numbers = await reader.numbers({ from: '2026-11-21', to: '2026-11-21' }, false)
    expect([numbers.total.rides, numbers.before?.rides, numbers.before?.unmet]).toEqual([2, 2, 2])
  })

  it('counts alarms, and how long it took until a person took them up', async () => {
    const raise = async (minute: number, takenUpAfterMs: number | null) => {
      const alarmId = randomUUID()
      await db.query(
        `INSERT INTO alarm (alarm_id, kind, bike_id, cause_key, state, severity, blocks_rental, raised_at, last_seen_at, detail)
         VALUES ($1, 'jammed_open', $2, $3, 'open', 'warning', true, $4, $4, '{}')`,
        [alarmId, bike(minute).bikeId, alarmId, new Date(at(8, minute))],
      )
      await db.query(
        `INSERT INTO alarm_act (alarm_id, at, real_at, staff_id, act) VALUES ($1, $2, $2, NULL, 'raised')`,
        [alarmId, new Date(at(8, minute))],
      )
      if (takenUpAfterMs === null) return
      const staffId = randomUUID()
      await db.query('INSERT INTO staff (staff_id, name, created_at) VALUES ($1, $2, $3)', [staffId, 'N', new Date()])
      for (const later of [0, 60_000]) {
        await db.query(
          `INSERT INTO alarm_act (alarm_id, at, real_at, staff_id, act) VALUES ($1, $2, $2, $3, 'noted')`,
          [alarmId, new Date(at(8, minute) + takenUpAfterMs + later), staffId],
        )
      }
    }
    await raise(0, 60_000)
    await raise(1, 120_000)
    await raise(2, 600_000)
    await raise(3, null)
    const { total } = await room(at(12)).reader.numbers({ from: day, to: day }, false)
    expect(total).toMatchObject({ alarms: 4, alarmsTakenUp: 3 })
    expect(Math.abs((total.takeUpMsP50 ?? 0) - 120_000)).toBeLessThan(1_300)
  })
})

async function keptRows() {
  const { rows } = await db.query<object>(
    `SELECT local_day, counts, (SELECT count(*) FROM day_money), (SELECT sum(asked) FROM day_lock) FROM day_figures`,
  )
  return rows
}
