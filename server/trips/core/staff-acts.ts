import { type Refusal, refuse } from '../../../contracts/refusals.ts'
import { type EpochMs, epochMs, type MinorUnits, minor } from '../../../contracts/units.ts'
import type { Payment } from '../../payments/core/payment-machine.ts'
import { type Fare, type Goodwill, priceRide, type Tariff, type WaivableLine, waivableLines } from './fare.ts'
import type { KeptParking } from './parking.ts'
import type { TripEvent, TripFacts } from './trip-machine.ts'

/** How long an unlock is left to its lock before a colleague may give it up. */
export const giveUnlockUpAfterMs = 120_000
/** The longest that a ride is allowed on at once. */
export const longestExtensionMs = 604_800_000

export type Decided = { readonly event: TripEvent } | Refusal

/** A later price as a colleague wants it: what is absent stays as it is. */
export interface WantedPrice {
  readonly endedAt?: EpochMs | undefined
  readonly pausedMs?: number | undefined
  readonly waived?: readonly WaivableLine[] | undefined
}

/** What is decided about money, before it is done: the machine's event, and the price that it leads to. */
export interface CheaperRide {
  readonly event: Extract<TripEvent, { kind: 'staff_repriced' }>
  readonly fare: Fare
  /** What goes back at once. */
  readonly backMinor: MinorUnits
}

/** A ride with all that its price hangs on. */
export interface PricedTrip {
  readonly facts: TripFacts
  readonly parking: KeptParking | null
}

/** What of a payment decides how much may go back. */
export type PaymentSoFar = Pick<Payment, 'status' | 'dueMinor' | 'capturedMinor' | 'refundAskedMinor'>

/**
 * Ends a trip for its rider, now or as of `askedMs`. `lastRiddenMs` is the newest proof that somebody rode.
 * A ride that has not begun costs nothing; an unlock that is still under way is left alone.
 */
export function decideEnd(
  facts: TripFacts,
  at: { readonly nowMs: EpochMs; readonly askedMs: EpochMs | null; readonly lastRiddenMs: EpochMs | null },
  isClosed: boolean,
): Decided {
  const { nowMs, askedMs } = at
  switch (facts.state) {
    case 'promised':
    case 'unlocking': {
      if (askedMs !== null) return refuse('end_time_wrong')
      const isUnderWay = facts.state === 'unlocking' && nowMs < facts.createdAt + giveUnlockUpAfterMs
      if (isUnderWay && !facts.riderFree) return refuse('trip_wrong_state')
      return { event: { kind: 'staff_ended', atMs: nowMs, isClosed } }
    }
    case 'riding':
    case 'paused':
    case 'ending': {
      const earliestMs = Math.max(facts.startedAt ?? facts.createdAt, at.lastRiddenMs ?? 0)
      if (askedMs !== null && (askedMs < earliestMs || askedMs > nowMs)) return refuse('end_time_wrong')
      // A paused bike is closed, whatever else is believed of it.
      const isShut = isClosed || facts.state === 'paused'
      return { event: { kind: 'staff_ended', atMs: askedMs ?? nowMs, isClosed: isShut } }
    }
    case 'ended':
    case 'charged':
    case 'failed':
    case 'cancelled':
      return refuse('trip_wrong_state')
  }
}

/** Lets a ride last until `untilMs`. */
export function decideExtend(facts: TripFacts, nowMs: EpochMs, untilMs: EpochMs): Decided {
  if (facts.state !== 'riding' && facts.state !== 'paused') return refuse('trip_wrong_state')
  if (untilMs <= nowMs || untilMs > nowMs + longestExtensionMs) return refuse('extension_wrong')
  return { event: { kind: 'staff_extended', untilMs } }
}

