import type { CrewRoute } from '../../contracts/http/crews.ts'
import { around, type Tile, tileAt } from '../../ui-kit/offline/map-tiles.ts'

interface Place {
  readonly lon: number
  readonly lat: number
}

export const smallestZoom = 12
export const deepestZoom = 16
export const mostTiles = 600
/** Around a stop the crew walks; along a leg it drives. */
const ringAtStops = 1

/**
 * The map tiles that a night on this route needs: around every stop, the depot and every bike, and along the straight
 * legs between them. The most useful come first (whole picture, then stops, then the way), so that a cut at `limit`
 * loses the least.
 */
export function tilesOfRoute(
  route: Pick<CrewRoute, 'depot' | 'stops'>,
  zooms: { readonly min: number; readonly max: number },
  limit = mostTiles,
): readonly Tile[] {
  const places: readonly Place[] = [route.depot, ...route.stops]
  const bikes = route.stops.flatMap((stop) => stop.take).flatMap(placeOf)
  const levels = Array.from({ length: deepestZoom - smallestZoom + 1 }, (_, step) => smallestZoom + step).filter(
    (z) => z >= zooms.min && z <= zooms.max,
  )
  const legs = places.slice(1).map((place, index) => [places[index] as Place, place] as const)
  const ranked = [
    ...levels.flatMap((z) => [...places, ...bikes].map((place) => tileAt(place, z))),
    ...levels.flatMap((z) => places.flatMap((place) => around(tileAt(place, z), ringAtStops))),
    ...levels.flatMap((z) => legs.flatMap(([from, to]) => between(from, to, z))),
  ]
  const unlike = new Map(ranked.map((tile) => [`${tile.z}/${tile.x}/${tile.y}`, tile]))
  return [...unlike.values()].slice(0, limit)
}

const placeOf = ({ lon, lat }: { readonly lon: number | null; readonly lat: number | null }): readonly Place[] =>
  lon === null || lat === null ? [] : [{ lon, lat }]

/** The tiles under a straight line, looked up at steps of half a tile. */
function between(from: Place, to: Place, z: number): readonly Tile[] {
  const a = tileAt(from, z)
  const b = tileAt(to, z)
  const steps = 2 * Math.max(1, Math.abs(b.x - a.x), Math.abs(b.y - a.y))
  return Array.from({ length: steps + 1 }, (_, step) => {
    const part = step / steps
    return tileAt({ lon: from.lon + (to.lon - from.lon) * part, lat: from.lat + (to.lat - from.lat) * part }, z)
  })
}
