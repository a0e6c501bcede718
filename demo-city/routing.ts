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
    nearestNode: (lon, lat) => nearestIn(grid, x, y, lon * metresPerLon, lat * metresPerDegree),
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

type NodeGrid = {
  readonly columns: number
  readonly rows: number
  readonly columnOf: (px: number) => number
  readonly rowOf: (py: number) => number
  /** Distance from a place to the nearest border of the block of cells `ring` around its own; 0 if outside it. */
  readonly unseenFromM: (px: number, py: number, ring: number) => number
  readonly nodesIn: (column: number, row: number) => readonly number[]
}

function nodeGrid(x: Float64Array, y: Float64Array): NodeGrid {
  const west = x.reduce((a, b) => Math.min(a, b))
  const south = y.reduce((a, b) => Math.min(a, b))
  const columns = Math.floor((x.reduce((a, b) => Math.max(a, b)) - west) / gridCellM) + 1
  const rows = Math.floor((y.reduce((a, b) => Math.max(a, b)) - south) / gridCellM) + 1
  const cells: number[][] = Array.from({ length: columns * rows }, () => [])
  const columnOf = (px: number): number => Math.max(0, Math.min(columns - 1, Math.floor((px - west) / gridCellM)))
  const rowOf = (py: number): number => Math.max(0, Math.min(rows - 1, Math.floor((py - south) / gridCellM)))
  x.forEach((px, i) => {
    cells[rowOf(y[i] as number) * columns + columnOf(px)]?.push(i)
  })
  return {
    columns,
    rows,
    columnOf,
    rowOf,
    unseenFromM(px, py, ring) {
      const fromWest = px - west - columnOf(px) * gridCellM
      const fromSouth = py - south - rowOf(py) * gridCellM
      const nearest = Math.min(fromWest, gridCellM - fromWest, fromSouth, gridCellM - fromSouth)
      return Math.max(0, nearest + ring * gridCellM)
    },
    nodesIn: (column, row) =>
      column < 0 || row < 0 || column >= columns || row >= rows ? [] : (cells[row * columns + column] ?? []),
  }
}

/** Looks at rings of cells around the place until no cell farther out could hold a nearer node. */
function nearestIn(grid: NodeGrid, x: Float64Array, y: Float64Array, px: number, py: number): number {
  const column = grid.columnOf(px)
  const row = grid.rowOf(py)
  let best = 0
  let bestM = Number.POSITIVE_INFINITY
  const look = (c: number, r: number): void => {
    for (const i of grid.nodesIn(c, r)) {
      const gapM = Math.hypot((x[i] as number) - px, (y[i] as number) - py)
      if (gapM < bestM) {
        best = i
        bestM = gapM
      }
    }
  }
  for (let ring = 0; ring <= Math.max(grid.columns, grid.rows); ring++) {
    for (let r = row - ring; r <= row + ring; r++) {
      const isEdgeRow = Math.abs(r - row) === ring
      for (let c = column - ring; c <= column + ring; c += isEdgeRow || ring === 0 ? 1 : 2 * ring) look(c, r)
    }
    if (bestM <= grid.unseenFromM(px, py, ring)) break
  }
  return best
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