/** Gives `amountMinor` back of what was taken and is not on its way back already. */
export function decideRefund(
  actId: string,
  trip: PricedTrip,
  payment: PaymentSoFar,
  tariff: Tariff,
  amountMinor: number,
): CheaperRide | Refusal {
  const { facts } = trip
  const { startedAt, endedAt, pausedMs } = facts
  if (!isOver(facts) || startedAt === null || endedAt === null) return refuse('trip_wrong_state')
  if (payment.capturedMinor === 0 || !hasPaid(payment)) return refuse('nothing_taken')
  if (amountMinor > payment.capturedMinor - payment.refundAskedMinor) return refuse('refund_too_much')
  const goodwill: Goodwill = { ...facts.goodwill, givenBackMinor: facts.goodwill.givenBackMinor + amountMinor }
  const dueMinor = minor(payment.dueMinor - amountMinor)
  return {
    event: { kind: 'staff_repriced', actId, endedAt, pausedMs, goodwill, dueMinor },
    fare: priceWith(tariff, trip, { startedAt, endedAt, pausedMs, goodwill }),
    backMinor: minor(amountMinor),
  }
}

/** Computes a ride anew by the tariff that it began with. Only ever cheaper. */
export function decideReprice(
  actId: string,
  trip: PricedTrip,
  payment: PaymentSoFar,
  tariff: Tariff,
  wanted: WantedPrice,
): CheaperRide | Refusal {
  const { facts } = trip
  const { startedAt } = facts
  if (!isOver(facts) || startedAt === null || facts.endedAt === null) return refuse('trip_wrong_state')
  const endedAt = wanted.endedAt ?? facts.endedAt
  if (endedAt < startedAt || endedAt > facts.endedAt) return refuse('end_time_wrong')
  const pausedMs = Math.min(wanted.pausedMs ?? facts.pausedMs, endedAt - startedAt)
  const dropped = new Set([...facts.goodwill.waived, ...(wanted.waived ?? [])])
  const goodwill: Goodwill = { ...facts.goodwill, waived: waivableLines.filter((one) => dropped.has(one)) }
  const fare = priceWith(tariff, trip, { startedAt, endedAt, pausedMs, goodwill })
  // Also of a debt that was let go in part: the rider owes less than the price already.
  if (fare.total >= payment.dueMinor) return refuse('price_not_lower')
  const asked = payment.capturedMinor - payment.refundAskedMinor
  return {
    event: { kind: 'staff_repriced', actId, endedAt: epochMs(endedAt), pausedMs, goodwill, dueMinor: fare.total },
    fare,
    backMinor: minor(Math.max(0, asked - fare.total)),
  }
}

/** A debt is let go: what of it, or that there is none. */
export function decideForgive(payment: PaymentSoFar): { readonly letGoMinor: MinorUnits } | Refusal {
  if (payment.status !== 'debt') return refuse('no_debt')
  return { letGoMinor: minor(payment.dueMinor - payment.capturedMinor) }
}

/** What ending a ride as of `atMs` would cost; one that a colleague ends pays for no place. */
export function priceEndedAt(tariff: Tariff, facts: TripFacts, atMs: EpochMs): Fare | null {
  const { startedAt, pausedMs, pausedSince } = facts
  if (startedAt === null) return null
  const paused = pausedMs + (pausedSince === null ? 0 : Math.max(0, atMs - pausedSince))
  const times = { startedAt, endedAt: atMs, pausedMs: paused, goodwill: facts.goodwill }
  return priceWith(tariff, { facts, parking: null }, times)
}

const priceWith = (
  tariff: Tariff,
  { facts: { freeExitReason, endedBy }, parking }: PricedTrip,
  times: { startedAt: EpochMs; endedAt: EpochMs; pausedMs: number; goodwill: Goodwill },
): Fare => priceRide(tariff, { ...times, freeExitReason, lockFault: endedBy === 'lock_will_not_close', parking })

const isOver = ({ state }: TripFacts): boolean => state === 'ended' || state === 'charged'

/** Everything that was due was taken: what goes back now goes back to the rider, and not into a debt. */
const hasPaid = ({ status }: PaymentSoFar): boolean =>
  status === 'captured' || status === 'refund_pending' || status === 'partially_refunded' || status === 'refunded'
