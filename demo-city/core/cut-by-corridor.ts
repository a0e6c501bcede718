import { chooseBridges, type OtherCorridors } from './bridges.ts'
import type { Measured } from './corridor.ts'
import { cutStreets } from './corridor-cuts.ts'
import type { Point } from './plane.ts'
import { layQuays } from './quays.ts'
import type { StreetPlan } from './street-plan.ts'

/**
 * Takes a corridor out of the street plan: streets end at its quays, the best crossings become bridges, and quay
 * streets join the ends. Corridors cut `earlier` are kept free of the new quays and bridges; where one will be cut
 * `later`, no bridge ends now.
 */
export function cutByCorridor(
  plan: StreetPlan,
  measured: Measured,
  { earlier, later }: OtherCorridors,
  mayBuild: (p: Point) => boolean,
): StreetPlan {
  const cut = cutStreets(plan, measured)
  const bridges = chooseBridges(cut, measured, { earlier, later })
  const withQuays = layQuays(cut, measured, earlier, mayBuild)
  return { nodes: withQuays.nodes, streets: [...cut.streets, ...bridges, ...withQuays.streets] }
}
