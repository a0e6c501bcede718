import { beforeAll, beforeEach, expect, it } from 'vitest'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import type { Hello } from '../../contracts/mqtt/reports.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { createAlarms } from '../../server/alarms/alarms-service.ts'
import { withAfterCommit } from '../../server/platform/after-commit.ts'
import type { Clock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/database.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { closingAttempt } from '../../server/trips/closing-attempts.ts'
import type { TripEvent } from '../../server/trips/core/trip-machine.ts'
import { createLockListener } from '../../server/trips/lock-listener.ts'
import { alreadyClosedAfter, movedAfter, rideClosedHeld } from '../../server/trips/lock-order.ts'
import { boltEvent, hello } from '../fixtures/lock-messages.ts'
import { addHistoryBikes, addPastRides, type HistoryBike } from '../fixtures/ride-history.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 12)
const minuteMs = 60_000
const clock: Clock = { nowMs: () => epochMs(start), realNowMs: () => realMs(start), speed: () => 1 }

let kept: TestDatabase
let db: Database
let bike: HistoryBike
const alarms = createAlarms({ clock, ids: secureIds, tellDesk: () => undefined })

beforeAll(async () => {
  kept = await openTestDatabase()
  db = withAfterCommit(kept)
  return () => kept.close()
})
beforeEach(async () => {
  await truncateAll(kept)
  bike = (await addHistoryBikes(kept, 1, start))[0] as HistoryBike
})

const raise = (kind: AlarmKind, atMs: number) =>
  db.transaction((tx) =>
    alarms.raise(tx, {
      ...{ kind, bikeId: asId<BikeId>(bike.bikeId), tripId: null, causeKey: `${kind}:${atMs}` },
      ...{ detail: {}, atMs: epochMs(atMs) },
    }),
  )
const open = async () => {
  const { rows } = await kept.query<{ kind: string }>(`SELECT kind FROM alarm WHERE state <> 'resolved' ORDER BY kind`)
  return rows.map(({ kind }) => kind)
}
/** The lock connects and says how its bolt is; nobody rides it. */
const says = (over: Partial<Hello>, madeAtMs: number) => hears({ kind: 'hello', body: hello(over) }, madeAtMs)
/** It tells of a closing, maybe long after it. */
const tellsClosed = (minute: number) =>
  hears(
    { kind: 'evt', body: boltEvent({ q: minute * 60, from: 'unlocked', to: 'locked', by: 'hand' }) },
    start + minute * minuteMs,
  )

type ListenerDeps = Parameters<typeof createLockListener>[0]
const noRide = () => Promise.reject(new Error('no ride is told of it'))

function hears(
  word: { readonly kind: 'hello' | 'evt'; readonly body: object },
  madeAtMs: number,
  advance: ListenerDeps['trips']['advance'] = noRide,
) {
  const listener = createLockListener({
    ...{ alarms, clock, bikeOfLock: () => asId<BikeId>(bike.bikeId) },
    trips: { advance, savePlace: noRide },
  })
  const report = { lockId: asId<LockId>(bike.lockId), madeAtMs: epochMs(madeAtMs), ...word }
  return db.transaction((tx) => listener.onReport(tx, report))
}

/** What the rides of the lock are told of its bolt. */
function ridesOf() {
  const heard: TripEvent[] = []
  const hearsOf = (bolt: ReturnType<typeof boltEvent>, minute: number) =>
    hears({ kind: 'evt', body: bolt }, start + minute * minuteMs, async (_tx, _trip, event) => {
      heard.push(event)
      return () => undefined
    })
  return { heard, hearsOf }
}

it('a lock that says after a restart that it is locked ends what its lost closing would have ended', async () => {
  for (const kind of [
    'jammed_close',
    'lock_did_not_close',
    'opened_by_staff',
    'opened_after_release',
    'forced',
  ] as const)
    await raise(kind, start - minuteMs)
  await says({ bolt: 'locked' }, start)
  expect(await open()).toEqual(['forced'])
})

it('a word that is older than the alarm ends nothing', async () => {
  await raise('opened_by_staff', start - 2 * minuteMs)
  await raise('jammed_close', start)
  await says({ bolt: 'locked' }, start - minuteMs)
  expect(await open()).toEqual(['jammed_close'])
  // Told again after the word was said.
  await raise('jammed_close', start + minuteMs)
  await says({ bolt: 'locked' }, start + minuteMs / 2)
  expect(await open()).toEqual(['jammed_close'])
})

it('a lock that is open, or has more to tell, ends nothing by its hello', async () => {
  await raise('jammed_close', start - minuteMs)
  await says({ bolt: 'unlocked' }, start)
  await says({ bolt: 'locked', ob: { evt: 2, tel: 0 } }, start)
  expect(await open()).toEqual(['jammed_close'])
})

it('a closing that is told after the next opening ends no alarm of a bike that stands open since', async () => {
  // The receipt of a phone overtook it, and the desk ended the ride that the receipt began.
  await told(5, 'unlocked', 'ble')
  await raise('lock_did_not_close', start + 6 * minuteMs)
  await tellsClosed(1)
  expect(await open()).toEqual(['lock_did_not_close'])
  await tellsClosed(7)
  expect(await open()).toEqual([])
})

it('a hello that was overtaken by the opening after it ends neither ride nor alarm, whatever time it seems to be of', async () => {
  await addPastRides(kept, [{ bike, askedAtMs: start, openMs: 0, minutes: null }])
  await told(1, 'unlocked', 'ble')
  await raise('lock_did_not_close', start + minuteMs)
  // The server's clock was set back: the hello is dated when it came in.
  await says({ q: 30, bolt: 'locked' }, start + 2 * minuteMs)
  expect(await open()).toEqual(['lock_did_not_close'])
  await expect(says({ q: 90, bolt: 'locked' }, start + 2 * minuteMs)).rejects.toThrow('no ride is told of it')
})

it('a closing that is told after an opening nobody wanted does not end the alarm of that, whatever its time', async () => {
  await told(1, 'unlocked', 'cmd')
  await raise('opened_after_release', start + minuteMs)
  // Of before that by the lock's count, but dated by a server whose clock is ahead.
  await hears({ kind: 'evt', body: boltEvent({ q: 30, to: 'locked', by: 'hand' }) }, start + 20 * minuteMs)
  expect(await open()).toEqual(['opened_after_release'])
  await tellsClosed(2)
  expect(await open()).toEqual([])
})

it('a closing that is told after the next one failed does not end the alarm of that', async () => {
  await told(5, 'jam_close')
  await raise('jammed_close', start + 5 * minuteMs)
  await tellsClosed(1)
  expect(await open()).toEqual(['jammed_close'])
})

it('a closing that is told after its ride was given up for open ends that alarm', async () => {
  await told(1, 'unlocked', 'cmd')
  await raise('lock_did_not_close', start + 9 * minuteMs)
  await tellsClosed(5)
  expect(await open()).toEqual([])
})

/** What the lock told of its bolt, minutes after the ride began. */
async function told(
  minute: number,
  to: 'locked' | 'unlocked' | 'jam_close',
  by: 'cmd' | 'ble' | 'hand' = 'hand',
  { b, q }: { readonly b: number; readonly q: number } = { b: 7, q: Math.round(minute * 60) },
) {
  const madeAt = new Date(start + minute * minuteMs)
  await kept.query(
    `INSERT INTO lock_report (lock_id, boot_id, sequence, kind, made_at, received_at, applied_at, body)
     VALUES ($1, $2, $3, 'evt', $4, $4, $4, $5)`,
    [bike.lockId, b, q, madeAt, JSON.stringify(boltEvent({ b, q, from: 'unlocked', to, by }))],
  )
}
const attemptAt = async (minute: number) => {
  const lockId = asId<LockId>(bike.lockId)
  const at = await closingAttempt(kept, lockId, epochMs(start), epochMs(start + minute * minuteMs))
  return at === null ? null : (at - start) / minuteMs
}

it('the last closing that failed is where time may stop, for half an hour', async () => {
  await told(0, 'unlocked', 'cmd')
  expect(await attemptAt(10)).toBeNull()
  await told(10, 'jam_close')
  await told(12, 'jam_close')
  expect(await attemptAt(11)).toBe(10)
  // The lever sprang back: that is no ride.
  await told(13, 'unlocked')
  expect(await attemptAt(42)).toBe(12)
  expect(await attemptAt(43)).toBeNull()
})

it('a closing that failed before the bike was opened again, or ridden on, ended nothing', async () => {
  await told(10, 'jam_close')
  await told(15, 'unlocked', 'cmd')
  expect(await attemptAt(20)).toBeNull()
  await told(21, 'jam_close')
  expect(await attemptAt(22)).toBe(21)
  await kept.query(
    `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, speed_mps, soc, bolt)
     VALUES ($1, 7, 9001, $2, $2, 4.5, 80, 'unlocked')`,
    [bike.lockId, new Date(start + 23 * minuteMs)],
  )
  expect(await attemptAt(25)).toBeNull()
})

it('a closing that failed is told to the ride that goes on, and late to the one that was said to be over', async () => {
  const { heard, hearsOf } = ridesOf()
  const jammed = (minute: number) => hearsOf(boltEvent({ from: 'unlocked', to: 'jam_close', by: 'hand' }), minute)
  await jammed(1)
  expect(heard).toEqual([])
  await addPastRides(kept, [{ bike, askedAtMs: start, openMs: 0, minutes: null }])
  await told(5, 'jam_close')
  await jammed(5)
  expect(heard).toEqual([{ kind: 'close_attempted', atMs: start + 5 * minuteMs }])
  await kept.query(`UPDATE trip SET state = 'charged', end_reason = 'lock_will_not_close', ended_at = $1`, [
    new Date(start + 9 * minuteMs),
  ])
  await told(7, 'jam_close')
  await jammed(7)
  expect(heard.at(-1)).toEqual({ kind: 'close_attempted', atMs: start + 7 * minuteMs })
  await jammed(9.5)
  expect(heard).toHaveLength(3)
})

const factoryReset = 2 ** 24
const minuteOf = (atMs: number | null) => (atMs === null ? null : (atMs - start) / minuteMs)
const closedAfter = async (b: number, q: number, minute: number) =>
  minuteOf(await alreadyClosedAfter(kept, asId<LockId>(bike.lockId), { b, q }, epochMs(start + minute * minuteMs)))

it('a ride goes on whose lock was found closed before it was opened, whatever the times of both say', async () => {
  await addPastRides(kept, [{ bike, askedAtMs: start + 21 * minuteMs, openMs: -17 * minuteMs, minutes: null }])
  const { rows } = await kept.query<{ command_id: string }>('SELECT command_id FROM command')
  const { heard, hearsOf } = ridesOf()
  const opened = () => hearsOf(boltEvent({ q: 7, by: 'cmd', to: 'unlocked', cid: rows[0]?.command_id ?? '' }), 4)
  // The server is twenty minutes ahead: a lock that has just begun is dated by it, until it hears satellites.
  await told(20, 'locked', 'hand', { b: 7, q: 1 })
  await opened()
  expect(heard).toEqual([{ kind: 'opened', atMs: start + 4 * minuteMs }])
  await told(5, 'locked', 'hand', { b: 7, q: 9 })
  await opened()
  expect(heard.at(-1)).toEqual({ kind: 'closed', atMs: start + 5 * minuteMs })
})

it('a bolt that a lock found closed before it was opened has not closed after it, whatever its times say', async () => {
  // The server is twenty minutes ahead: a lock that has just begun is dated by it, until it hears satellites.
  await told(20, 'locked', 'hand', { b: 7, q: 1 })
  await told(19, 'locked', 'hand', { b: 6, q: 900 })
  expect(await closedAfter(7, 7, 4)).toBeNull()
  await told(3, 'locked', 'hand', { b: 7, q: 9 })
  expect(await closedAfter(7, 7, 4)).toBe(3)
  // Reset in a factory, it counts its boots from another number on, which may be a lower one.
  expect(await closedAfter(factoryReset + 1, 7, 18)).toBe(19)
  expect(await closedAfter(factoryReset + 1, 7, 21)).toBeNull()
})

it('a closing belongs to the ride before it, however late it is told and whatever time it seems to be of', async () => {
  const [early, late] = await addPastRides(kept, [
    { bike, askedAtMs: start, openMs: 0, minutes: 2 },
    { bike, askedAtMs: start + 4 * minuteMs, openMs: 0, minutes: null },
  ])
  const closedRide = async (b: number, q: number, minute: number) => {
    const ride = await rideClosedHeld(kept, asId<LockId>(bike.lockId), { b, q }, epochMs(start + minute * minuteMs))
    return ride?.tripId
  }
  expect(await closedRide(7, 5, 10)).toBe(late?.tripId)
  await told(0, 'unlocked', 'cmd', { b: 6, q: 3 })
  await told(4, 'unlocked', 'ble', { b: 7, q: 7 })
  expect(await closedRide(7, 5, 10)).toBe(early?.tripId)
  expect(await closedRide(6, 90, 10)).toBe(early?.tripId)
  expect(await closedRide(7, 8, 10)).toBe(late?.tripId)
  // Both at the moment at which they came in: the ride began by the first of them.
  await told(4, 'unlocked', 'hand', { b: 7, q: 9 })
  expect(await closedRide(7, 8, 10)).toBe(late?.tripId)
  expect(await closedRide(factoryReset + 1, 1, 10)).toBe(late?.tripId)
})

it('a lock that restarted has moved after what it said before, and not before what it says now', async () => {
  await told(5, 'unlocked', 'cmd', { b: 8, q: 4 })
  const moved = (b: number, minute: number) =>
    movedAfter(kept, asId<LockId>(bike.lockId), { b, q: 30 }, epochMs(start + minute * minuteMs))
  expect(await moved(7, 9)).toBe(true)
  expect(await moved(9, 1)).toBe(false)
  expect([await moved(factoryReset + 9, 1), await moved(factoryReset + 9, 9)]).toEqual([true, false])
})
