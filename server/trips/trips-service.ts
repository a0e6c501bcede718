import { assert, present } from '../../contracts/assert.ts'
import type { EndReason, FareLine, FreeExitReason, TripState, TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId, type LockId, type PaymentId, type RiderId, type TripId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import { stretched } from '../platform/clock.ts'
import { type Database, isUniqueViolation, type Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { decideUnlock } from '../unlocking/core/decide-unlock.ts'
import { closingAttempt } from './closing-attempts.ts'
import type { Tariff } from './core/fare.ts'
import { newTrip, stampWaitMs, type TripEvent, type TripFacts } from './core/trip-machine.ts'
import { parkingDue } from './parking-store.ts'
import { type AfterCommit, createTripMover, LockNotAsked, type TripMover, type TripMoverDeps } from './trip-mover.ts'
import { tripOfPromise } from './trip-of-promise.ts'
import { type AppealsOfTrips, createTripReader } from './trip-reader.ts'
import {
  bikeHasTrip,
  dueTrips,
  insertTrip,
  ownTripHeld,
  promisedTrips,
  riderHasTrip,
  type StoredTrip,
  savePlace,
  tariffAt,
  tripForView,
  tripHeld,
} from './trip-store.ts'

/** The receipts of the payments room. */
export interface TripReceipts {
  issueReceipt(
    tx: Queryable,
    request: {
      tripId: TripId
      paymentId: PaymentId
      bikeNumber: string
      startedAtMs: EpochMs
      endedAtMs: EpochMs
      pausedMs: number
      price: { currency: string; total: number; lines: FareLine[] }
      vatPercent: number
      tariffId: string
    },
  ): Promise<unknown>
}

export interface TripsDeps extends TripMoverDeps {
  /** In the trip's own transaction, after its row is in. False: somebody else has the bike reserved. */
  readonly tripBegins: (
    tx: Queryable,
    trip: { readonly tripId: TripId; readonly riderId: RiderId; readonly bikeId: BikeId },
  ) => Promise<boolean>
  readonly db: Database
  readonly ids: Ids
  readonly receipts: TripReceipts
  readonly appeals: AppealsOfTrips
  readonly riderBlocked: (riderId: RiderId) => Promise<boolean>
}

/** A silent lock gets at least so long in real time to send a fresh stamp. */
const shortestStampWaitRealMs = 5_000
const tripsPerTick = 50
/** How long after its end a ride may still be named a free exit. */
const freeExitAfterEndMs = 900_000

export type Trips = ReturnType<typeof createTrips>
/** A trip that a transaction holds. */
export type HeldTrip = StoredTrip

export function createTrips(deps: TripsDeps) {
  const { db, clock } = deps
  const mover = createTripMover(deps)
  const reader = createTripReader(deps)
  const starter = createTripStarter(deps, mover)

  /** The rider's own act on the rider's own trip; a refusal when the trip's state does not know it. */
  async function act(
    riderId: RiderId,
    tripId: TripId,
    decide: (facts: TripFacts, tx: Queryable, lockId: LockId) => TripEvent | Refusal | Promise<TripEvent | Refusal>,
  ): Promise<TripView | Refusal> {
    const outcome = await db.transaction(async (tx) => {
      const trip = await ownTripHeld(tx, riderId, tripId)
      if (!trip) return refuse('not_found')
      const event = await decide(trip.facts, tx, trip.lockId)
      return isRefusal(event) ? event : mover.advance(tx, trip, event)
    })
    if (isRefusal(outcome)) return outcome
    outcome()
    return present(await reader.view(riderId, tripId), 'a trip that was just saved can be read')
  }

  async function issueReceipt(tx: Queryable, trip: StoredTrip): Promise<void> {
    const found = present(await tripForView(tx, trip.riderId, trip.tripId), 'a trip that is held can be read')
    const { startedAt, endedAt, pausedMs } = trip.facts
    assert(startedAt !== null && endedAt !== null && found.price, 'a ride that is charged was priced')
    await deps.receipts.issueReceipt(tx, {
      tripId: trip.tripId,
      paymentId: trip.paymentId,
      bikeNumber: found.bikeNumber,
      startedAtMs: startedAt,
      endedAtMs: endedAt,
      pausedMs,
      price: { ...found.price, lines: [...found.price.lines] },
      vatPercent: found.tariff.vatPercent,
      tariffId: trip.tariffId,
    })
  }

  const onlyIn = (states: readonly TripState[], event: TripEvent) => (facts: TripFacts) =>
    states.includes(facts.state) ? event : refuse('trip_wrong_state')

  /** Due moments and promised trips that wait for their lock to speak. */
  async function tick(): Promise<void> {
    const nowMs = clock.nowMs()
    for (const tripId of await promisedTrips(db, tripsPerTick)) {
      await look(tripId, async (tx, trip) =>
        trip.facts.state === 'promised' && (trip.facts.dueAt ?? nowMs) > nowMs ? mover.sendFirstUnlock(tx, trip) : null,
      )
    }
    for (const tripId of await dueTrips(db, nowMs, tripsPerTick)) {
      await look(tripId, (tx, trip) => mover.advance(tx, trip, { kind: 'due', nowMs }))
    }
    for (const tripId of await parkingDue(db, nowMs, tripsPerTick)) await look(tripId, mover.lookAtParking)
  }

  /** One trip must not keep the others waiting: what fails is told and looked at again at the next tick. */
  async function look(
    tripId: TripId,
    decide: (tx: Queryable, trip: StoredTrip) => Promise<AfterCommit | null>,
  ): Promise<void> {
    try {
      const later = await db.transaction(async (tx) => {
        const trip = await tripHeld(tx, tripId)
        return trip ? decide(tx, trip) : null
      })
      later?.()
    } catch (error) {
      deps.logger.error({ err: error, tripId }, 'a trip could not be looked at, will be tried again')
    }
  }

  return {
    start: async (riderId: RiderId, order: { bikeCode: string; promiseId: PaymentId }): Promise<TripView | Refusal> => {
      const started = await starter.start(riderId, order)
      return isRefusal(started) ? started : present(await reader.view(riderId, started), 'a saved trip can be read')
    },
    view: reader.view,
    history: reader.history,
    tick,
    advance: mover.advance,
    held: tripHeld,
    ownHeld: ownTripHeld,
    activeTripIn: riderHasTrip,
    activeTripOf: (riderId: RiderId) => riderHasTrip(db, riderId),
    savePlace: (tx: Queryable, tripId: TripId, end: 'start' | 'end', place: Position) =>
      savePlace(tx, tripId, end, place),
    pause: (riderId: RiderId, tripId: TripId) =>
      act(riderId, tripId, onlyIn(['riding'], { kind: 'pause_wanted', nowMs: clock.nowMs() })),
    resume: async (riderId: RiderId, tripId: TripId): Promise<TripView | Refusal> => {
      try {
        return await act(riderId, tripId, onlyIn(['paused'], { kind: 'resume_wanted' }))
      } catch (error) {
        if (!(error instanceof LockNotAsked)) throw error
        deps.fleet.requestStamp(error.lockId)
        return refuse('trip_lock_silent')
      }
    },
    cancel: (riderId: RiderId, tripId: TripId) => act(riderId, tripId, onlyIn(['promised'], { kind: 'cancel_asked' })),
    end: (riderId: RiderId, tripId: TripId, reason: EndReason) =>
      act(riderId, tripId, async ({ state, startedAt }, tx, lockId) => {
        if (startedAt === null || (state !== 'riding' && state !== 'paused')) return refuse('trip_wrong_state')
        const nowMs = clock.nowMs()
        const isLocksFault = reason === 'lock_will_not_close' && state === 'riding'
        const attemptAt = isLocksFault ? await closingAttempt(tx, lockId, startedAt, nowMs) : null
        return { kind: 'end_asked', reason, nowMs, attemptAt }
      }),
    freeExit: async (riderId: RiderId, tripId: TripId, reason: FreeExitReason) => {
      const found = await tripForView(db, riderId, tripId)
      if (!found) return refuse('not_found')
      const nowMs = clock.nowMs()
      return act(riderId, tripId, (facts) => freeExitEvent(facts, found.tariff, reason, nowMs))
    },
    /** The provider has answered: the ride is charged, or there was nothing to charge. */
    settled: async (tx: Queryable, tripId: TripId): Promise<AfterCommit> => {
      const trip = await tripHeld(tx, tripId)
      if (trip?.facts.state !== 'ended') return () => undefined
      await issueReceipt(tx, trip)
      return mover.advance(tx, trip, { kind: 'settled' })
    },
  }
}

/** A crew was first: the transaction is given up, and the promise with it is free again. */
class BikeWithCrew extends Error {
  override readonly name = 'BikeWithCrew'
}

/** Another rider is on the way to it: the promise is free again, too. */
class BikeReserved extends Error {
  override readonly name = 'BikeReserved'
}

function whoWasFirst(error: unknown): Refusal | null {
  if (isUniqueViolation(error, 'trip_one_active_per_bike')) return refuse('bike_in_use')
  if (isUniqueViolation(error, 'trip_one_active_per_rider')) return refuse('rider_has_trip')
  if (error instanceof BikeWithCrew) return refuse('bike_being_moved')
  return error instanceof BikeReserved ? refuse('bike_reserved') : null
}

/** The first step of every ride. */
function createTripStarter(deps: TripsDeps, mover: TripMover) {
  const { db, clock, ids, payments, fleet } = deps

  /** In one transaction: the trip row, the payment attached to it, the command with its counter. */
  async function start(riderId: RiderId, order: { bikeCode: string; promiseId: PaymentId }): Promise<TripId | Refusal> {
    const nowMs = clock.nowMs()
    const bike = await fleet.bikeToRent(order.bikeCode)
    if (bike === null) return refuse('bike_unknown')
    // A process that was killed between the commit and its answer leaves a rider who asks again, once the key is free.
    const begun = await tripOfPromise(db, { riderId, paymentId: order.promiseId, bikeId: bike.bikeId })
    if (begun !== null) return begun
    // Side by side: the rider stands beside the bike.
    const [tariff, riderBlocked, riderInDebt, tripOfRider, bikeInUse] = await Promise.all([
      tariffAt(db, nowMs),
      deps.riderBlocked(riderId),
      payments.riderInDebt(riderId),
      riderHasTrip(db, riderId),
      bikeHasTrip(db, bike.bikeId),
    ])
    assert(tariff, 'a tariff holds at any time')
    const bikeRefusal = bike.refusal?.code ?? null
    const no = decideUnlock({ riderBlocked, riderInDebt, riderHasTrip: tripOfRider !== null, bikeInUse, bikeRefusal })
    if (no) return no
    const tripId = asId<TripId>(ids.uuid())
    const facts = newTrip(nowMs, stretched(stampWaitMs, shortestStampWaitRealMs, clock.speed()))
    const trip: StoredTrip = {
      tripId,
      riderId,
      bikeId: bike.bikeId,
      lockId: bike.lockId,
      paymentId: order.promiseId,
      tariffId: asId(tariff.tariffId),
      facts,
      parking: null,
    }
    try {
      const outcome = await db.transaction(async (tx) => {
        const attached = await payments.attach(tx, { paymentId: order.promiseId, riderId, tripId })
        if (isRefusal(attached)) return attached
        await insertTrip(tx, trip, nowMs)
        if (await fleet.isKept(tx, trip.bikeId)) throw new BikeWithCrew()
        if (!(await deps.tripBegins(tx, trip))) throw new BikeReserved()
        return mover.sendFirstUnlock(tx, trip)
      })
      if (isRefusal(outcome)) return outcome
      outcome()
    } catch (error) {
      const first = whoWasFirst(error)
      if (first) return first
      throw error
    }
    return tripId
  }

  return { start }
}

function freeExitEvent(facts: TripFacts, tariff: Tariff, reason: FreeExitReason, nowMs: EpochMs): TripEvent | Refusal {
  if (facts.startedAt === null) return refuse('trip_wrong_state')
  const over = facts.endedAt === null ? nowMs : facts.endedAt
  const tooLong = over - facts.startedAt > tariff.freeExitMs
  const tooLate = facts.endedAt !== null && nowMs > epochMs(facts.endedAt + freeExitAfterEndMs)
  return tooLong || tooLate ? refuse('free_exit_over') : { kind: 'free_exit_asked', reason }
}
