import type { PlanRoute, PlanView } from '../../contracts/http/nights.ts'

const hourMs = 3_600_000

/** Hours that vans are out, from the start of a shift to their return; vans that stay at home count nothing. */
export const hoursOf = (routes: readonly Pick<PlanRoute, 'stops' | 'endsAt' | 'shiftStartAt'>[]): number =>
  routes.reduce(
    (sum, route) => (route.stops.length === 0 ? sum : sum + (route.endsAt - route.shiftStartAt) / hourMs),
    0,
  )

/** How sure the forecast is, in steps that a person can act on. */
export type SurenessStep = 'guess' | 'learning' | 'fair' | 'sure'

export function surenessStep(sureness: number, evidenceDays: number): SurenessStep {
  if (evidenceDays < 1 || sureness < 0.15) return 'guess'
  if (sureness < 0.6) return 'learning'
  return sureness < 0.85 ? 'fair' : 'sure'
}

/** Stops where something is done: the way back to the depot is not one of them. */
export const workStops = (plan: Pick<PlanView, 'places'>, route: Pick<PlanRoute, 'stops'>): number =>
  route.stops.filter(({ place }) => plan.places[place]?.kind !== 'depot').length
