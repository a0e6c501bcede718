import type { TripView } from '../../contracts/http/trips.ts'
import type { RiderId, TripId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { tripForView, tripHistory } from './trip-store.ts'
import { viewTrip } from './trip-view.ts'

/** What riders read of their own trips; another rider's trip is not there. */
export function createTripReader(deps: { readonly db: Database; readonly clock: Clock }) {
  const { db, clock } = deps

  async function view(riderId: RiderId, tripId: TripId): Promise<TripView | null> {
    const found = await tripForView(db, riderId, tripId)
    return found && viewTrip(found, clock.nowMs())
  }

  async function history(riderId: RiderId, before: EpochMs, limit: number): Promise<TripView[]> {
    const found = await tripHistory(db, riderId, before, limit)
    const nowMs = clock.nowMs()
    return found.map((one) => viewTrip(one, nowMs))
  }

  return { view, history }
}
