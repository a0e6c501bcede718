import type { Position } from '../../../contracts/units.ts'
import { insideOf } from '../../city/core/count-inside.ts'
import type { Rings } from '../../city/core/zone-draft.ts'

export interface WatchedHotspot {
  readonly hotspotId: string
  readonly polygons: readonly Rings[]
}

/** Cells of a grid over the city: a bike is held against the few hotspots near it. Degrees, about 500 m. */
const cellDegrees = 0.005

/** How many of these places lie in each hotspot; the edge of two that touch counts for one or both. */
export function stockOfHotspots(hotspots: readonly WatchedHotspot[], places: readonly Position[]): Map<string, number> {
  const grid = new Map<string, Position[]>()
  for (const place of places) {
    const key = `${Math.floor(place.lon / cellDegrees)}/${Math.floor(place.lat / cellDegrees)}`
    const there = grid.get(key)
    if (there === undefined) grid.set(key, [place])
    else there.push(place)
  }
  return new Map(hotspots.map(({ hotspotId, polygons }) => [hotspotId, countInside(polygons, grid)]))
}

function countInside(polygons: readonly Rings[], grid: ReadonlyMap<string, readonly Position[]>): number {
  const isInside = insideOf(polygons)
  let [west, east, south, north] = [180, -180, 90, -90]
  for (const [lon, lat] of polygons.flat(2)) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  let count = 0
  for (let x = Math.floor(west / cellDegrees); x <= Math.floor(east / cellDegrees); x++) {
    for (let y = Math.floor(south / cellDegrees); y <= Math.floor(north / cellDegrees); y++) {
      for (const place of grid.get(`${x}/${y}`) ?? []) if (isInside(place)) count += 1
    }
  }
  return count
}
