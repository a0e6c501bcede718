import type { TripState } from '../../../contracts/http/trips.ts'
import type { BoltState } from '../../../contracts/mqtt/reports.ts'
import { type Refusal, refuse } from '../../../contracts/refusals.ts'
import { type GrantState, isEarlierBoot } from './grant-machine.ts'

/** An earlier grant for the same lock. */
export interface EarlierGrant {
  readonly grantId: string
  readonly isOfThisTrip: boolean
  readonly state: GrantState
  readonly nonce: string
  readonly bootId: number
  readonly challengedUptime: number
  readonly counter: number
}

/** Everything that "may this phone open this lock now?" hangs on. The challenge's MAC has been checked. */
export interface GrantQuestion {
  readonly trip: { readonly state: TripState; readonly riderFree: boolean }
  readonly riderHasAnotherTrip: boolean
  /** Grants that this trip has had. */
  readonly grantsOfTrip: number
  readonly challenge: {
    readonly n: string
    readonly b: number
    readonly u: number
    readonly s: number
    readonly bolt: BoltState
  }
  /** Newest first: all that are not settled, and the last one that is. */
  readonly earlier: readonly EarlierGrant[]
}

export type GrantDecision =
  /** `dead`: earlier ones that this challenge proves to be over, unused. */
  | { readonly kind: 'issue'; readonly dead: readonly string[] }
  /** The same challenge asked again: the same bytes. */
  | { readonly kind: 'again'; readonly grantId: string }
  | Refusal

/** A trip is opened this often by phone: more is somebody who keeps a bike that does not open. */
export const mostGrantsPerTrip = 8

export function decideGrant(question: GrantQuestion): GrantDecision {
  const { trip, challenge, earlier } = question
  const same = earlier.find((grant) => grant.nonce === challenge.n)
  if (same !== undefined) {
    // Not somebody else's, and not one that was used.
    return same.isOfThisTrip && same.state === 'outstanding' ? { kind: 'again', grantId: same.grantId } : stale
  }
  if (trip.state !== 'promised' && trip.state !== 'unlocking' && trip.state !== 'paused')
    return refuse('trip_wrong_state')
  if (trip.riderFree && question.riderHasAnotherTrip) return refuse('rider_has_trip')
  if (earlier.some((grant) => isBefore(challenge, grant))) return stale
  // The lock counts what it has obeyed: a grant at or below that was used, and its receipt is still to come.
  const used = earlier.find(({ state, counter }) => isUnsettled(state) && counter <= challenge.s)
  if (used?.isOfThisTrip) return refuse('no_coverage_open')
  if (challenge.bolt === 'unlocked' && trip.state === 'paused') return refuse('no_coverage_open')
  if (question.grantsOfTrip >= mostGrantsPerTrip) return refuse('no_coverage_enough')
  const dead = earlier.filter(({ state, counter }) => isUnsettled(state) && counter > challenge.s)
  return { kind: 'issue', dead: dead.map(({ grantId }) => grantId) }
}

/** Made no later than one that was answered already: somebody kept it. */
const isBefore = (challenge: GrantQuestion['challenge'], grant: EarlierGrant): boolean =>
  grant.bootId === challenge.b ? grant.challengedUptime >= challenge.u : isEarlierBoot(challenge.b, grant.bootId)

const stale = refuse('no_coverage_stale')

const isUnsettled = (state: GrantState): boolean => state === 'outstanding' || state === 'unanswered'
