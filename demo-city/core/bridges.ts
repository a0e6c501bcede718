import type { StreetClass } from '../city-files.ts'
import { type Measured, reachM, straysInto } from './corridor.ts'
import type { Crossing, CutStreets } from './corridor-cuts.ts'
import { metresBetween } from './plane.ts'
import { pointOf, type Street } from './street-plan.ts'

/** A bridge may lie askew, but not run along the water. */
const longestBridgeFactor = 1.5
const mainBridgesApartM = 45
const rank: Readonly<Record<StreetClass, number>> = { primary: 0, quay: 0, secondary: 1, path: 2, residential: 2 }

export type OtherCorridors = { readonly earlier: readonly Measured[]; readonly later: readonly Measured[] }

/** Main roads and quays always cross; side streets where no other bridge is near. */
export function chooseBridges(
  { nodes, crossings }: CutStreets,
  { corridor, lengthM }: Measured,
  { earlier, later }: OtherCorridors,
): Street[] {
  const longestM = 2 * reachM(corridor) * longestBridgeFactor
  const possible = crossings
    .filter(({ from, to }) => {
      const [a, b] = [pointOf({ nodes }, from.node), pointOf({ nodes }, to.node)]
      return (
        metresBetween(a, b) < longestM &&
        !straysInto([...earlier, ...later], a, b, 0) &&
        !later.some(({ locate }) => locate(a) ?? locate(b))
      )
    })
    .sort((x, y) => rank[x.street.class] - rank[y.street.class] || x.from.alongM - y.from.alongM)
  const chosen: Crossing[] = []
  for (const crossing of possible) {
    const apartM = rank[crossing.street.class] === 0 ? mainBridgesApartM : corridor.bridgeSpacingM
    const isNear = chosen.some(({ from }) => gapAlongM(from.alongM, crossing.from.alongM) < apartM)
    if (!isNear) chosen.push(crossing)
  }
  const isBridge = corridor.kind !== 'rail'
  return chosen.map(({ from, to, street }) => ({ ...street, nodes: [from.node, to.node], isBridge }))

  function gapAlongM(a: number, b: number): number {
    const gap = Math.abs(a - b)
    return corridor.isClosed ? Math.min(gap, lengthM - gap) : gap
  }
}
