import type { TripView } from '../../contracts/http/trips.ts'

/** Where the ride was left and what that did to its price; nothing when all is well. */
export function ParkingOutcome({ trip: _trip }: { readonly trip: TripView }) {
  return null
}
