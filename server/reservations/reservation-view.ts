import type { ReservationView } from '../../contracts/http/reservations.ts'
import type { Clock } from '../platform/clock.ts'
import type { BikeToReserve } from './reservation-mover.ts'
import type { StoredReservation } from './reservation-store.ts'

/** What its rider sees of a reservation, at this moment. */
export function viewReservation(
  { reservationId, facts }: StoredReservation,
  bike: BikeToReserve,
  clock: Clock,
): ReservationView {
  const { number, model, batteryPercent } = bike
  const { state, reason, createdAt, expiresAt } = facts
  // Where a bike is concerns its rider: whoever had it reserved does not follow the next one.
  const position = state === 'open' ? bike.position : null
  const leftMs = state === 'open' ? Math.max(0, expiresAt - clock.nowMs()) : 0
  return {
    ...{ reservationId, bikeNumber: number, model, batteryPercent },
    ...{ lon: position?.lon ?? null, lat: position?.lat ?? null },
    ...{ state, reason, createdAt, expiresAt, realSecondsLeft: Math.ceil(leftMs / 1_000 / clock.speed()) },
  }
}
