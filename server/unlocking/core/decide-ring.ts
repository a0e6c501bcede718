import type { TripState } from '../../../contracts/http/trips.ts'
import { type Refusal, refuse } from '../../../contracts/refusals.ts'
import type { RealMs } from '../../../contracts/units.ts'

/** Everything that "may this rider make this bike ring?" hangs on. Who asks knows its code or its number. */
export interface RingQuestion {
  /** The trip that has the bike now. */
  readonly trip: { readonly isMine: boolean; readonly state: TripState } | null
  readonly isReservedByOther: boolean
  readonly isInVan: boolean
  /** When it rang last, for whomever. */
  readonly rungAt: RealMs | null
  /** Rings of this rider in the last minute, of any bike. */
  readonly ringsOfRider: number
}

/** Real time between two rings of a bike: the street hears each of them. */
export const ringEveryMs = 10_000
/** Numbers can be guessed: nobody makes a street of bikes ring. */
export const mostRingsAMinute = 4
export const ringsCountMs = 60_000

/** The first reason why not, or null for yes. A lock that is about to be opened is left alone. */
export function decideRing(question: RingQuestion, nowMs: RealMs): Refusal | null {
  const { trip, rungAt } = question
  if (trip !== null && !trip.isMine) return refuse('bike_in_use')
  if (question.isReservedByOther) return refuse('bike_reserved')
  if (question.isInVan) return refuse('bike_being_moved')
  if (trip?.state === 'promised' || trip?.state === 'unlocking') return refuse('lock_busy')
  if (question.ringsOfRider >= mostRingsAMinute) return refuse('too_many_requests')
  return rungAt !== null && nowMs < rungAt + ringEveryMs ? refuse('ring_too_often') : null
}
