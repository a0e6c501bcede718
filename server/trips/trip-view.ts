import type { TripPrice, TripView } from '../../contracts/http/trips.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { type AppealsSoFar, holdTooLongMs, isHeldTooLong, mayAppealUntil } from '../appeals/core/may-appeal.ts'
import { answerGraceMs, unlockLifetimeMs } from '../unlocking/core/command-machine.ts'
import { asBilled, priceRide } from './core/fare.ts'
import { unansweredHoldMs } from './core/trip-machine.ts'
import type { TripForView } from './trip-store.ts'

/** What was said against a ride's price so far. */
export interface AppealsOfTrip extends AppealsSoFar {
  readonly newest: TripView['appeal']
}
const noAppeals: AppealsOfTrip = { count: 0, isOpen: false, newest: null }

/** What the rider's page shows at `nowMs`; the price of a running ride is what ending it now would cost. */
export function viewTrip(view: TripForView, nowMs: EpochMs, appeals: AppealsOfTrip = noAppeals): TripView {
  const { trip, command, payment } = view
  const { facts } = trip
  return {
    tripId: trip.tripId,
    state: facts.state,
    bikeNumber: view.bikeNumber,
    bikePlace: null,
    createdAt: facts.createdAt,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    pausedMs: pausedSoFar(view, nowMs),
    pauseWanted: facts.state === 'riding' && facts.pauseWantedTill !== null && nowMs <= facts.pauseWantedTill,
    command,
    closingFailedAt: null,
    riderFree: facts.riderFree,
    failure: facts.failure,
    price: priceSoFar(view, nowMs),
    payment,
    holdReleaseAt: holdReleaseAt(view, nowMs),
    appeal: appeals.newest,
    mayAppealUntil: mayAppealUntil({ ...facts, total: view.price?.total ?? 0, payment: payment.state, appeals }, nowMs),
    receiptPath: view.receiptToken === null ? null : `/r/${view.receiptToken}`,
    parking: parkingOf(view),
    cityTime: nowMs,
  }
}

/** What is on the bill now: a fee may have been waived since. */
function parkingOf({ trip, price }: TripForView): TripView['parking'] {
  if (trip.parking === null) return null
  const now = price === null ? trip.parking : asBilled(trip.parking, price.lines)
  const { verdict, zoneName, feeMinor, rewardMinor, clearableUntil, cleared } = now
  return { verdict, zoneName, feeMinor, rewardMinor, clearableUntil, cleared }
}

/** Of the ride's time until `nowMs`. */
export function pausedSoFar(view: Pick<TripForView, 'trip'>, nowMs: EpochMs): number {
  const { pausedMs, pausedSince } = view.trip.facts
  return pausedMs + (pausedSince === null ? 0 : Math.max(0, nowMs - pausedSince))
}

/** The price as it was settled, else what ending the ride at `nowMs` would cost. */
export function priceSoFar(view: Pick<TripForView, 'trip' | 'tariff' | 'price'>, nowMs: EpochMs): TripPrice {
  if (view.price) return { ...view.price, lines: [...view.price.lines], final: true }
  const { tariff } = view
  const { facts } = view.trip
  if (facts.startedAt === null) {
    const over = facts.state === 'failed' || facts.state === 'cancelled'
    return { currency: tariff.currency, total: 0, lines: [], final: over }
  }
  const fare = priceRide(tariff, {
    startedAt: facts.startedAt,
    endedAt: facts.endedAt ?? nowMs,
    pausedMs: pausedSoFar(view, nowMs),
    freeExitReason: facts.freeExitReason,
    lockFault: false,
  })
  return { currency: fare.currency, total: fare.total, lines: [...fare.lines], final: false }
}

/**
 * The latest moment at which an unlock that did not work gives the money back; null: nobody can say, or nothing is held
 * in vain.
 */
function holdReleaseAt({ trip: { facts }, command, payment }: TripForView, nowMs: EpochMs): EpochMs | null {
  switch (facts.state) {
    case 'promised':
      // It may be asked at the last moment, and then not answer.
      return facts.dueAt === null ? null : epochMs(facts.dueAt + unlockLifetimeMs + answerGraceMs + unansweredHoldMs)
    case 'unlocking':
      if (facts.riderFree) return facts.dueAt
      // A lock that says that it obeyed is waited for: it may ride in a dead zone.
      if (command === null || command.state === 'done') return null
      return epochMs(command.deadlineAt + answerGraceMs + unansweredHoldMs)
    case 'failed':
    case 'cancelled': {
      const { createdAt, state } = facts
      const untilMs = epochMs(createdAt + holdTooLongMs)
      return nowMs <= untilMs && isHeldTooLong({ state, createdAt, payment: payment.state }, epochMs(untilMs + 1))
        ? untilMs
        : null
    }
    case 'riding':
    case 'paused':
    case 'ending':
    case 'ended':
    case 'charged':
      return null
  }
}
