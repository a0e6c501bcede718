import type { TripState } from '../../contracts/http/trips.ts'
import type { RiderId } from '../../contracts/ids.ts'
import { isActive } from '../trips/core/trip-machine.ts'
import type { CityClock } from './city-clock.ts'

/** Simulated riders log in with addresses of this domain, which no mail can reach (RFC 2606). */
const cityDomain = '@city.invalid'

/** While a person rides, the city runs at real speed: nobody could ride at ten times that. */
export interface PersonSpeed {
  loggedIn(riderId: RiderId, address: string): void
  tripChanged(change: { readonly riderId: RiderId; readonly tripId: string; readonly state: TripState }): void
}

export function createPersonSpeed(clock: CityClock, citySpeed: number): PersonSpeed {
  const cityRiders = new Set<RiderId>()
  const personTrips = new Set<string>()
  return {
    loggedIn: (riderId, address) => {
      if (address.toLowerCase().endsWith(cityDomain)) cityRiders.add(riderId)
    },
    tripChanged: ({ riderId, tripId, state }) => {
      if (cityRiders.has(riderId)) return
      if (isActive(state)) personTrips.add(tripId)
      else personTrips.delete(tripId)
      clock.setSpeed(personTrips.size > 0 ? Math.min(1, citySpeed) : citySpeed)
    },
  }
}
