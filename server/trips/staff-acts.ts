import { assert, present } from '../../contracts/assert.ts'
import type {
  RepriceTripAct,
  TripAct,
  TripActKind,
  TripActResult,
  TripTrace,
} from '../../contracts/http/staff-trips.ts'
import type { LockId, PaymentId, StaffId, TripId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Payment } from '../payments/core/payment-machine.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation, type Queryable } from '../platform/database.ts'
import {
  type CheaperRide,
  type Decided,
  decideEnd,
  decideExtend,
  decideForgive,
  decideRefund,
  decideReprice,
} from './core/staff-acts.ts'
import type { TripEvent } from './core/trip-machine.ts'
import { keptTraceMs } from './staff-trips.ts'
import type { AfterCommit } from './trip-mover.ts'
import { type StoredTrip, settledTotal, tariffById, tripHeld, tripWithPayment } from './trip-store.ts'
import { actBefore, boltMomentsOf, insertAct, replaysSince } from './trip-story-store.ts'
import { lastRidden, tracePoints } from './trip-trace-store.ts'

export interface StaffActsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly trips: { advance(tx: Queryable, trip: StoredTrip, event: TripEvent): Promise<AfterCommit> }
  readonly payments: {
    factsHeld(tx: Queryable, paymentId: PaymentId): Promise<Payment>
    forgiveDebt(tx: Queryable, debt: { paymentId: PaymentId; reason: string }): Promise<void>
  }
  /** The bolt as its lock said last. */
  readonly boltOf: (lockId: LockId) => string | null
  readonly wakeOutbox: () => void
  readonly tellDesk: (event: DeskEvent) => void
}

/** Who acts, under which id, and why. */
export interface ActOrder {
  readonly actId: string
  readonly tripId: TripId
  readonly staffId: StaffId
  readonly reason: string
}

/** A colleague who looks at more rides an hour than this is not helping riders. */
const mostReplaysAnHour = 60
const hourMs = 3_600_000

const noResult: TripActResult = { totalBefore: null, totalAfter: null, endedAt: null, allowedUntil: null }

type Answer = TripAct | Refusal
export type StaffActs = ReturnType<typeof createStaffActs>

