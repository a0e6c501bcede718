import { assert } from '../../../../contracts/assert.ts'
import type { NightPlan, PlanFault } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { assemblePlan } from './assemble-plan.ts'
import { checkNightPlan } from './check-night-plan.ts'
import { compileNight, type Night } from './compile-night.ts'
import {
  blankVisit,
  emptyVisits,
  mergedVisits,
  type RoutesQuantifier,
  routesQuantifier,
  type Visit,
} from './quantify-routes.ts'

export type Scheduled = { readonly plan: NightPlan } | { readonly faults: readonly PlanFault[] }

/**
 * The best quantities and the times of given visiting orders: one list of places per van, without its start and end. A
 * place may be visited several times, by several vans; workshops and other depots may be among the places. Exact per
 * route; where routes share a place, no single route can do better. Refused with what even the least work would break:
 * too late, outside a window, broken bikes without a workshop, a locked place left out.
 */
export function scheduleSequences(problem: NightProblem, sequences: readonly (readonly number[])[]): Scheduled {
  return scheduleVisits(
    problem,
    sequences.map((sequence) => sequence.map(blankVisit)),
  )
}

/** The same, from quantities that may stand already: the plan is no worse than these, where they can be kept. */
export function scheduleVisits(problem: NightProblem, visits: readonly (readonly Visit[])[]): Scheduled {
  const night = compileNight(problem)
  assert(visits.length === problem.vans.length, 'there is one order of visits for each van')
  assert(
    visits.every((route) => route.every(({ place }) => problem.places[place] !== undefined)),
    'visits are at places of the problem',
  )
  const missing = lockedMissing(problem, visits)
  if (missing.length > 0) return { faults: missing }
  const quantifier = routesQuantifier(night)
  const routes = visits.map(mergedVisits)
  if (quantifier.quantify(routes, true) >= 0) return { faults: faultsOfLeastWork(problem, visits) }
  const plan = assemblePlan(problem, routes)
  const isBlank = visits.every((route) => route.every((one) => one.take + one.give + one.broken === 0))
  return { plan: isBlank && isShared(visits) ? othersFirst(night, quantifier, { visits, plan }) : plan }
}

function lockedMissing(problem: NightProblem, visits: readonly (readonly Visit[])[]): readonly PlanFault[] {
  return problem.vans.flatMap((van, v) =>
    van.lockedPlaces
      .filter((locked) => visits[v]?.some(({ place }) => place === locked) !== true)
      .map((place): PlanFault => ({ kind: 'locked_place_missing', vanId: van.vanId, place })),
  )
}

function isShared(visits: readonly (readonly Visit[])[]): boolean {
  const all = visits.flatMap((route) => mergedVisits(route).place)
  return new Set(all).size < all.length
}

/** The vans that come first take the best of a shared place: with the last van first it may be better. */
function othersFirst(
  night: Night,
  quantifier: RoutesQuantifier,
  at: { visits: readonly (readonly Visit[])[]; plan: NightPlan },
): NightPlan {
  const { problem } = night
  const routes = at.visits.map(mergedVisits)
  for (let van = routes.length - 1; van > 0; van--) {
    const alone = routes.map((one, v) => (v >= van || night.mustGo[v] === 1 ? one : emptyVisits()))
    if (quantifier.quantify(alone, true) >= 0) return at.plan
  }
  if (quantifier.quantify(routes, true) >= 0) return at.plan
  const other = assemblePlan(problem, routes)
  return other.objective > at.plan.objective ? other : at.plan
}

/** The plan that moves no usable bike breaks what every plan of these orders breaks. */
function faultsOfLeastWork(problem: NightProblem, visits: readonly (readonly Visit[])[]): readonly PlanFault[] {
  const blank = visits.map((route) => mergedVisits(route.map(({ place }) => blankVisit(place))))
  const faults = checkNightPlan(problem, assemblePlan(problem, blank))
  assert(faults.length > 0, 'an order that the least work keeps has quantities')
  return faults
}
