import { type Refusal, type RefusalCode, refuse } from '../../../contracts/refusals.ts'

/** Everything that "may this rider open this bike?" hangs on. */
export interface UnlockQuestion {
  readonly riderBlocked: boolean
  readonly riderInDebt: boolean
  readonly riderHasTrip: boolean
  readonly bikeInUse: boolean
  /** Why nobody may rent the bike now, or null. */
  readonly bikeRefusal: RefusalCode | null
}

/** The first reason that the rider should hear, or null for yes. What the rider can mend comes first. */
export function decideUnlock(question: UnlockQuestion): Refusal | null {
  if (question.riderBlocked) return refuse('rider_blocked')
  if (question.riderInDebt) return refuse('rider_in_debt')
  if (question.riderHasTrip) return refuse('rider_has_trip')
  if (question.bikeInUse) return refuse('bike_in_use')
  if (question.bikeRefusal !== null) return refuse(question.bikeRefusal)
  return null
}
