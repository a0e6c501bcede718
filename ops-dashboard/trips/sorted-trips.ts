import type { StaffTripRow } from '../../contracts/http/staff-trips.ts'
import type { TripsSort } from './trips-address.ts'

/** How long a trip has lasted at a moment of city time, or lasted; 0 before the lock opened. */
export function lastedMs(trip: StaffTripRow, cityNowMs: number): number {
  if (trip.startedAt === null) return 0
  return Math.max(0, (trip.endedAt ?? cityNowMs) - trip.startedAt)
}

/** The trips that are shown, in the order of a column; of equals the newest first. */
export function sortedTrips(
  trips: readonly StaffTripRow[],
  sort: TripsSort,
  cityNowMs: number,
): readonly StaffTripRow[] {
  const by: Readonly<Record<TripsSort, (a: StaffTripRow, b: StaffTripRow) => number>> = {
    asked: () => 0,
    bike: (a, b) => a.bikeNumber.localeCompare(b.bikeNumber, 'en', { numeric: true }),
    state: (a, b) => a.state.localeCompare(b.state, 'en'),
    lasts: (a, b) => lastedMs(b, cityNowMs) - lastedMs(a, cityNowMs),
    price: (a, b) => b.price.total - a.price.total,
  }
  return [...trips].sort((a, b) => by[sort](a, b) || b.createdAt - a.createdAt)
}
