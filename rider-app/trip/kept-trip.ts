import type { TripView } from '../../contracts/http/trips.ts'
import { lastKnown, remember } from '../../ui-kit/offline/last-known.ts'
import type { SeenTrip } from './seen-trip.ts'

const slot = 'trip'

/** The trip that was looked at last stays on the phone, for a start without a network. */
export const keepTrip = (trip: TripView): void => remember(slot, trip)

/** As it was last known; its time goes on from there. */
export function keptTrip(tripId: string): SeenTrip | null {
  const known = lastKnown<TripView>(slot)
  if (known?.value.tripId !== tripId) return null
  return { trip: known.value, atMs: performance.now() - (Date.now() - known.atMs) }
}
