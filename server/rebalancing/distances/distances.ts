import type { Place } from '../core/street-matrix.ts'

/** Ways of a van between places. */
export interface Distances {
  /**
   * Between all places: n × n, row-major `[from * n + to]`, asymmetric, whole metres and seconds, 0 from a place to
   * itself. At most `maxPlaces`. Throws `DistancesFault`.
   */
  table(places: readonly Place[]): Promise<DistanceTable>
  close(): Promise<void>
}

export interface DistanceTable {
  readonly distanceM: number[]
  readonly driveS: number[]
  readonly source: DistanceSource
  /** One or more sentences for people, where something is not as it should be, and the attribution of the streets. */
  readonly note?: string
}

export type DistanceSource = 'streets' | 'osrm' | 'straight_line'

/** Two matrices of four million numbers: more than any night needs. */
export const maxPlaces = 2_000

/**
 * `bad_file`: streets that cannot be read. `outside`: most places are not where the streets are. `service`: the OSRM
 * service does not answer, or not in its form. `worker`: the search ended or took too long. `too_many`: above `maxPlaces`.
 */
export type DistancesFaultCode = 'bad_file' | 'outside' | 'service' | 'worker' | 'too_many'

/** The world failed; `message` is a sentence. */
export class DistancesFault extends Error {
  override readonly name = 'DistancesFault'
  readonly code: DistancesFaultCode

  constructor(code: DistancesFaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
  }
}
