export type LonLat = readonly [lon: number, lat: number]

/** Streets as a van may drive them, each arc in one direction. `arcs[k]` leads from node `from[k]` to node `to[k]`. */
export interface RoadNetwork {
  readonly nodes: readonly LonLat[]
  readonly arcs: Arcs
}

/** Columns of equal length. Lengths and times are above 0. */
export interface Arcs {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly lengthM: Float64Array
  readonly seconds: Float64Array
}

/** The arcs that leave each node, by node: those of node `v` are `first[v]` to `first[v + 1]`, the latter excluded. */
export interface OutArcs {
  readonly first: Int32Array
  readonly target: Int32Array
  readonly lengthM: Float64Array
  readonly seconds: Float64Array
}

/** Sorts arcs by the node that they leave. */
export function outArcs(nodeCount: number, arcs: Arcs): OutArcs {
  const count = arcs.from.length
  const first = new Int32Array(nodeCount + 1)
  for (let arc = 0; arc < count; arc++)
    first[(arcs.from[arc] as number) + 1] = (first[(arcs.from[arc] as number) + 1] as number) + 1
  for (let node = 0; node < nodeCount; node++) first[node + 1] = (first[node + 1] as number) + (first[node] as number)
  const filled = first.slice()
  const target = new Int32Array(count)
  const lengthM = new Float64Array(count)
  const seconds = new Float64Array(count)
  for (let arc = 0; arc < count; arc++) {
    const from = arcs.from[arc] as number
    const place = filled[from] as number
    filled[from] = place + 1
    target[place] = arcs.to[arc] as number
    lengthM[place] = arcs.lengthM[arc] as number
    seconds[place] = arcs.seconds[arc] as number
  }
  return { first, target, lengthM, seconds }
}
