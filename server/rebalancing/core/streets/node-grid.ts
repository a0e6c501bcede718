import type { LonLat } from './road-network.ts'

/** Nodes by square of a grid, so that the nearest one is found without looking at all of them. */
export interface NodeGrid {
  /** Metres east and north of the first node, on a plane: good to a hair at the size of a city. */
  readonly x: Float64Array
  readonly y: Float64Array
  readonly origin: LonLat
  readonly metresPerLon: number
  readonly westM: number
  readonly southM: number
  readonly squareM: number
  readonly columns: number
  readonly rows: number
  /** Nodes of square k are `members[first[k]]` to `members[first[k + 1]]`, the latter excluded. */
  readonly first: Int32Array
  readonly members: Int32Array
}

/** `node` is −1 and `gapM` infinite where no node lies within `maxGapM`. */
export interface Nearest {
  readonly node: number
  readonly gapM: number
}

export const metresPerDegree = 111_194.93
const smallestSquareM = 150
/** Nodes spread over half a continent still get a grid of bounded memory. */
const maxSquares = 1_000_000

export function nodeGrid(nodes: readonly LonLat[]): NodeGrid {
  const origin = nodes[0] ?? [0, 0]
  const metresPerLon = metresPerDegree * Math.cos((origin[1] * Math.PI) / 180)
  const x = Float64Array.from(nodes, ([lon]) => (lon - origin[0]) * metresPerLon)
  const y = Float64Array.from(nodes, ([, lat]) => (lat - origin[1]) * metresPerDegree)
  const westM = x.reduce((a, b) => Math.min(a, b), 0)
  const southM = y.reduce((a, b) => Math.min(a, b), 0)
  const widthM = x.reduce((a, b) => Math.max(a, b), 0) - westM
  const heightM = y.reduce((a, b) => Math.max(a, b), 0) - southM
  const squareM = Math.max(smallestSquareM, Math.max(widthM, heightM) / Math.sqrt(maxSquares))
  const columns = Math.floor(widthM / squareM) + 1
  const rows = Math.floor(heightM / squareM) + 1

  const first = new Int32Array(columns * rows + 1)
  const squareOf = Int32Array.from(nodes, (_, node) => {
    const column = Math.floor(((x[node] as number) - westM) / squareM)
    const row = Math.floor(((y[node] as number) - southM) / squareM)
    return row * columns + column
  })
  for (const square of squareOf) first[square + 1] = (first[square + 1] as number) + 1
  for (let k = 0; k < columns * rows; k++) first[k + 1] = (first[k + 1] as number) + (first[k] as number)
  const filled = first.slice()
  const members = new Int32Array(nodes.length)
  squareOf.forEach((square, node) => {
    const place = filled[square] as number
    filled[square] = place + 1
    members[place] = node
  })
  return { x, y, origin, metresPerLon, westM, southM, squareM, columns, rows, first, members }
}

/** Looks at rings of squares around the place until no square farther out could hold a nearer node. */
export function nearestNode(grid: NodeGrid, lon: number, lat: number, maxGapM: number): Nearest {
  const px = (lon - grid.origin[0]) * grid.metresPerLon
  const py = (lat - grid.origin[1]) * metresPerDegree
  const column = clamp(Math.floor((px - grid.westM) / grid.squareM), grid.columns)
  const row = clamp(Math.floor((py - grid.southM) / grid.squareM), grid.rows)
  const lastRing = Math.min(Math.ceil(maxGapM / grid.squareM) + 1, Math.max(grid.columns, grid.rows))
  let node = -1
  let gapM = maxGapM
  const look = (c: number, r: number): void => {
    const square = r * grid.columns + c
    for (let k = grid.first[square] as number; k < (grid.first[square + 1] as number); k++) {
      const member = grid.members[k] as number
      const memberM = Math.hypot((grid.x[member] as number) - px, (grid.y[member] as number) - py)
      if (memberM > gapM || (memberM === gapM && node !== -1)) continue
      gapM = memberM
      node = member
    }
  }
  for (let ring = 0; ring <= lastRing; ring++) {
    lookAtRing(grid, column, row, ring, look)
    if (node !== -1 && gapM <= ring * grid.squareM) break
  }
  return node === -1 ? { node, gapM: Number.POSITIVE_INFINITY } : { node, gapM }
}

function lookAtRing(
  grid: NodeGrid,
  column: number,
  row: number,
  ring: number,
  look: (column: number, row: number) => void,
): void {
  const west = Math.max(0, column - ring)
  const east = Math.min(grid.columns - 1, column + ring)
  for (let r = Math.max(0, row - ring); r <= Math.min(grid.rows - 1, row + ring); r++) {
    if (Math.abs(r - row) === ring) for (let c = west; c <= east; c++) look(c, r)
    else {
      if (column - ring >= 0) look(column - ring, r)
      if (column + ring < grid.columns) look(column + ring, r)
    }
  }
}

const clamp = (index: number, count: number): number => Math.max(0, Math.min(count - 1, index))
