/** What the vans do. All numbers in the units of `night-problem.ts`. */
export interface NightPlan {
  /** One for each van of the problem, in its order; a van that stays at home has no stops. */
  readonly routes: readonly PlannedRoute[]
  /** Rides won by all moves. */
  readonly value: number
  /** Rides that driving and time cost. */
  readonly cost: number
  /** `value − cost`: what the search maximises. */
  readonly objective: number
  readonly bikesMoved: number
  readonly distanceM: number
}

export interface PlannedRoute {
  readonly vanId: string
  /** In driving order, without the start; the last is the van's end place unless the van stays at home. */
  readonly stops: readonly PlannedStop[]
  readonly distanceM: number
  readonly driveS: number
  /** Back at the end place; the van's start when it stays at home. */
  readonly endS: number
  readonly value: number
  readonly cost: number
}

export interface PlannedStop {
  /** Index of the place. */
  readonly place: number
  /** Way from the stop before. */
  readonly legM: number
  readonly legS: number
  readonly arriveS: number
  /** Later than `arriveS` where the van waits for a window to open. */
  readonly serviceS: number
  readonly departS: number
  /** Usable bikes that are taken, a piece of the place's `takeBikes`. */
  readonly take: readonly string[]
  /** Usable bikes that are put down. */
  readonly give: number
  readonly takeBroken: readonly string[]
  /** Broken bikes that are left: at a workshop only. */
  readonly giveBroken: number
  readonly usableAfter: number
  readonly brokenAfter: number
  /** Rides won by what is done here; bikes for the workshop count where they are picked up. */
  readonly value: number
}

/** What a plan breaks, as the checker and the edits name it. */
export type PlanFault =
  | { readonly kind: 'over_capacity'; readonly vanId: string; readonly stop: number; readonly bikes: number }
  | { readonly kind: 'nothing_to_give'; readonly vanId: string; readonly stop: number }
  | { readonly kind: 'late'; readonly vanId: string; readonly byS: number }
  | { readonly kind: 'outside_window'; readonly vanId: string; readonly stop: number; readonly byS: number }
  | { readonly kind: 'unknown_bike'; readonly vanId: string; readonly stop: number; readonly bikeId: string }
  | { readonly kind: 'bike_taken_twice'; readonly bikeId: string }
  | { readonly kind: 'too_many_given'; readonly placeId: string; readonly bikes: number }
  | { readonly kind: 'broken_not_at_workshop'; readonly vanId: string; readonly stop: number }
  | { readonly kind: 'broken_left_in_van'; readonly vanId: string; readonly bikes: number }
  | { readonly kind: 'locked_place_missing'; readonly vanId: string; readonly place: number }
  | { readonly kind: 'wrong_figure'; readonly what: string; readonly said: number; readonly is: number }
  | { readonly kind: 'wrong_place'; readonly vanId: string; readonly stop: number }
