import { type Measured, reachM } from './corridor.ts'
import { between, metresBetween, type Point } from './plane.ts'
import { pointOf, type Street, type StreetPlan } from './street-plan.ts'

/** Where a street meets the bank; `alongM` and `side` as in `Station`, the left bank being 1. */
export type Cut = { readonly node: number; readonly alongM: number; readonly side: 1 | -1 }
/** A street that comes out of the strip on the other bank. */
export type Crossing = { readonly from: Cut; readonly to: Cut; readonly street: Street }
export type CutStreets = StreetPlan & { readonly cuts: readonly Cut[]; readonly crossings: readonly Crossing[] }

const sampleM = 6
/** A corner nearer to the quay than this becomes part of the quay, so that no stub of a few metres is left. */
const snapM = 16
const bisections = 20
const tolerableM = 3

/** Ends every street at the banks of the strip; a bridge of an earlier strip that would lose an end goes. */
export function cutStreets(plan: StreetPlan, measured: Measured): CutStreets {
  const book = new CutBook(plan.nodes, measured)
  const crossings: Crossing[] = []
  const streets = plan.streets.flatMap((street) => {
    const { pieces, crossed } = cutStreet(street, book, measured)
    const isWhole = pieces.length === 1 && street.nodes.every((node, i) => pieces[0]?.[i] === node)
    if (isWhole) return [street]
    if (street.isBridge) return []
    crossings.push(...crossed)
    return pieces.filter((nodes) => nodes.length > 1).map((nodes) => ({ ...street, nodes }))
  })
  return { nodes: book.nodes, streets, cuts: book.cuts, crossings }
}

function cutStreet(street: Street, book: CutBook, measured: Measured): { pieces: number[][]; crossed: Crossing[] } {
  const pieces: number[][] = [[]]
  const crossed: Crossing[] = []
  let entered: Cut | null = null
  const add = (node: number): void => {
    const piece = pieces.at(-1) as number[]
    if (piece.at(-1) !== node) piece.push(node)
  }
  for (const mark of marksAlong(street, book, measured)) {
    if (typeof mark === 'number') {
      add(mark)
      continue
    }
    const cut = book.cutAt(mark, mark.isEntry ? (pieces.at(-1)?.at(-1) ?? null) : null)
    if (cut !== null) add(cut.node)
    if (mark.isEntry) pieces.push([])
    else if (cut !== null && entered !== null && entered.side !== cut.side)
      crossed.push({ from: entered, to: cut, street })
    entered = mark.isEntry ? cut : null
  }
  return { pieces: pieces.filter((piece) => piece.length > 0), crossed }
}

/** The street's dry nodes and the borders between them, in the order one walks past them. */
function marksAlong({ nodes }: Street, book: CutBook, measured: Measured): (number | Border)[] {
  return nodes.flatMap((node, i) => {
    const point = pointOf(book, node)
    const previous = nodes[i - 1]
    const borders = previous === undefined ? [] : bordersBetween(pointOf(book, previous), point, measured)
    return measured.locate(point) === null ? [...borders, node] : borders
  })
}

/** Somewhere between a point outside the strip and a point inside it. */
type Border = { readonly isEntry: boolean; readonly outside: Point; readonly inside: Point }

function bordersBetween(a: Point, b: Point, measured: Measured): Border[] {
  const steps = Math.max(1, Math.ceil(metresBetween(a, b) / sampleM))
  const borders: Border[] = []
  let previous = a
  let wasInside = measured.locate(a) !== null
  for (let i = 1; i <= steps; i++) {
    const point = between(a, b, i / steps)
    const isInside = measured.locate(point) !== null
    if (isInside && !wasInside) borders.push({ isEntry: true, outside: previous, inside: point })
    if (!isInside && wasInside) borders.push({ isEntry: false, outside: point, inside: previous })
    previous = point
    wasInside = isInside
  }
  return borders
}

/** The cuts made so far, and the nodes made for them. */
class CutBook {
  readonly nodes: Point[]
  readonly cuts: Cut[] = []
  readonly #measured: Measured

  constructor(nodes: readonly Point[], measured: Measured) {
    this.nodes = [...nodes]
    this.#measured = measured
  }

  /** The cut at a border, perhaps one made before close by; null where the border is an open end and not a bank. */
  cutAt(border: Border, nearNode: number | null): Cut | null {
    let { outside, inside } = border
    for (let i = 0; i < bisections; i++) {
      const half = between(outside, inside, 0.5)
      if (this.#measured.locate(half) === null) outside = half
      else inside = half
    }
    const station = this.#measured.locate(inside)
    if (station === null || Math.abs(Math.abs(station.sideM) - reachM(this.#measured.corridor)) > tolerableM)
      return null
    const side = station.sideM >= 0 ? 1 : -1
    const known = this.cuts.find((cut) => cut.side === side && metresBetween(pointOf(this, cut.node), outside) < snapM)
    if (known) return known
    const isNear = nearNode !== null && metresBetween(pointOf(this, nearNode), outside) <= snapM
    const cut: Cut = { node: isNear ? nearNode : this.nodes.push(outside) - 1, alongM: station.alongM, side }
    this.cuts.push(cut)
    return cut
  }
}
