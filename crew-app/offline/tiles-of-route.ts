import type { CrewRoute } from '../../contracts/http/crews.ts'

export interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
}
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
    ...levels.flatMap((z) => places.flatMap((place) => around(tileAt(place, z)))),
    ...levels.flatMap((z) => legs.flatMap(([from, to]) => between(from, to, z))),
  ]
  const unlike = new Map(ranked.map((tile) => [`${tile.z}/${tile.x}/${tile.y}`, tile]))
  return [...unlike.values()].slice(0, limit)
}

const placeOf = ({ lon, lat }: { readonly lon: number | null; readonly lat: number | null }): readonly Place[] =>
  lon === null || lat === null ? [] : [{ lon, lat }]

/** Web Mercator tile of a place. Source: OpenStreetMap wiki, "Slippy map tilenames". */
export function tileAt({ lon, lat }: Place, z: number): Tile {
  const side = 2 ** z
  const radians = (lat * Math.PI) / 180
  const clamp = (value: number) => Math.min(side - 1, Math.max(0, Math.floor(value)))
  return {
    z,
    x: clamp(((lon + 180) / 360) * side),
    y: clamp(((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * side),
  }
}

function around({ z, x, y }: Tile): readonly Tile[] {
  const tiles: Tile[] = []
  const last = 2 ** z - 1
  for (let dx = -ringAtStops; dx <= ringAtStops; dx++) {
    for (let dy = -ringAtStops; dy <= ringAtStops; dy++) {
      const tile = { z, x: x + dx, y: y + dy }
      if (tile.x >= 0 && tile.y >= 0 && tile.x <= last && tile.y <= last) tiles.push(tile)
    }
  }
  return tiles
}

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
