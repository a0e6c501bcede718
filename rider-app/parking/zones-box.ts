import type { MapBox } from '../../ui-kit/map/map-point.ts'

/** Degrees: moving the map a little asks nothing new. */
const gridDegrees = 0.05
/** What the server answers at most, a side (contracts/http/city-zones.ts). */
const mostDegrees = 0.5

/** The query for what is seen and some way around it, on a grid so that it stays the same while the map moves a little. */
export function zonesBox({ west, south, east, north }: MapBox): string {
  const [w, e] = side(west, east)
  const [s, n] = side(south, north)
  return `west=${w}&south=${s}&east=${e}&north=${n}`
}

function side(low: number, high: number): readonly [string, string] {
  const middle = (low + high) / 2
  const half = Math.min((high - low) / 2 + gridDegrees, mostDegrees / 2 - gridDegrees)
  const from = Math.floor((middle - half) / gridDegrees)
  const to = Math.ceil((middle + half) / gridDegrees)
  return [(from * gridDegrees).toFixed(2), (to * gridDegrees).toFixed(2)]
}
