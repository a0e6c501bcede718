import { present } from '../../contracts/assert.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import type { RiderId, TripId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Tariff } from './core/fare.ts'
import { tariffById, tripForView, tripHistory } from './trip-store.ts'
import { viewTrip } from './trip-view.ts'

/** What riders read of their own trips; another rider's trip is not there. */
export function createTripReader(deps: { readonly db: Database; readonly clock: Clock }) {
  const { db, clock } = deps

  async function view(riderId: RiderId, tripId: TripId): Promise<TripView | null> {
    const found = await tripForView(db, riderId, tripId)
    if (!found) return null
    const tariff = present(await tariffById(db, found.trip.tariffId), 'a trip keeps a tariff that exists')
    return viewTrip(found, tariff, clock.nowMs())
  }

  async function history(riderId: RiderId, before: EpochMs, limit: number): Promise<TripView[]> {
    const found = await tripHistory(db, riderId, before, limit)
    const tariffs = new Map<string, Tariff>()
    for (const { trip } of found) {
      if (tariffs.has(trip.tariffId)) continue
      tariffs.set(trip.tariffId, present(await tariffById(db, trip.tariffId), 'a trip keeps a tariff that exists'))
    }
    const nowMs = clock.nowMs()
    return found.map((one) => viewTrip(one, present(tariffs.get(one.trip.tariffId), 'tariff was read above'), nowMs))
  }

  return { view, history }
}
