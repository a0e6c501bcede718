import { appealWindowMs } from '../../../contracts/appeal-limits.ts'
import type { PaymentStatus } from '../../../contracts/http/payments.ts'
import type { TripState } from '../../../contracts/http/trips.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** One may be wrong about what it is about, twice. */
export const appealsPerTrip = 3
/** A failed unlock gives the money back within minutes; one that still holds it after this is worth a question. */
export const holdTooLongMs = 3_600_000

/** What of a trip, its payment and its appeals so far decides whether it can be appealed. */
export interface AppealableTrip {
  readonly state: TripState
  readonly createdAt: EpochMs
  readonly endedAt: EpochMs | null
  /** The price as it was settled, in minor units; 0 before that. */
  readonly total: number
  readonly payment: PaymentStatus
  readonly appeals: AppealsSoFar
}

export interface AppealsSoFar {
  readonly count: number
  readonly isOpen: boolean
}

/** Until when this ride can be appealed; null: it cannot, or there is nothing to appeal. */
export function mayAppealUntil(trip: AppealableTrip, nowMs: EpochMs): EpochMs | null {
  const { appeals, createdAt, endedAt, state } = trip
  if (appeals.isOpen || appeals.count >= appealsPerTrip) return null
  const untilMs = epochMs((endedAt ?? createdAt) + appealWindowMs)
  if (nowMs >= untilMs) return null
  const isOver = state === 'ended' || state === 'charged'
  if (isOver && costsMoney(trip)) return untilMs
  return isHeldTooLong(trip, nowMs) ? untilMs : null
}

/** Money was taken and is not all given back, or it is owed. */
const costsMoney = ({ payment, total }: Pick<AppealableTrip, 'payment' | 'total'>): boolean =>
  total > 0 && (payment === 'debt' || hasCaptured.has(payment))
const hasCaptured: ReadonlySet<PaymentStatus> = new Set(['captured', 'refund_pending', 'partially_refunded'])

/** There was no ride, and its hold was not released in time. */
export function isHeldTooLong(
  { state, createdAt, payment }: Pick<AppealableTrip, 'state' | 'createdAt' | 'payment'>,
  nowMs: EpochMs,
): boolean {
  const isHeld = payment === 'held' || payment === 'release_pending'
  return (state === 'failed' || state === 'cancelled') && isHeld && nowMs - createdAt > holdTooLongMs
}
