import { assert } from '../contracts/assert.ts'
import type { StreetsFile } from './city-files.ts'

export type Route = { readonly nodes: readonly number[]; readonly lengthM: number }

export type Router = {
  /** The index of the node nearest to a place. */
  readonly nearestNode: (lon: number, lat: number) => number
  /** The shortest way along the streets; null if there is none. Throws for a node that does not exist. */
  readonly route: (fromNode: number, toNode: number) => Route | null
}

type Graph = Pick<StreetsFile, 'nodes' | 'edges'>

const metresPerDegree = 111_194.93
/** Straight lines in the plane may exceed the great circle by a hair; the search must never overestimate. */
const caution = 0.998
const gridCellM = 150

/** Prepares typed arrays and a grid once; `route` then is A* with a binary heap. Not re-entrant, but not async. */
export function buildRouter(streets: Graph): Router {
  const count = streets.nodes.length
  assert(count > 0, 'a street graph has at least one node')
  const metresPerLon = metresPerDegree * Math.cos(((streets.nodes[0]?.[1] ?? 0) * Math.PI) / 180)
  const x = Float64Array.from(streets.nodes, ([lon]) => lon * metresPerLon)
  const y = Float64Array.from(streets.nodes, ([, lat]) => lat * metresPerDegree)
  const { first, target, length } = adjacency(streets)
  const grid = nodeGrid(x, y)

  const costM = new Float64Array(count)
  const cameFrom = new Int32Array(count)
  const round = new Uint32Array(count)
  let currentRound = 0

  return {
    nearestNode: (lon, lat) => grid(lon * metresPerLon, lat * metresPerDegree),
    route: (fromNode, toNode) => {
      for (const node of [fromNode, toNode]) {
        assert(Number.isInteger(node) && node >= 0 && node < count, `the street graph has a node ${node}`)
      }
      return search(fromNode, toNode)
    },
  }

  function search(from: number, to: number): Route | null {
    currentRound++
    const heap = minHeap()
    const aheadM = (node: number): number =>
      caution * Math.hypot((x[node] as number) - (x[to] as number), (y[node] as number) - (y[to] as number))
    costM[from] = 0
    cameFrom[from] = -1
    round[from] = currentRound
    heap.push(from, aheadM(from))
    for (let entry = heap.pop(); entry !== null; entry = heap.pop()) {
      const node = entry.item
      const here = costM[node] as number
      if (entry.key > here + aheadM(node) + 1e-9) continue
      if (node === to) return { nodes: trace(to), lengthM: here }
      for (let e = first[node] as number; e < (first[node + 1] as number); e++) {
        const next = target[e] as number
        const cost = here + (length[e] as number)
        if (round[next] === currentRound && cost >= (costM[next] as number)) continue
        round[next] = currentRound
        costM[next] = cost
        cameFrom[next] = node
        heap.push(next, cost + aheadM(next))
      }
    }
    return null
  }

  function trace(to: number): number[] {
    const nodes: number[] = []
    for (let node = to; node >= 0; node = cameFrom[node] as number) nodes.push(node)
    return nodes.reverse()
  }
}

function adjacency({ nodes, edges }: Graph): { first: Int32Array; target: Int32Array; length: Float64Array } {
  const first = new Int32Array(nodes.length + 1)
  for (const [from, to] of edges) {
    first[from + 1] = (first[from + 1] ?? 0) + 1
    first[to + 1] = (first[to + 1] ?? 0) + 1
  }
  for (let i = 0; i < nodes.length; i++) first[i + 1] = (first[i + 1] ?? 0) + (first[i] ?? 0)
  const filled = first.slice()
  const target = new Int32Array(edges.length * 2)
  const length = new Float64Array(edges.length * 2)
  const put = (from: number, to: number, lengthM: number): void => {
    const at = filled[from] as number
    target[at] = to
    length[at] = lengthM
    filled[from] = at + 1
  }
  for (const [from, to, lengthM] of edges) {
    put(from, to, lengthM)
    put(to, from, lengthM)
  }
  return { first, target, length }
}

function nodeGrid(x: Float64Array, y: Float64Array): (px: number, py: number) => number {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < x.length; i++) {
    west = Math.min(west, x[i] as number)
    east = Math.max(east, x[i] as number)
    south = Math.min(south, y[i] as number)
    north = Math.max(north, y[i] as number)
  }
  const columns = Math.floor((east - west) / gridCellM) + 1
  const rows = Math.floor((north - south) / gridCellM) + 1
  const cells: number[][] = Array.from({ length: columns * rows }, () => [])
  for (let i = 0; i < x.length; i++) {
    cells[
      Math.floor(((y[i] as number) - south) / gridCellM) * columns + Math.floor(((x[i] as number) - west) / gridCellM)
    ]?.push(i)
  }
  return (px, py) => {
    const column = Math.max(0, Math.min(columns - 1, Math.floor((px - west) / gridCellM)))
    const row = Math.max(0, Math.min(rows - 1, Math.floor((py - south) / gridCellM)))
    let best = 0
    let bestSquared = Infinity
    for (let ring = 0; ring <= Math.max(columns, rows); ring++) {
      for (let r = row - ring; r <= row + ring; r++) {
        for (let c = column - ring; c <= column + ring; c++) {
          if (Math.max(Math.abs(r - row), Math.abs(c - column)) !== ring) continue
          if (r < 0 || c < 0 || r >= rows || c >= columns) continue
          for (const i of cells[r * columns + c] ?? []) {
            const squared = ((x[i] as number) - px) ** 2 + ((y[i] as number) - py) ** 2
            if (squared < bestSquared) [best, bestSquared] = [i, squared]
          }
        }
      }
      if (bestSquared <= nearestUnseenM(px, py, west, south, column, row, ring) ** 2) break
    }
    return best
  }
}

/** How near a node outside the cells looked at so far could be; 0 when the place itself lies outside them. */
function nearestUnseenM(
  px: number,
  py: number,
  west: number,
  south: number,
  column: number,
  row: number,
  ring: number,
): number {
  const toWest = px - (west + (column - ring) * gridCellM)
  const toEast = west + (column + ring + 1) * gridCellM - px
  const toSouth = py - (south + (row - ring) * gridCellM)
  const toNorth = south + (row + ring + 1) * gridCellM - py
  return Math.max(0, Math.min(toWest, toEast, toSouth, toNorth))
}

type Heap = {
  readonly push: (item: number, key: number) => void
  readonly pop: () => { readonly item: number; readonly key: number } | null
}

function minHeap(): Heap {
  const items: number[] = []
  const keys: number[] = []
  const swap = (i: number, j: number): void => {
    const item = items[i] as number
    const key = keys[i] as number
    items[i] = items[j] as number
    keys[i] = keys[j] as number
    items[j] = item
    keys[j] = key
  }
  return {
    push(item, key) {
      let at = items.push(item) - 1
      keys.push(key)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if ((keys[parent] as number) <= (keys[at] as number)) break
        swap(at, parent)
        at = parent
      }
    },
    pop() {
      const [item, key] = [items[0], keys[0]]
      if (item === undefined || key === undefined) return null
      swap(0, items.length - 1)
      items.pop()
      keys.pop()
      for (let at = 0; ; ) {
        const left = 2 * at + 1
        const right = left + 1
        let least = at
        if (left < items.length && (keys[left] as number) < (keys[least] as number)) least = left
        if (right < items.length && (keys[right] as number) < (keys[least] as number)) least = right
        if (least === at) break
        swap(at, least)
        at = least
      }
      return { item, key }
    },
  }
}
