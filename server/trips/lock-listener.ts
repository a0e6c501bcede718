import type { TripState } from '../../contracts/http/trips.ts'
import type { BikeId, LockId, TripId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import type { BoltEvent, Hello, LockEvent, ResultCode } from '../../contracts/mqtt/reports.ts'
import { readToken } from '../../contracts/no-coverage-words.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import type { Alarms } from '../alarms/alarms-service.ts'
import { mayOpenByPhone, tripOfToken } from '../no-coverage/phone-tokens.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import type { CommandOutcome } from '../unlocking/unlocking-service.ts'
import { closingAttempt } from './closing-attempts.ts'
import type { TripEvent, TripFailure } from './core/trip-machine.ts'
import { alreadyClosedAfter, movedAfter, rideClosedHeld } from './lock-order.ts'
import type { AfterCommit } from './trip-mover.ts'
import {
  alarmsToldBefore,
  lastResults,
  riderHasTrip,
  type StoredTrip,
  tripHeld,
  tripOfCommandHeld,
} from './trip-store.ts'
import type { Trips } from './trips-service.ts'

/** A lock's report as it was stored, applied in order per lock. */
export interface LockReport {
  readonly lockId: LockId
  readonly kind: 'hello' | 'evt' | 'ack'
  readonly madeAtMs: EpochMs
  readonly body: unknown
}

/**
 * The lock's own words, turned into what happens to a trip (alarms/alarm-listener.ts hears what else they tell). Everything runs in the transaction that marks the report as
 * applied, so each is heard exactly once; the returned acts are for after the commit.
 */
export function createLockListener(deps: {
  readonly trips: Pick<Trips, 'advance' | 'savePlace'>
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>
  readonly bikeOfLock: (lockId: LockId) => BikeId | null
  readonly clock: Clock
}) {
  const { trips, alarms, bikeOfLock, clock } = deps

  async function onReport(tx: Queryable, report: LockReport): Promise<AfterCommit[]> {
    if (report.kind === 'hello') return seenLocked(tx, report, report.body as Hello)
    if (report.kind !== 'evt') return []
    const event = report.body as LockEvent
    if (event.k === 'bolt' && event.to === 'unlocked') return opened(tx, report, event)
    if (event.k === 'bolt' && event.to === 'locked') return closed(tx, report, event)
    if (event.k === 'bolt' && event.to === 'jam_close') return closingFailed(tx, report, event)
    return []
  }

  async function opened(tx: Queryable, report: LockReport, event: BoltEvent): Promise<AfterCommit[]> {
    const trip = event.cid === undefined ? await tripOfPhone(tx, report, event) : await tripOfCommandHeld(tx, event.cid)
    if (!trip) {
      if (event.by === 'force') await alarm(tx, report, 'forced', event.b, event.q)
      return []
    }
    if (await tookAnother(tx, trip)) {
      // Never a second ride by itself: a person must look at it.
      const failed = await trips.advance(tx, trip, { kind: 'unlock_failed', failure: 'opened_too_late' })
      await alarm(tx, report, 'opened_after_release', event.b, event.q, trip.tripId)
      return [failed]
    }
    const later = [await trips.advance(tx, trip, { kind: 'opened', atMs: report.madeAtMs })]
    const place = placeOf(event)
    if (place && trip.facts.startedAt === null) await trips.savePlace(tx, trip.tripId, 'start', place)
    const closedAt = await alreadyClosedAfter(tx, report.lockId, event, report.madeAtMs)
    if (closedAt === null && isOver(trip.facts.state)) {
      // The ride was ended while its lock was still being asked to open: the bike stands open and nobody rides it.
      await alarm(tx, report, 'opened_after_release', event.b, event.q, trip.tripId)
    }
    const now = closedAt === null ? null : await tripHeld(tx, trip.tripId)
    if (closedAt !== null && now) later.push(await trips.advance(tx, now, { kind: 'closed', atMs: closedAt }))
    return later
  }

  async function tripOfPhone(tx: Queryable, report: LockReport, { tok }: BoltEvent): Promise<StoredTrip | null> {
    const tripId = tok === undefined ? null : await tripOfToken(tx, report.lockId, tok)
    return tripId === null ? null : tripHeld(tx, tripId)
  }

  /** What the rider's phone told the lock of this closing; nothing, if that was another ride's phone. */
  async function meaningOf(tx: Queryable, trip: StoredTrip, { tok }: BoltEvent): Promise<{ means?: 'pause' | 'end' }> {
    const token = tok === undefined ? null : readToken(tok)
    if (tok === undefined || token?.kind !== 'code' || token.op === 'resume') return {}
    return (await tripOfToken(tx, trip.lockId, tok)) === trip.tripId ? { means: token.op } : {}
  }

  async function closed(tx: Queryable, report: LockReport, event: BoltEvent): Promise<AfterCommit[]> {
    const bikeId = bikeOfLock(report.lockId)
    // What the bolt did since decides: some are raised by deadlines, after the closing that ends them.
    if (bikeId !== null && !(await movedAfter(tx, report.lockId, event, report.madeAtMs))) {
      // An answer overtakes the events of its lock: a bike that was opened after this closing still stands open.
      const closedAgain = await alarmsToldBefore(tx, bikeId, openings, report.madeAtMs)
      await alarms.clear(tx, bikeId, [...failedClosings, ...closedAgain], report.madeAtMs)
    }
    const trip = await rideClosedHeld(tx, report.lockId, event, report.madeAtMs)
    if (!trip) return []
    const means = await meaningOf(tx, trip, event)
    const later = await trips.advance(tx, trip, { kind: 'closed', atMs: report.madeAtMs, ...means })
    const place = placeOf(event)
    if (place) await trips.savePlace(tx, trip.tripId, 'end', place)
    return [later]
  }

  /** The lever was pushed and the bolt did not come home: time may stop there, when the rider says that it is over. */
  async function closingFailed(tx: Queryable, report: LockReport, event: BoltEvent): Promise<AfterCommit[]> {
    const trip = await rideClosedHeld(tx, report.lockId, event, report.madeAtMs)
    if (!trip) return []
    const { startedAt, endedAt } = trip.facts
    if (startedAt === null) return []
    // Told late: whether it was the last attempt is asked as of the moment at which the ride was said to be over.
    const atMs = endedAt === null ? report.madeAtMs : await closingAttempt(tx, report.lockId, startedAt, endedAt)
    return atMs === null ? [] : [await trips.advance(tx, trip, { kind: 'close_attempted', atMs })]
  }

  /** A lock that has told everything and says *locked*: its closing was lost with its memory. */
  async function seenLocked(tx: Queryable, report: LockReport, hello: Hello): Promise<AfterCommit[]> {
    if (hello.bolt !== 'locked' || (hello.ob?.evt ?? 0) > 0) return []
    const bikeId = bikeOfLock(report.lockId)
    // What was told after the lock said this is not over: unlike a closing, a hello is a look at one moment.
    const over = bikeId === null ? [] : await alarmsToldBefore(tx, bikeId, endedByClosing, report.madeAtMs)
    const closest = await rideClosedHeld(tx, report.lockId, hello, report.madeAtMs)
    const trip = closest !== null && endedByHello.includes(closest.facts.state) ? closest : null
    if (over.length === 0 && trip === null) return []
    // An old look at a lock that was opened since.
    if (await movedAfter(tx, report.lockId, hello, report.madeAtMs)) return []
    if (bikeId !== null && over.length > 0) await alarms.clear(tx, bikeId, over, report.madeAtMs)
    return trip === null ? [] : [await trips.advance(tx, trip, { kind: 'seen_locked', atMs: report.madeAtMs })]
  }

  async function alarm(
    tx: Queryable,
    report: LockReport,
    kind: AlarmKind,
    bootId: number,
    sequence: number,
    tripId: TripId | null = null,
  ): Promise<void> {
    const bikeId = bikeOfLock(report.lockId)
    if (bikeId === null) return
    const causeKey = `${kind}:${report.lockId}:${bootId}:${sequence}`
    await alarms.raise(tx, { kind, bikeId, tripId, causeKey, detail: {}, atMs: report.madeAtMs })
  }

  /** What became of an unlock, as the trip should hear it. */
  async function onCommandOutcome(tx: Queryable, outcome: CommandOutcome): Promise<AfterCommit | null> {
    const { tripId, effect } = outcome
    // Done: the bolt's own event carries the moment, and starts the ride.
    if (tripId === null || effect.kind === 'done') return null
    const trip = await tripHeld(tx, tripId)
    if (trip && effect.kind === 'not_executed' && effect.why === 'jam') await lookAtJams(tx, trip, outcome.commandId)
    // The command did not open it, and a phone still may: what becomes of that decides.
    if (trip && effect.kind === 'not_executed' && (await mayOpenByPhone(tx, tripId))) return null
    const event = trip ? eventOf(effect, trip, clock.nowMs()) : null
    return trip && event ? trips.advance(tx, trip, event) : null
  }

  /** One jam is a lever under load; unlocks in a row that jammed are a broken lock. */
  async function lookAtJams(tx: Queryable, trip: StoredTrip, commandId: string): Promise<void> {
    const results = await lastResults(tx, trip.lockId, jamsInARow)
    if (results.length < jamsInARow || results.some((result) => result !== 'jam')) return
    const { bikeId, tripId } = trip
    const causeKey = `jammed_open:${commandId}`
    const atMs = clock.nowMs()
    // The lock's own word has told of the jam already; from now on nobody can rent the bike.
    await alarms.raise(tx, { kind: 'jammed_open', bikeId, tripId, causeKey, detail: {}, atMs, counts: false })
  }

  return { onReport, onCommandOutcome }
}

/** So many unlocks in a row that jammed take a bike out of the rental. */
const jamsInARow = 2

/** A lock that closes shows that these are over; a forced bolt stays for a person to look at. */
const failedClosings = ['jammed_close', 'lock_did_not_close'] as const
const openings = ['opened_after_release', 'opened_by_staff'] as const
const endedByClosing = [...failedClosings, ...openings] as const
const endedByHello: readonly TripState[] = ['riding', 'ending']

/** Whether the rider of an unanswered unlock has another ride by now. */
async function tookAnother(tx: Queryable, trip: StoredTrip): Promise<boolean> {
  if (trip.facts.state !== 'unlocking' || !trip.facts.riderFree) return false
  const elsewhere = await riderHasTrip(tx, trip.riderId)
  return elsewhere !== null && elsewhere !== trip.tripId
}

type NotDone = Exclude<CommandOutcome['effect'], { kind: 'done' }>

function eventOf(effect: NotDone, trip: StoredTrip, nowMs: EpochMs): TripEvent | null {
  if (trip.facts.state !== 'unlocking') return null
  switch (effect.kind) {
    case 'unanswered':
      return { kind: 'unlock_unknown', nowMs }
    case 'not_executed':
      return { kind: 'unlock_failed', failure: failureOf(effect.why) }
  }
}

function failureOf(why: ResultCode | 'never_sent'): TripFailure {
  switch (why) {
    case 'jam':
      return 'lock_jammed'
    case 'interrupted':
      return 'lock_interrupted'
    case 'busy':
    case 'batt':
    case 'ota':
    case 'moving':
    case 'replay':
    case 'fault':
    case 'unsupported':
    case 'ok':
      return 'lock_refused'
    case 'expired':
    case 'stale_boot':
    case 'never_sent':
      return 'unlock_expired'
  }
}

const isOver = (state: TripState): boolean => state === 'ended' || state === 'charged'

const placeOf = (event: BoltEvent): Position | null =>
  event.lo === undefined || event.la === undefined ? null : { lon: event.lo, lat: event.la }
