import type { Position } from '../../../contracts/units.ts'
import type { LonLat, Rings } from './zone-draft.ts'

/** Enough that a slab of a city's border holds a few dozen sides. */
const mostSlabs = 256

interface Slabs {
  readonly south: number
  readonly height: number
  readonly sides: readonly (readonly (readonly [LonLat, LonLat])[])[]
}

/**
 * Whether positions lie in an area, for many positions: the sides are sorted into slabs of latitude once, so that a bike
 * is held against the few sides beside it and not against thousands. Holes are outside.
 */
export function insideOf(polygons: readonly Rings[]): (at: Position) => boolean {
  const slabs = slabsOf(polygons)
  if (slabs === null) return () => false
  const { south, height, sides } = slabs
  return ({ lon, lat }) => {
    let isInside = false
    for (const [a, b] of sides[Math.floor((lat - south) / height)] ?? []) {
      if (a[1] > lat === b[1] > lat) continue
      if (lon < a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) isInside = !isInside
    }
    return isInside
  }
}

function slabsOf(polygons: readonly Rings[]): Slabs | null {
  const all = polygons.flat().flatMap((ring) => ring.slice(1).map((to, i) => [ring[i] as LonLat, to] as const))
  if (all.length === 0) return null
  let [south, north] = [90, -90]
  for (const [{ 1: lat }] of all) {
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  const count = Math.min(mostSlabs, all.length)
  const height = Math.max((north - south) / count, Number.EPSILON)
  const sides = Array.from({ length: count + 1 }, (): (readonly [LonLat, LonLat])[] => [])
  for (const side of all) {
    const [low, high] = [Math.min(side[0][1], side[1][1]), Math.max(side[0][1], side[1][1])]
    const last = Math.min(count, Math.floor((high - south) / height))
    for (let slab = Math.max(0, Math.floor((low - south) / height)); slab <= last; slab++) sides[slab]?.push(side)
  }
  return { south, height, sides }
}
