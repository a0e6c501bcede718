import type { TripView } from '../../contracts/http/trips.ts'

export interface SeenTrip {
  readonly trip: TripView
  /** performance.now() when it came: city time goes on from there. */
  readonly atMs: number
}
