import type { Random } from '../../../contracts/random.ts'
import type { Position } from '../../../contracts/units.ts'
import { weightedDraw } from './draw-weighted.ts'
import { type Hotspot, stepAside } from './parking.ts'

export interface FirstPlaces {
  readonly nodes: readonly (readonly [lon: number, lat: number])[]
  readonly homes: readonly (readonly [node: number, weight: number])[]
  readonly hotspots: readonly Hotspot[]
}

const atHotspotShare = 0.45

/** Where bikes stand on the first morning: some brought to the hotspots, the rest left in front of homes overnight. */
export function firstPosition(places: FirstPlaces, random: Random): Position {
  const isHotspot = random.chance(atHotspotShare)
  const node = isHotspot
    ? weightedDraw(places.hotspots.map(({ nodeIndex, capacity }) => [nodeIndex, capacity] as const))(random)
    : weightedDraw(places.homes)(random)
  const [lon, lat] = places.nodes[node] ?? [0, 0]
  return stepAside({ lon, lat }, isHotspot, random)
}
