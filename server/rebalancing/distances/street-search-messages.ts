import type { Place } from '../core/street-matrix.ts'

/** Where the worker reads its streets from. */
export interface StreetsSource {
  readonly kind: 'road_file' | 'city_streets'
  readonly path: string
}

export interface SearchRequest {
  readonly requestId: number
  readonly places: readonly Place[]
}

/** In the units of a `DistanceTable`, finite everywhere. */
export interface FoundWays {
  readonly distanceM: Float64Array
  readonly driveS: Float64Array
  /** How many places lie more than 250 m from any street, and how many of them outside all streets. */
  readonly far: number
  readonly unplaced: number
}

/** `message` is the sentence of a fault. */
export type SearchAnswer =
  | { readonly kind: 'loaded'; readonly attribution: string | null; readonly nodes: number; readonly loadMs: number }
  | { readonly kind: 'bad_file'; readonly message: string }
  | { readonly kind: 'ways'; readonly requestId: number; readonly ways: FoundWays; readonly searchMs: number }
