import type { DocklessTrip, TripDay } from './read-trips.ts'
import type { Plane, Standing } from './replay.ts'

/** The bikes that are kept, and where each stands at the hour. */
export interface ThinnedFleet extends Standing {
  readonly bikeIds: readonly string[]
}

const hashBuckets = 10_000

/** FNV-1a of the id: the same share of bikes on every machine and every day; another draw is another share. */
function bucketOf(bikeId: string, draw: number): number {
  let hash = 0x811c9dc5 + draw
  for (let i = 0; i < bikeId.length; i++) hash = Math.imul(hash ^ bikeId.charCodeAt(i), 0x01000193) >>> 0
  return (Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 0) % hashBuckets
}

/**
 * A fixed share of the fleet where it stands at `atS`: at the end of the last trip before it. A bike that was not seen yet
 * is nowhere.
 *
 * @param days in order; trips that begin before the hour are looked at
 * @param share of the bikes that are kept, 0 to 1
 * @param draw which of the many fleets of that share
 */
export function thinnedFleet(
  days: readonly TripDay[],
  atS: number,
  share: number,
  plane: Plane,
  draw: number,
): ThinnedFleet {
  const last = new Map<string, DocklessTrip>()
  for (const { trips } of days) {
    for (const trip of trips) {
      if (trip.startS >= atS || bucketOf(trip.bikeId, draw) >= share * hashBuckets) continue
      const known = last.get(trip.bikeId)
      if (known === undefined || trip.endS >= known.endS) last.set(trip.bikeId, trip)
    }
  }
  const bikeIds = [...last.keys()].sort()
  const places = bikeIds.map((bikeId) => last.get(bikeId) as DocklessTrip)
  return {
    bikeIds,
    x: Float64Array.from(places, ({ endLon }) => plane.x(endLon)),
    y: Float64Array.from(places, ({ endLat }) => plane.y(endLat)),
  }
}
