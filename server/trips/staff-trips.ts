import type {
  StaffTrip,
  StaffTrips,
  StaffTripsFound,
  StaffTripsQuery,
  TripPreview,
  TripPreviewQuery,
} from '../../contracts/http/staff-trips.ts'
import type { TripPrice } from '../../contracts/http/trips.ts'
import { asId, type LockId, type TripId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { type EpochMs, epochMs, minor, type Position } from '../../contracts/units.ts'
import { paymentIdOfKey } from '../payments/core/payment-keys.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Fare } from './core/fare.ts'
import { decideEnd, decideRefund, decideReprice, type PaymentSoFar, priceEndedAt } from './core/staff-acts.ts'
import { isActive } from './core/trip-machine.ts'
import { rough, rowOf, storyOf } from './staff-trip-view.ts'
import {
  bikeIdOfNumber,
  type ListPlace,
  listTrips,
  placeName,
  type TripForStaff,
  tripForStaff,
  tripOfPayment,
  tripOfReceipt,
  tripsOfReference,
} from './staff-trips-store.ts'
import { actsOf, boltMomentsOf, commandsOf, moneyMomentsOf, receiptOfTrip, refundsOf } from './trip-story-store.ts'
import { lastRidden } from './trip-trace-store.ts'
import { priceSoFar } from './trip-view.ts'

export interface StaffTripsDeps {
  readonly db: Database
  readonly clock: Clock
  /** The bolt as its lock said last. */
  readonly boltOf: (lockId: LockId) => string | null
  /** From how long on a ride is unusual. */
  readonly longTripMs: () => Promise<number>
}

/** Where a rider went is kept this long: the positions of each day are dropped whole (retention.ts). */
export const keptTraceMs = 7 * 86_400_000
const fewest = 50
const mostFound = 20
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export type StaffTripsRoom = ReturnType<typeof createStaffTrips>

/** What the desk reads of trips: lists, one trip's story, and what an act would do to its price. */
export function createStaffTrips({ db, clock, boltOf, longTripMs }: StaffTripsDeps) {
  async function rowsNow(found: readonly TripForStaff[]) {
    const long = await longTripMs()
    return found.map((one) => rowOf(one, clock.nowMs(), long))
  }
  const priceNow = (found: TripForStaff) => priceSoFar(found, clock.nowMs())

  async function list({ before, limit = fewest, number, ...wanted }: StaffTripsQuery): Promise<StaffTrips> {
    const bikeId = wanted.bikeId ?? (number === undefined ? undefined : await bikeIdOfNumber(db, number))
    if (bikeId === null) return { trips: [], next: null, cityTime: clock.nowMs() }
    const of = bikeId === undefined ? wanted : { ...wanted, bikeId }
    const place = before === undefined ? null : placeIn(before)
    const found = await listTrips(db, of, { before: place, limit: limit + 1 })
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    const lastAtMs = wanted.state === 'debt' ? last?.payment.createdAtMs : last?.trip.facts.createdAt
    const next = found.length > limit && last !== undefined ? `${lastAtMs}_${last.trip.tripId}` : null
    return { trips: await rowsNow(shown), next, cityTime: clock.nowMs() }
  }

  async function search(q: string): Promise<StaffTripsFound> {
    const asked = q.trim()
    const some = async (by: StaffTripsFound['by'], found: readonly (TripForStaff | null)[]) => {
      const trips = found.filter((one) => one !== null)
      return trips.length === 0 ? null : { by, trips: await rowsNow(trips), cityTime: clock.nowMs() }
    }
    const nothingFound: StaffTripsFound = { by: null, trips: [], cityTime: clock.nowMs() }
    const id = asked.toLowerCase()
    if (uuid.test(id)) return (await some('trip', [await tripForStaff(db, asId<TripId>(id))])) ?? nothingFound
    if (/^[0-9]{4}-[0-9]{4,}$/.test(asked))
      return (await some('receipt', [await tripOfReceipt(db, asked)])) ?? nothingFound
    const paymentId = paymentIdOfKey(id)
    if (paymentId !== null) return (await some('payment', [await tripOfPayment(db, paymentId)])) ?? nothingFound
    const bikeId = /^[0-9]{4,8}$/.test(asked) ? await bikeIdOfNumber(db, asked) : null
    const ofBike = bikeId === null ? [] : await listTrips(db, { bikeId }, { before: null, limit: mostFound })
    return (await some('bike', ofBike)) ?? (await some('payment', await tripsOfReference(db, asked))) ?? nothingFound
  }

  async function view(tripId: TripId): Promise<StaffTrip | null> {
    const found = await tripForStaff(db, tripId)
    if (found === null) return null
    const { trip, payment } = found
    const { facts } = trip
    const nowMs = clock.nowMs()
    const overMs = facts.endedAt ?? (isActive(facts.state) ? nowMs : facts.createdAt)
    const [commands, bolt, money, refunds, receipt, acts, start, end, lastRiddenAt] = await Promise.all([
      commandsOf(db, tripId),
      boltMomentsOf(db, trip.lockId, facts.createdAt, epochMs(Math.max(overMs, facts.createdAt))),
      moneyMomentsOf(db, trip.paymentId),
      refundsOf(db, trip.paymentId),
      receiptOfTrip(db, tripId),
      actsOf(db, tripId),
      placeOf(found.start, facts.createdAt),
      placeOf(found.end, epochMs(overMs)),
      isActive(facts.state) ? riddenLast(found, nowMs) : null,
    ])
    return {
      trip: rowOf(found, nowMs, await longTripMs()),
      start,
      end,
      freeExit: facts.freeExitReason,
      riderFree: facts.riderFree,
      tariffId: trip.tariffId,
      paymentReference: payment.reference,
      provider: payment.provider,
      forgiven: money.reduce((sum, one) => sum + (one.kind === 'forgiven' ? (one.amount ?? 0) : 0), 0),
      refunds,
      commands,
      receipt: receipt === null ? null : { number: receipt.number, path: receipt.path },
      story: storyOf(found, { commands, bolt, money, refunds, receipt, acts }),
      acts,
      lastRiddenAt,
      trace: traceOf(found, nowMs),
      cityTime: nowMs,
    }
  }

  async function placeOf(at: Position | null, atMs: EpochMs): Promise<StaffTrip['start']> {
    return at === null ? null : { name: await placeName(db, at, atMs), ...rough(at) }
  }

  const riddenLast = async ({ trip }: TripForStaff, nowMs: EpochMs): Promise<EpochMs | null> =>
    trip.facts.startedAt === null ? null : lastRidden(db, trip.lockId, trip.facts.startedAt, nowMs)

  async function previewEnd(found: TripForStaff, askedMs: EpochMs | null): Promise<TripPreview | Refusal> {
    const { trip, tariff } = found
    const nowMs = clock.nowMs()
    const at = { nowMs, askedMs, lastRiddenMs: await riddenLast(found, nowMs) }
    const decided = decideEnd(trip.facts, at, boltOf(trip.lockId) === 'locked')
    if (isRefusal(decided)) return decided
    const before = priceNow(found)
    const fare = priceEndedAt(tariff, trip.facts, askedMs ?? trip.facts.endedAt ?? nowMs)
    return { before, after: fare === null ? { ...before, total: 0, lines: [], final: true } : priceOf(fare), back: 0 }
  }

  async function preview(tripId: TripId, wanted: TripPreviewQuery): Promise<TripPreview | Refusal> {
    const found = await tripForStaff(db, tripId)
    if (found === null) return refuse('not_found')
    const before = priceNow(found)
    const { trip, tariff } = found
    const payment = soFar(found)
    switch (wanted.act) {
      case 'end':
        return previewEnd(found, wanted.endedAt === undefined ? null : epochMs(wanted.endedAt))
      case 'refund': {
        const decided = decideRefund(tripId, trip, payment, tariff, wanted.amount ?? 0)
        if (isRefusal(decided)) return decided
        return { before, after: priceOf(decided.fare), back: decided.backMinor }
      }
      case 'reprice': {
        const endedAt = wanted.endedAt === undefined ? undefined : epochMs(wanted.endedAt)
        const decided = decideReprice(tripId, trip, payment, tariff, { ...wanted, endedAt })
        if (isRefusal(decided)) return decided
        return { before, after: priceOf(decided.fare), back: decided.backMinor }
      }
    }
  }

  return { list, search, view, preview }
}

const priceOf = (fare: Fare): TripPrice => ({ ...fare, lines: [...fare.lines], final: true })

const soFar = ({ payment }: TripForStaff): PaymentSoFar => ({
  status: payment.state,
  dueMinor: minor(payment.due),
  capturedMinor: minor(payment.captured),
  refundAskedMinor: minor(payment.refundAsked),
})

function placeIn(cursor: string): ListPlace {
  const [atMs = '0', tripId = ''] = cursor.split('_')
  return { atMs: Number(atMs), tripId }
}

/** Whether a trip's way can still be shown. */
export function traceOf({ trip: { facts } }: TripForStaff, nowMs: EpochMs): StaffTrip['trace'] {
  if (facts.startedAt === null) return 'none'
  return (facts.endedAt ?? nowMs) < nowMs - keptTraceMs ? 'gone' : 'kept'
}
