import type { Logger } from 'pino'
import { assert, present } from '../../contracts/assert.ts'
import type { TripState } from '../../contracts/http/trips.ts'
import type { BikeId, CommandId, LockId, PaymentId, RiderId, TripId } from '../../contracts/ids.ts'
import type { Refusal } from '../../contracts/refusals.ts'
import type { EpochMs, MinorUnits, Position } from '../../contracts/units.ts'
import type { Alarms } from '../alarms/alarms-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import type { Complaint, Reports } from '../tasks/reports-service.ts'
import type { Unlocking } from '../unlocking/unlocking-service.ts'
import { asBilled, type Fare, priceRide, type Tariff } from './core/fare.ts'
import { isActive, stepTrip, type TripEffect, type TripEvent, type TripFacts } from './core/trip-machine.ts'
import { lookAgain, parkTrip } from './park-trip.ts'
import { saveParking } from './parking-store.ts'
import { type StoredTrip, savePrice, saveTrip, setCommand, settledTotal, tariffById } from './trip-store.ts'

/** A bike as the trips room needs it: who it is, and why it cannot be rented now (null = it can). */
export interface BikeToRent {
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly refusal: Refusal | null
}

/** The payments room, as far as a trip needs it. Everything with `tx` happens in the trip's own transaction. */
export interface TripPayments {
  attach(tx: Queryable, order: { paymentId: PaymentId; riderId: RiderId; tripId: TripId }): Promise<Refusal | object>
  settle(
    tx: Queryable,
    order: { paymentId: PaymentId; tripId: TripId; totalMinor: MinorUnits; vatPercent: number; reason: string },
  ): Promise<unknown>
  release(tx: Queryable, order: { paymentId: PaymentId; reason: string }): Promise<unknown>
  adjust(
    tx: Queryable,
    order: { paymentId: PaymentId; tripId: TripId; newTotalMinor: MinorUnits; reason: string; actId?: string },
  ): Promise<unknown>
  riderInDebt(riderId: RiderId): Promise<boolean>
}

/** The fleet room, as far as a trip needs it. */
export interface TripFleet {
  bikeToRent(codeOrNumber: string): Promise<BikeToRent | null>
  requestStamp(lockId: LockId): void
  rotatePublicId(tx: Queryable, bikeId: BikeId): Promise<void>
  /** Whether a crew has the bike; asked in the trip's own transaction, after its row is in. */
  isKept(tx: Queryable, bikeId: BikeId): Promise<boolean>
  tripChanged(bikeId: BikeId, state: TripState | null): void
  /** Where the lock said last that it is. */
  shadowOf(lockId: LockId): { readonly position: Position | null }
}

export interface TripMoverDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly unlocking: Pick<Unlocking, 'issueUnlock'>
  readonly payments: TripPayments
  readonly fleet: TripFleet
  readonly alarms: Pick<Alarms, 'raise'>
  readonly reports: Pick<Reports, 'complained'>
  /** Money is to be moved: called after the commit. */
  readonly wakeOutbox: () => void
  /** Told after every commit that changed a trip. */
  readonly onChanged: (change: TripChange) => void
  /** Told after the commit in which a ride got its start or its end, by the lock's own clock. */
  readonly onRide: (moment: RideMoment) => void
}

export interface TripChange {
  readonly tripId: TripId
  readonly riderId: RiderId
  readonly bikeId: BikeId
  readonly state: TripState
  /** False: something of it changed, its state did not. */
  readonly isNewState: boolean
}

export interface RideMoment {
  readonly kind: 'began' | 'ended'
  readonly lockId: LockId
  readonly atMs: EpochMs
}

/** A resumed ride's lock could not be asked now: the transaction is given up, nothing has changed. */
export class LockNotAsked extends Error {
  override readonly name = 'LockNotAsked'
  readonly lockId: LockId

  constructor(lockId: LockId) {
    super(`${lockId} cannot be asked now`)
    this.lockId = lockId
  }
}

/** What must happen once the transaction has been committed. */
export type AfterCommit = () => void

