import type { PlanEditAnswer } from '../../contracts/http/nights.ts'

/** What an edit would change, in the units in which people think: rides, metres, minutes of each van's end. */
export interface EditPrice {
  /** After all costs: the number that the planner itself weighs. */
  readonly rides: number
  readonly distanceM: number
  readonly bikes: number
  /** Vans that come back earlier or later by a minute or more. */
  readonly ends: readonly { readonly vanName: string; readonly minutes: number }[]
}

/** Differences below these are the noise of rounding. */
const leastRides = 0.05
const leastDistanceM = 50

/** Null where the edit cannot be done: its faults say why. */
export function priceOf(answer: PlanEditAnswer): EditPrice | null {
  const { after } = answer
  if (after === null) return null
  const rides = after.objective - answer.before.objective
  const distanceM = after.distanceM - answer.before.distanceM
  return {
    rides: Math.abs(rides) < leastRides ? 0 : rides,
    distanceM: Math.abs(distanceM) < leastDistanceM ? 0 : distanceM,
    bikes: after.bikesMoved - answer.before.bikesMoved,
    ends: answer.ends ?? [],
  }
}
