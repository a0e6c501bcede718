import { type Measured, reachM, straysInto } from './corridor.ts'
import type { Cut, CutStreets } from './corridor-cuts.ts'
import { between, type Point } from './plane.ts'
import { pointOf, type Street, type StreetPlan } from './street-plan.ts'

const quayStepM = 45
/** With no side street for longer than this, the bank is left to the reeds. */
const longestQuayGapM = 620

/** Streets along both banks that join the ends of all streets cut there; `nodes` are the old and the new ones. */
export function layQuays(
  { nodes: oldNodes, cuts }: CutStreets,
  measured: Measured,
  earlier: readonly Measured[],
  mayBuild: (p: Point) => boolean,
): StreetPlan {
  const { corridor } = measured
  const nodes = [...oldNodes]
  return { nodes, streets: [...quayAlong(1), ...quayAlong(-1)] }

  function quayAlong(side: 1 | -1): Street[] {
    const name = corridor.quayNames[side === 1 ? 0 : 1]
    const runs: number[][] = [[]]
    for (const [a, b] of neighbours(side)) {
      const points = pointsBetween(a, b, side)
      if (points === null) {
        runs.push([])
        continue
      }
      const run = runs.at(-1) as number[]
      if (run.length === 0) run.push(a.node)
      for (const point of points) run.push(nodes.push(point) - 1)
      run.push(b.node)
    }
    return runs
      .filter((run) => run.length > 1)
      .map((run): Street => ({ nodes: run, class: 'quay', name, isBridge: false }))
  }

  function neighbours(side: 1 | -1): [Cut, Cut][] {
    const bank = cuts.filter((cut) => cut.side === side).sort((a, b) => a.alongM - b.alongM)
    const [first] = bank
    if (first === undefined) return []
    const chain = corridor.isClosed ? [...bank, { ...first, alongM: first.alongM + measured.lengthM }] : bank
    return chain.slice(1).map((cut, i): [Cut, Cut] => [chain[i] as Cut, cut])
  }

  /** Null where the quay would be too long without a street, leave the city or run into other water. */
  function pointsBetween(a: Cut, b: Cut, side: 1 | -1): Point[] | null {
    const gapM = b.alongM - a.alongM
    if (gapM > longestQuayGapM || a.node === b.node) return null
    const count = Math.floor(gapM / quayStepM)
    const points = Array.from({ length: count }, (_, k) =>
      measured.beside(a.alongM + (gapM * (k + 1)) / (count + 1), side * reachM(corridor)),
    )
    const line = [pointOf({ nodes }, a.node), ...points, pointOf({ nodes }, b.node)]
    const isFree = line.every((p, i) => {
      const next = line[i + 1]
      return next === undefined || (mayBuild(between(p, next, 0.5)) && !straysInto(earlier, p, next, 1))
    })
    return isFree ? points : null
  }
}