/** What colleagues do to trips. Each act is one transaction with what it changes, and happens once by its id. */
export function createStaffActs(deps: StaffActsDeps) {
  const { db, clock, trips, payments } = deps

  /** Holds payment and trip, in the order in which money moves, finds a repeat, or decides and writes down. */
  async function act(
    kind: TripActKind,
    order: ActOrder,
    more: object,
    perform: (tx: Queryable, trip: StoredTrip, payment: Payment) => Promise<TripActResult | Refusal>,
  ): Promise<Answer> {
    const { actId, tripId, staffId } = order
    const reason = order.reason.trim()
    const asked = { ...more, kind, staffId, reason }
    const work = async (tx: Queryable): Promise<Answer> => {
      const paymentId = await tripWithPayment(tx, tripId)
      if (paymentId === null) return refuse('not_found')
      const payment = await payments.factsHeld(tx, paymentId)
      const trip = present(await tripHeld(tx, tripId), 'a trip stays')
      const before = await actBefore(tx, actId)
      if (before)
        return before.tripId === tripId && isSame(before.asked, asked) ? before.act : refuse('idempotency_key_reused')
      const result = await perform(tx, trip, payment)
      if (isRefusal(result)) return result
      await insertAct(tx, {
        ...{ actId, tripId, staffId, reason, asked, result },
        act: kind,
        at: clock.nowMs(),
        realMs: clock.realNowMs(),
      })
      const done = present(await actBefore(tx, actId), 'an act that was just written can be read')
      if (kind !== 'replay') {
        const { state } = present(await tripHeld(tx, tripId), 'a trip stays').facts
        afterCommit(tx, () => deps.tellDesk({ kind: 'trip', tripId, bikeId: trip.bikeId, state }))
      }
      return done.act
    }
    try {
      return await db.transaction(work)
    } catch (error) {
      // Another trip's act took the id a moment before.
      if (isUniqueViolation(error, 'trip_act_pkey')) return refuse('idempotency_key_reused')
      throw error
    }
  }

  async function step(tx: Queryable, trip: StoredTrip, decided: Decided): Promise<StoredTrip | Refusal> {
    if (isRefusal(decided)) return decided
    afterCommit(tx, await trips.advance(tx, trip, decided.event))
    return present(await tripHeld(tx, trip.tripId), 'a trip stays')
  }

  /** `endedAtMs` null: now. */
  const end = (order: ActOrder, endedAtMs: number | null): Promise<Answer> =>
    act('end', order, { endedAtMs }, async (tx, trip) => {
      const nowMs = clock.nowMs()
      const { startedAt } = trip.facts
      const lastRiddenMs = startedAt === null ? null : await lastRidden(tx, trip.lockId, startedAt, nowMs)
      const askedMs = endedAtMs === null ? null : epochMs(endedAtMs)
      const isClosed = deps.boltOf(trip.lockId) === 'locked'
      const next = await step(tx, trip, decideEnd(trip.facts, { nowMs, askedMs, lastRiddenMs }, isClosed))
      if (isRefusal(next)) return next
      const totalAfter = await settledTotal(tx, trip.tripId)
      return { ...noResult, totalAfter, endedAt: next.facts.endedAt }
    })

  const extend = (order: ActOrder, untilMs: number): Promise<Answer> =>
    act('extend', order, { untilMs }, async (tx, trip) => {
      const next = await step(tx, trip, decideExtend(trip.facts, clock.nowMs(), epochMs(untilMs)))
      return isRefusal(next) ? next : { ...noResult, allowedUntil: next.facts.allowedUntil }
    })

  /** The same for a part given back and for a price computed anew: the machine is told, the payment follows. */
  async function makeCheaper(
    tx: Queryable,
    trip: StoredTrip,
    decided: CheaperRide | Refusal,
  ): Promise<TripActResult | Refusal> {
    if (isRefusal(decided)) return decided
    const totalBefore = await settledTotal(tx, trip.tripId)
    const next = await step(tx, trip, decided)
    if (isRefusal(next)) return next
    return { ...noResult, totalBefore, totalAfter: decided.fare.total, endedAt: next.facts.endedAt }
  }

  const refund = (order: ActOrder, amountMinor: number): Promise<Answer> =>
    act('refund', order, { amountMinor }, async (tx, trip, payment) => {
      const tariff = present(await tariffById(tx, trip.tariffId), 'a trip keeps a tariff that exists')
      return makeCheaper(tx, trip, decideRefund(order.actId, trip, payment, tariff, amountMinor))
    })

  const reprice = (order: ActOrder, wanted: Omit<RepriceTripAct, 'actId' | 'reason'>): Promise<Answer> =>
    act('reprice', order, wanted, async (tx, trip, payment) => {
      const tariff = present(await tariffById(tx, trip.tariffId), 'a trip keeps a tariff that exists')
      const endedAt = wanted.endedAt === undefined ? undefined : epochMs(wanted.endedAt)
      const decided = decideReprice(order.actId, trip, payment, tariff, { ...wanted, endedAt })
      if (!isRefusal(decided) && decided.fare.total !== wanted.expectedTotal) return refuse('price_changed')
      return makeCheaper(tx, trip, decided)
    })

  const forgive = (order: ActOrder): Promise<Answer> =>
    act('forgive', order, {}, async (tx, trip, payment) => {
      const decided = decideForgive(payment)
      if (isRefusal(decided)) return decided
      await payments.forgiveDebt(tx, { paymentId: trip.paymentId, reason: 'forgiven' })
      afterCommit(tx, deps.wakeOutbox)
      return { ...noResult, totalBefore: payment.dueMinor, totalAfter: payment.dueMinor - decided.letGoMinor }
    })

  /** Where the rider went, between the ride's own start and end and no further. */
  async function replay(order: ActOrder): Promise<TripTrace | Refusal> {
    const nowMs = clock.nowMs()
    const since = clock.realNowMs() - hourMs
    if ((await replaysSince(db, order.staffId, since, mostReplaysAnHour)) >= mostReplaysAnHour) {
      return refuse('too_many_requests')
    }
    const looked = await act('replay', order, {}, async (_tx, trip) => {
      const { startedAt, endedAt } = trip.facts
      if (startedAt === null) return refuse('trip_wrong_state')
      if ((endedAt ?? nowMs) < nowMs - keptTraceMs) return refuse('trip_trace_gone')
      return noResult
    })
    if (isRefusal(looked)) return looked
    const ride = await db.transaction((tx) => tripHeld(tx, order.tripId))
    assert(ride !== null && ride.facts.startedAt !== null, 'a ride that is replayed has begun')
    const fromMs = ride.facts.startedAt
    const toMs = ride.facts.endedAt ?? nowMs
    const [{ points, isCut }, bolt] = await Promise.all([
      tracePoints(db, ride.lockId, fromMs, toMs),
      boltMomentsOf(db, ride.lockId, fromMs, toMs),
    ])
    const isOver = ride.facts.endedAt !== null
    const moves = bolt.filter(({ to }) => to === 'locked' || to === 'unlocked')
    const events = moves.map(({ at, to }, index) => {
      const isLast = isOver && index === moves.length - 1
      return {
        atMs: at,
        kind: to === 'unlocked' ? ('open' as const) : isLast ? ('closed' as const) : ('pause' as const),
      }
    })
    return { points, events, isCut, keptUntil: epochMs(toMs + keptTraceMs) }
  }

  return { end, extend, refund, reprice, forgive, replay }
}

/** As it comes back from the database, where keys have another order. */
const isSame = (before: Record<string, unknown>, now: object): boolean => canonical(before) === canonical(now)
const canonical = (value: object): string =>
  JSON.stringify(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
