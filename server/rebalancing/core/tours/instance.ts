/**
 * A benchmark of rebalancing: every node is visited exactly once by tours from and to the depot. Node 0 is the depot;
 * a van leaves with any load from 0 to `capacity`, and its load stays in these limits all along.
 */
export interface TourInstance {
  readonly name: string
  /** Nodes with the depot. */
  readonly nodeCount: number
  /** Bikes that one van can hold. */
  readonly capacity: number
  /** Bikes taken up (positive) or left behind (negative) per node; the depot's is not used. */
  readonly demand: Int32Array
  /** Row by row: `distance[from * nodeCount + to]`; need not be symmetric. The diagonal is 0. */
  readonly distance: Float64Array
  /** Tours that may be used: 1 for a single van, else as many as there are stops. */
  readonly tourLimit: number
}

/** Stops of each tour in order, without the depot. */
export type Tours = readonly (readonly number[])[]

/** What a file or a check refuses, in one sentence for people. */
export interface Refused {
  readonly kind: 'refused'
  readonly sentence: string
}

export interface Read {
  readonly kind: 'read'
  readonly instance: TourInstance
}

/** Fewest and most nodes of a file, the depot counted. */
export const leastNodes = 2
export const mostNodes = 1_000
/** Highest capacity of a van, bikes. */
export const mostCapacity = 100_000
/** Longest single distance, in the file's unit (the diagonal is not looked at). */
export const mostDistance = 1e9

export function refused(sentence: string): Refused {
  return { kind: 'refused', sentence }
}
