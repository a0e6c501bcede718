import type { TripState } from '../../contracts/http/trips.ts'
import type { RiderId } from '../../contracts/ids.ts'
import type { ReservationChange } from '../reservations/reservation-mover.ts'
import { isActive } from '../trips/core/trip-machine.ts'
import type { CityClock } from './city-clock.ts'

/** Simulated riders log in with addresses of this domain, which no mail can reach (RFC 2606). */
const cityDomain = '@city.invalid'

/** While a person rides or walks to a kept bike, the city runs at real speed: nobody could do that at ten times it. */
export interface PersonSpeed {
  /** City seconds for each real one, as somebody chose it; a person's ride still holds it at 1. */
  choose(speed: number): void
  chosen(): number
  isPersonRiding(): boolean
  loggedIn(riderId: RiderId, address: string): void
  /**
   * Does `work`, which may begin this rider's ride, at the speed that will hold during the ride: an unlock's lifetime
   * is made of it.
   */
  atRidingSpeed<T>(riderId: RiderId, work: () => Promise<T>): Promise<T>
  reservationChanged(change: ReservationChange): void
  tripChanged(change: { readonly riderId: RiderId; readonly tripId: string; readonly state: TripState }): void
}

export function createPersonSpeed(clock: CityClock, firstSpeed: number): PersonSpeed {
  let citySpeed = firstSpeed
  const cityRiders = new Set<RiderId>()
  const personTrips = new Set<string>()
  const personWalks = new Set<string>()
  let beginning = 0
  const settle = (): void => {
    const isRiding = personTrips.size > 0 || personWalks.size > 0 || beginning > 0
    clock.setSpeed(isRiding ? Math.min(1, citySpeed) : citySpeed)
  }
  return {
    choose: (speed) => {
      citySpeed = speed
      settle()
    },
    chosen: () => citySpeed,
    isPersonRiding: () => personTrips.size > 0,
    atRidingSpeed: async (riderId, work) => {
      if (cityRiders.has(riderId)) return work()
      beginning += 1
      settle()
      try {
        return await work()
      } finally {
        beginning -= 1
        settle()
      }
    },
    loggedIn: (riderId, address) => {
      if (address.toLowerCase().endsWith(cityDomain)) cityRiders.add(riderId)
    },
    reservationChanged: ({ riderId, reservationId, isOpen }) => {
      if (cityRiders.has(riderId)) return
      if (isOpen) personWalks.add(reservationId)
      else personWalks.delete(reservationId)
      settle()
    },
    tripChanged: ({ riderId, tripId, state }) => {
      if (cityRiders.has(riderId)) return
      if (isActive(state)) personTrips.add(tripId)
      else personTrips.delete(tripId)
      settle()
    },
  }
}
