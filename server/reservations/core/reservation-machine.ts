import { type Step, unchanged } from '../../../contracts/step.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

export type ReservationState = 'open' | 'used' | 'cancelled' | 'expired'
/** `other_bike`: the rider took another one. `crew` and `out_of_service`: it was taken back from the rider. */
export type CancelReason = 'rider' | 'other_bike' | 'crew' | 'out_of_service'

/** A free bike that is kept for one rider. It ends exactly once. */
export interface Reservation {
  readonly state: ReservationState
  readonly reason: CancelReason | null
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  readonly endedAt: EpochMs | null
  /** It kept the bike from others for nothing, and that was the rider's doing: it counts against the next one. */
  readonly isUnused: boolean
}

export type ReservationEvent =
  /** Time to look. `bikeFails`: the bike cannot be rented now, which is not the rider's doing. */
  | { readonly kind: 'tick'; readonly nowMs: EpochMs; readonly bikeFails: boolean }
  | { readonly kind: 'rider_cancels'; readonly nowMs: EpochMs; readonly bikeFails: boolean }
  /** Its rider's trip has begun, with this bike or with another one. */
  | { readonly kind: 'trip_begun'; readonly isThisBike: boolean; readonly nowMs: EpochMs }
  | { readonly kind: 'taken_back'; readonly by: 'crew' | 'out_of_service'; readonly nowMs: EpochMs }

/** The rider hears of each end; others may have the bike again. */
export type ReservationEffect = { readonly kind: 'bike_free' }

/** City time that a bike is kept. */
export const reservationMs = 600_000
/** Who changes his mind so soon has kept the bike from nobody. */
export const freeToCancelMs = 120_000

type ReservationStep = Step<Reservation, ReservationEffect>

export const newReservation = (nowMs: EpochMs, lifetimeMs: number): Reservation => ({
  state: 'open',
  reason: null,
  createdAt: nowMs,
  expiresAt: epochMs(nowMs + lifetimeMs),
  endedAt: null,
  isUnused: false,
})

/** One step of a reservation. Total; repeats change nothing. Over its time it has expired, whatever comes then. */
export function stepReservation(reservation: Reservation, event: ReservationEvent): ReservationStep {
  if (reservation.state !== 'open') return unchanged(reservation)
  if (event.nowMs >= reservation.expiresAt) {
    return end(reservation, 'expired', null, reservation.expiresAt, !excuses(event))
  }
  switch (event.kind) {
    case 'tick':
      return unchanged(reservation)
    case 'rider_cancels': {
      const isLate = event.nowMs - reservation.createdAt > freeToCancelMs
      return end(reservation, 'cancelled', 'rider', event.nowMs, isLate && !event.bikeFails)
    }
    case 'trip_begun':
      return event.isThisBike
        ? end(reservation, 'used', null, event.nowMs, false)
        : end(reservation, 'cancelled', 'other_bike', event.nowMs, false)
    case 'taken_back':
      return end(reservation, 'cancelled', event.by, event.nowMs, false)
  }
}

/** Whether what comes too late says that the rider could not have used it anyway. */
function excuses(event: ReservationEvent): boolean {
  switch (event.kind) {
    case 'tick':
    case 'rider_cancels':
      return event.bikeFails
    case 'taken_back':
      return true
    case 'trip_begun':
      // He came a moment too late, or went for another one: either way he rides.
      return true
  }
}

const end = (
  reservation: Reservation,
  state: Exclude<ReservationState, 'open'>,
  reason: CancelReason | null,
  endedAt: EpochMs,
  isUnused: boolean,
): ReservationStep => ({
  state: { ...reservation, state, reason, endedAt, isUnused },
  effects: [{ kind: 'bike_free' }],
})