export interface TripMover {
  /** Steps the machine, saves, does the effects: all in the caller's transaction. Call the result after the commit. */
  advance(tx: Queryable, trip: StoredTrip, event: TripEvent): Promise<AfterCommit>
  /** Issues the first unlock of a promised trip, or asks its lock for a sign of life. */
  sendFirstUnlock(tx: Queryable, trip: StoredTrip): Promise<AfterCommit>
  /** Looks for a better fix of a ride that was left wrong; what that makes cheaper goes back. */
  lookAtParking(tx: Queryable, trip: StoredTrip): Promise<AfterCommit>
}

/** The one place where a trip changes. */
export function createTripMover(deps: TripMoverDeps): TripMover {
  const { clock, logger, unlocking, payments, fleet, alarms } = deps

  async function advance(
    tx: Queryable,
    trip: StoredTrip,
    event: TripEvent,
    newCommand: CommandId | null = null,
  ): Promise<AfterCommit> {
    const step = stepTrip(trip.facts, event)
    if (step.state === trip.facts && step.effects.length === 0) return () => undefined
    const next: StoredTrip = { ...trip, facts: step.state }
    await saveTrip(tx, next, clock.nowMs(), newCommand)
    const reason = complaintIn(trip.facts, step.state)
    const { tripId, bikeId, riderId } = trip
    if (reason !== null) await deps.reports.complained(tx, { tripId, bikeId, riderId, reason })
    const later: AfterCommit[] = []
    for (const effect of step.effects) later.push(await perform(tx, next, effect))
    if (isActive(trip.facts.state) && !isActive(step.state.state)) await fleet.rotatePublicId(tx, trip.bikeId)
    logger.info({ tripId: trip.tripId, from: trip.facts.state, to: step.state.state, event: event.kind }, 'trip')
    return () => {
      for (const act of later) act()
      tell(next, trip)
      tellRide(trip, next)
    }
  }

  function tell(trip: StoredTrip, before: StoredTrip | null): void {
    const { tripId, riderId, bikeId } = trip
    const { state } = trip.facts
    // A trip that has left its bike says nothing about it any more: the next rider may have it.
    const isNow = isActive(state)
    if (before === null || isActive(before.facts.state) || isNow) fleet.tripChanged(bikeId, isNow ? state : null)
    deps.onChanged({ tripId, riderId, bikeId, state, isNewState: before?.facts.state !== state })
  }

  function tellRide({ facts: before, lockId }: StoredTrip, { facts: { startedAt, endedAt } }: StoredTrip): void {
    if (before.startedAt === null && startedAt !== null) deps.onRide({ kind: 'began', lockId, atMs: startedAt })
    if (before.endedAt === null && endedAt !== null) deps.onRide({ kind: 'ended', lockId, atMs: endedAt })
  }

  async function perform(tx: Queryable, trip: StoredTrip, effect: TripEffect): Promise<AfterCommit> {
    const { tripId, paymentId } = trip
    switch (effect.kind) {
      case 'send_unlock':
        return sendUnlock(tx, trip)
      case 'ask_for_stamp':
        return () => fleet.requestStamp(trip.lockId)
      case 'show_again':
        return () => undefined
      case 'release_hold':
        await payments.release(tx, { paymentId, reason: trip.facts.failure ?? trip.facts.state })
        return deps.wakeOutbox
      case 'settle':
        return settle(tx, trip)
      case 'adjust':
        return adjust(tx, trip, trip.facts.freeExitReason === null ? 'late_report' : 'free_exit')
      case 'adjust_to': {
        await savePrice(tx, tripId, priceOf(trip, await tariffOf(tx, trip)))
        const { actId, dueMinor } = effect
        await payments.adjust(tx, { paymentId, tripId, newTotalMinor: dueMinor, reason: 'price_corrected', actId })
        return deps.wakeOutbox
      }
      case 'alarm':
        await alarms.raise(tx, {
          kind: effect.alarm,
          bikeId: trip.bikeId,
          tripId,
          causeKey: `${effect.alarm}:${tripId}`,
          detail: {},
          atMs: clock.nowMs(),
        })
        return () => undefined
    }
  }

  /** The ride's place is judged once, with its first price; an earlier ride that it puts right becomes cheaper. */
  async function settle(tx: Queryable, trip: StoredTrip): Promise<AfterCommit> {
    const { tripId, paymentId } = trip
    const tariff = await tariffOf(tx, trip)
    const { parking, lookAtMs, cleared } = await parkTrip(tx, clock, trip, tariff)
    const fare = priceOf({ ...trip, parking }, tariff)
    await savePrice(tx, tripId, fare)
    await saveParking(tx, tripId, asBilled(parking, fare.lines), lookAtMs)
    const { vatPercent } = tariff
    await payments.settle(tx, { paymentId, tripId, totalMinor: fare.total, vatPercent, reason: 'ride' })
    if (cleared !== null) await adjust(tx, cleared, 'put_right')
    return () => {
      deps.wakeOutbox()
      if (cleared !== null) tell(cleared, cleared)
    }
  }

  async function adjust(tx: Queryable, trip: StoredTrip, reason: string): Promise<AfterCommit> {
    const { tripId, paymentId } = trip
    const fare = priceOf(trip, await tariffOf(tx, trip))
    const asked = await settledTotal(tx, tripId)
    // Never dearer than what was asked for first.
    if (asked !== null && fare.total >= asked) return () => undefined
    await savePrice(tx, tripId, fare)
    await payments.adjust(tx, { paymentId, tripId, newTotalMinor: fare.total, reason })
    return deps.wakeOutbox
  }

  async function lookAtParking(tx: Queryable, trip: StoredTrip): Promise<AfterCommit> {
    const milder = await lookAgain(tx, clock, trip, await tariffOf(tx, trip))
    if (milder === null) return () => undefined
    const later = await adjust(tx, milder, 'late_report')
    return () => {
      later()
      tell(milder, milder)
    }
  }

  const tariffOf = async (tx: Queryable, trip: StoredTrip): Promise<Tariff> =>
    present(await tariffById(tx, trip.tariffId), 'a trip keeps a tariff that exists')

  function priceOf(trip: StoredTrip, tariff: Tariff): Fare {
    const { startedAt, endedAt, pausedMs, freeExitReason, endedBy, goodwill } = trip.facts
    assert(startedAt !== null && endedAt !== null, 'only a ride with a start and an end is priced')
    const lockFault = endedBy === 'lock_will_not_close'
    const { parking } = trip
    return priceRide(tariff, { startedAt, endedAt, pausedMs, freeExitReason, lockFault, goodwill, parking })
  }

  async function sendUnlock(tx: Queryable, trip: StoredTrip): Promise<AfterCommit> {
    const issued = await unlocking.issueUnlock(tx, { lockId: trip.lockId, tripId: trip.tripId })
    if (issued.kind !== 'issued') throw new LockNotAsked(trip.lockId)
    await setCommand(tx, trip.tripId, issued.commandId)
    return () => void issued.publish()
  }

  async function sendFirstUnlock(tx: Queryable, trip: StoredTrip): Promise<AfterCommit> {
    const issued = await unlocking.issueUnlock(tx, { lockId: trip.lockId, tripId: trip.tripId })
    if (issued.kind !== 'issued') {
      return () => {
        fleet.requestStamp(trip.lockId)
        tell(trip, null)
      }
    }
    const told = await advance(tx, trip, { kind: 'unlock_sent' }, issued.commandId)
    return () => {
      void issued.publish()
      told()
    }
  }

  return { advance, sendFirstUnlock, lookAtParking }
}

/** What the rider said of the bike in this step. */
function complaintIn(before: TripFacts, now: TripFacts): Complaint['reason'] | null {
  const { freeExitReason, endedBy } = now
  if (freeExitReason !== null && before.freeExitReason === null) return { kind: 'free_exit', why: freeExitReason }
  return endedBy === 'lock_will_not_close' && before.endedBy !== endedBy ? { kind: 'ended', why: endedBy } : null
}
