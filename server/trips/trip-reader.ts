import type { TripState, TripView } from '../../contracts/http/trips.ts'
import type { RiderId, TripId } from '../../contracts/ids.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { closingAttempt } from './closing-attempts.ts'
import { isActive } from './core/trip-machine.ts'
import type { TripFleet } from './trip-mover.ts'
import { tripForView, tripHistory } from './trip-store.ts'
import { type AppealsOfTrip, viewTrip } from './trip-view.ts'

/** The appeals room, as far as a trip's page needs it. */
export interface AppealsOfTrips {
  /** Of those that have any. */
  ofTrips(tripIds: readonly TripId[]): Promise<ReadonlyMap<TripId, AppealsOfTrip>>
}

/** What riders read of their own trips; another rider's trip is not there. */
export function createTripReader(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly appeals: AppealsOfTrips
  readonly fleet: Pick<TripFleet, 'shadowOf'>
}) {
  const { db, clock, appeals, fleet } = deps

  async function view(riderId: RiderId, tripId: TripId): Promise<TripView | null> {
    const found = await tripForView(db, riderId, tripId)
    if (!found) return null
    const nowMs = clock.nowMs()
    const { state, startedAt } = found.trip.facts
    const closingFailedAt =
      state === 'riding' && startedAt !== null ? await closingAttempt(db, found.trip.lockId, startedAt, nowMs) : null
    // Nobody appeals a ride that goes on: its stream is not kept waiting.
    const said = isActive(state) ? undefined : (await appeals.ofTrips([tripId])).get(tripId)
    const bikePlace = isAsked(state) ? placeOf(fleet.shadowOf(found.trip.lockId).position) : null
    return { ...viewTrip(found, nowMs, said), closingFailedAt, bikePlace }
  }

  async function history(riderId: RiderId, before: EpochMs, limit: number): Promise<TripView[]> {
    const found = await tripHistory(db, riderId, before, limit)
    const said = await appeals.ofTrips(found.map(({ trip }) => trip.tripId))
    const nowMs = clock.nowMs()
    return found.map((one) => viewTrip(one, nowMs, said.get(one.trip.tripId)))
  }

  return { view, history }
}

/** The rider stands beside the bike: others are looked for from there when it does not open. */
const isAsked = (state: TripState) => state === 'promised' || state === 'unlocking'
const placeOf = (position: Position | null) => (position === null ? null : { lon: position.lon, lat: position.lat })
