import type { LonLat, RoadNetwork } from './road-network.ts'

/** Stretches of road as files hold them: open in both directions, or one-way from `from` to `to`. Columns of equal length. */
export interface RoadEdges {
  readonly nodes: readonly LonLat[]
  readonly from: Int32Array
  readonly to: Int32Array
  readonly lengthM: Float64Array
  readonly kmh: Float64Array
  /** 1 or 0. */
  readonly isOneWay: Uint8Array
}

/**
 * Places meet the streets at nodes, so long stretches get nodes on their way: no place is off by more than half of this.
 * They cost nothing in the search, which takes out all nodes that are no place's.
 */
const pointEveryM = 60

/** The arcs of all stretches, one for each open direction. */
export function networkOf(edges: RoadEdges): RoadNetwork {
  const nodes = edges.nodes.slice()
  const from: number[] = []
  const to: number[] = []
  const lengthM: number[] = []
  const seconds: number[] = []
  const arc = (start: number, end: number, metres: number, time: number): void => {
    from.push(start)
    to.push(end)
    lengthM.push(metres)
    seconds.push(time)
  }
  for (let k = 0; k < edges.from.length; k++) {
    const last = edges.to[k] as number
    const metres = edges.lengthM[k] as number
    const pieces = Math.max(1, Math.ceil(metres / pointEveryM))
    const pieceM = metres / pieces
    const pieceS = pieceM / ((edges.kmh[k] as number) / 3.6)
    let start = edges.from[k] as number
    const [a, b] = [nodes[start], nodes[last]]
    if (a === undefined || b === undefined) continue
    for (let piece = 1; piece <= pieces; piece++) {
      const part = piece / pieces
      const end = piece === pieces ? last : nodes.push([a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]) - 1
      arc(start, end, pieceM, pieceS)
      if (edges.isOneWay[k] !== 1) arc(end, start, pieceM, pieceS)
      start = end
    }
  }
  return {
    nodes,
    arcs: {
      from: Int32Array.from(from),
      to: Int32Array.from(to),
      lengthM: Float64Array.from(lengthM),
      seconds: Float64Array.from(seconds),
    },
  }
}
