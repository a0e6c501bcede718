import type { Random } from '../../../contracts/random.ts'
import { distanceM, type Position } from '../../../contracts/units.ts'

export interface Hotspot extends Position {
  readonly nodeIndex: number
  readonly capacity: number
}

/** Farther than this nobody walks back from a bike rack. */
const hotspotReachM = 500
const rackSpreadM = 9
const kerbSpreadM = 3
const metresPerDegree = 111_195

/** The node a rider steers for: the nearest hotspot within reach if the rider is one of the tidy, else the door. */
export function parkingNode(
  toNode: number,
  at: Position,
  parksAtHotspot: boolean,
  hotspots: readonly Hotspot[],
): { readonly node: number; readonly isHotspot: boolean } {
  if (!parksAtHotspot) return { node: toNode, isHotspot: false }
  let best: Hotspot | null = null
  let bestM = hotspotReachM
  for (const hotspot of hotspots) {
    const gapM = distanceM(at, hotspot)
    if (gapM <= bestM) {
      best = hotspot
      bestM = gapM
    }
  }
  return best === null ? { node: toNode, isHotspot: false } : { node: best.nodeIndex, isHotspot: true }
}

/** How far before the end of the way the rider gets off: hotspots are places, doors are along a street. */
export const stopShortM = (isHotspot: boolean, random: Random): number => random.next() * (isHotspot ? 12 : 70)

/** A step aside, so that bikes do not stand in one another. */
export function stepAside({ lon, lat }: Position, isHotspot: boolean, random: Random): Position {
  const spreadM = isHotspot ? rackSpreadM : kerbSpreadM
  const eastM = (random.next() * 2 - 1) * spreadM
  const northM = (random.next() * 2 - 1) * spreadM
  return {
    lon: lon + eastM / (metresPerDegree * Math.cos((lat * Math.PI) / 180)),
    lat: lat + northM / metresPerDegree,
  }
}
