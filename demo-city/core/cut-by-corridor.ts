import { type Measured, reachM, type Station } from './corridor.ts'
import { between, metresBetween, type Point } from './plane.ts'
import { pointOf, type Street, type StreetPlan } from './street-plan.ts'

const sampleM = 6
/** A corner nearer to the quay than this becomes part of the quay, so that no stub of a few metres is left. */
const snapM = 16
const quayStepM = 45
const longestQuayGapM = 620
/** A bridge may lie askew, but not run along the water. */
const longestBridgeFactor = 1.5

type Cut = { readonly node: number; readonly alongM: number; readonly side: 1 | -1 }
type Crossing = { readonly from: Cut; readonly to: Cut; readonly street: Street }

/**
 * Takes a corridor out of the street plan: streets end at its quays, the best crossings become bridges, and quay
 * streets join the ends. `earlier` corridors are kept free of the new quays and bridges.
 */
export function cutByCorridor(
  plan: StreetPlan,
  measured: Measured,
  earlier: readonly Measured[],
  mayBuild: (p: Point) => boolean,
): StreetPlan {
  const { corridor } = measured
  const reach = reachM(corridor)
  const nodes: Point[] = [...plan.nodes]
  const cuts: Cut[] = []
  const crossings: Crossing[] = []
  const streets: Street[] = []

  for (const street of plan.streets) cutStreet(street)
  for (const { from, to, street } of bestCrossings()) {
    streets.push({ ...street, nodes: [from.node, to.node], isBridge: corridor.kind !== 'rail' })
  }
  layQuay(1)
  layQuay(-1)
  return { nodes, streets }

  function cutStreet(street: Street): void {
    const pieces: number[][] = []
    let piece: number[] = []
    let entered: Cut | null = null
    let previous: { point: Point; station: Station | null; node: number } | null = null
    for (const node of street.nodes) {
      const point = pointOf({ nodes }, node)
      const station = measured.locate(point)
      if (previous === null) {
        if (station === null) piece.push(node)
      } else {
        walk(previous.point, point, previous.station)
        if (station === null && piece.at(-1) !== node) piece.push(node)
      }
      previous = { point, station, node }
    }
    pieces.push(piece)
    const whole = pieces.length === 1 && street.nodes.every((node, i) => piece[i] === node)
    if (street.isBridge && !whole) return
    for (const kept of pieces) if (kept.length > 1) streets.push({ ...street, nodes: kept })

    function walk(a: Point, b: Point, stationAtA: Station | null): void {
      const steps = Math.max(1, Math.ceil(metresBetween(a, b) / sampleM))
      let inside = stationAtA
      for (let i = 1; i <= steps; i++) {
        const station = measured.locate(between(a, b, i / steps))
        if (inside === null && station !== null) {
          const cut = cutAt(a, b, (i - 1) / steps, i / steps, piece.at(-1) ?? null)
          if (cut !== null) {
            if (piece.at(-1) !== cut.node) piece.push(cut.node)
            entered = cut
          }
          pieces.push(piece)
          piece = []
        } else if (inside !== null && station === null) {
          const cut = cutAt(b, a, 1 - i / steps, 1 - (i - 1) / steps, null)
          if (cut !== null) {
            piece = [cut.node]
            if (entered !== null && entered.side !== cut.side) crossings.push({ from: entered, to: cut, street })
          }
          entered = null
        }
        inside = station
      }
    }
  }

  /** The border between `outside` (a fraction of a→b that is free) and `inside`; null past an open end. */
  function cutAt(a: Point, b: Point, outside: number, inside: number, nearNode: number | null): Cut | null {
    let low = outside
    let high = inside
    for (let i = 0; i < 20; i++) {
      const half = (low + high) / 2
      if (measured.locate(between(a, b, half)) === null) low = half
      else high = half
    }
    const station = measured.locate(between(a, b, high))
    if (station === null) return null
    const side = station.sideM >= 0 ? 1 : -1
    if (Math.abs(Math.abs(station.sideM) - reach) > 3) return null
    const point = between(a, b, low)
    const known = cuts.find((cut) => cut.side === side && metresBetween(pointOf({ nodes }, cut.node), point) < snapM)
    if (known) return known
    let node = nearNode
    if (node === null || metresBetween(pointOf({ nodes }, node), point) > snapM) {
      nodes.push(point)
      node = nodes.length - 1
    }
    const cut: Cut = { node, alongM: station.alongM, side }
    cuts.push(cut)
    return cut
  }

  /** Main roads and quays always cross; side streets where no other bridge is near. */
  function bestCrossings(): Crossing[] {
    const rank = { primary: 0, quay: 0, secondary: 1, path: 2, residential: 2 } as const
    const possible = crossings
      .filter(({ from, to }) => {
        const a = pointOf({ nodes }, from.node)
        const b = pointOf({ nodes }, to.node)
        return metresBetween(a, b) < 2 * reach * longestBridgeFactor && !touchesEarlier(a, b, 0)
      })
      .sort((x, y) => rank[x.street.class] - rank[y.street.class] || x.from.alongM - y.from.alongM)
    const chosen: Crossing[] = []
    for (const crossing of possible) {
      const apartM = rank[crossing.street.class] === 0 ? 45 : corridor.bridgeSpacingM
      const isNear = chosen.some(({ from }) => gapAlongM(from.alongM, crossing.from.alongM) < apartM)
      if (!isNear) chosen.push(crossing)
    }
    return chosen
  }

  function gapAlongM(a: number, b: number): number {
    const gap = Math.abs(a - b)
    return corridor.isClosed ? Math.min(gap, measured.lengthM - gap) : gap
  }

  function layQuay(side: 1 | -1): void {
    const bank = cuts.filter((cut) => cut.side === side).sort((a, b) => a.alongM - b.alongM)
    const name = corridor.quayNames[side === 1 ? 0 : 1]
    let open: number[] = []
    const close = (): void => {
      if (open.length > 1) streets.push({ nodes: open, class: 'quay', name, isBridge: false })
      open = []
    }
    const first = bank[0]
    if (first === undefined) return
    const chain = corridor.isClosed ? [...bank, { ...first, alongM: first.alongM + measured.lengthM }] : bank
    for (let i = 0; i + 1 < chain.length; i++) {
      const [a, b] = [chain[i] as Cut, chain[i + 1] as Cut]
      const between = quayPoints(a, b, side)
      if (between === null) {
        close()
        continue
      }
      if (open.length === 0) open.push(a.node)
      for (const point of between) {
        nodes.push(point)
        open.push(nodes.length - 1)
      }
      if (open.at(-1) !== b.node) open.push(b.node)
    }
    close()
  }

  function quayPoints(a: Cut, b: Cut, side: 1 | -1): Point[] | null {
    const gapM = b.alongM - a.alongM
    if (gapM > longestQuayGapM || a.node === b.node) return null
    const count = Math.floor(gapM / quayStepM)
    const points = Array.from({ length: count }, (_, k) =>
      measured.beside(a.alongM + (gapM * (k + 1)) / (count + 1), side * reach),
    )
    const line = [pointOf({ nodes }, a.node), ...points, pointOf({ nodes }, b.node)]
    const isFree = line.every((p, i) => {
      const next = line[i + 1]
      return next === undefined || (mayBuild(between(p, next, 0.5)) && !touchesEarlier(p, next, 1))
    })
    return isFree ? points : null
  }

  function touchesEarlier(a: Point, b: Point, marginM: number): boolean {
    const steps = Math.max(2, Math.ceil(metresBetween(a, b) / sampleM))
    for (const other of earlier) {
      for (let i = 1; i < steps; i++) {
        const station = other.locate(between(a, b, i / steps))
        if (station !== null && Math.abs(station.sideM) < reachM(other.corridor) - marginM) return true
      }
    }
    return false
  }
}
