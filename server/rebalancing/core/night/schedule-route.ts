import { assert } from '../../../../contracts/assert.ts'
import type { NightPlan, PlanFault } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { assemblePlan } from './assemble-plan.ts'
import { checkNightPlan } from './check-night-plan.ts'
import { compileNight, type Night } from './compile-night.ts'
import { emptyVisits, type RouteVisits, type RoutesQuantifier, routesQuantifier, visitsOf } from './quantify-routes.ts'

export type Scheduled = { readonly plan: NightPlan } | { readonly faults: readonly PlanFault[] }

/**
 * The best quantities and the times of given visiting orders: one list of places per van, without its start and end. A
 * place may be visited several times, by several vans; workshops and other depots may be among the places. Exact per
 * route; where routes share a place, no single route can do better. Refused with what even the least work would break:
 * too late, outside a window, broken bikes without a workshop, a locked place left out.
 */
export function scheduleSequences(problem: NightProblem, sequences: readonly (readonly number[])[]): Scheduled {
  return sequenceScheduler(problem)(sequences)
}

/** The same for many orders of one problem. */
export function sequenceScheduler(
  problem: NightProblem,
): (sequences: readonly (readonly number[])[]) => Scheduled {
  const night = compileNight(problem)
  const quantifier = routesQuantifier(night)
  return (sequences) => scheduleWith(night, quantifier, sequences)
}

function scheduleWith(night: Night, quantifier: RoutesQuantifier, sequences: readonly (readonly number[])[]): Scheduled {
  const { problem } = night
  assert(sequences.length === problem.vans.length, 'there is one order of visits for each van')
  const orders = sequences.map((sequence) => {
    assert(
      sequence.every((place) => problem.places[place] !== undefined),
      'visits are at places of the problem',
    )
    return sequence
  })
  const missing = lockedMissing(problem, orders)
  if (missing.length > 0) return { faults: missing }
  const routes = orders.map(visitsOf)
  const failing = quantifier.quantify(routes, true)
  if (failing >= 0) return { faults: faultsOfLeastWork(problem, orders) }
  const plan = assemblePlan(problem, routes)
  return { plan: betterWhenShared(night, quantifier, { orders, plan }) }
}

function lockedMissing(problem: NightProblem, orders: readonly (readonly number[])[]): readonly PlanFault[] {
  return problem.vans.flatMap((van, v) =>
    van.lockedPlaces
      .filter((place) => orders[v]?.includes(place) !== true)
      .map((place): PlanFault => ({ kind: 'locked_place_missing', vanId: van.vanId, place })),
  )
}

/** The vans that are quantified first take the best of a shared place: the other way round may be better. */
function betterWhenShared(
  night: Night,
  quantifier: RoutesQuantifier,
  at: { orders: readonly (readonly number[])[]; plan: NightPlan },
): NightPlan {
  const { problem } = night
  if (!isShared(at.orders)) return at.plan
  let best = at.plan
  for (let first = 1; first < problem.vans.length; first++) {
    const routes: RouteVisits[] = problem.vans.map(emptyVisits)
    routes[first] = visitsOf(at.orders[first] ?? [])
    // Alone first, so that it has the first choice; the others come to what it leaves.
    const alone = routes.map((visits, van) => (night.mustGo[van] === 1 && van !== first ? visitsOf(at.orders[van] ?? []) : visits))
    if (quantifier.quantify(alone, true) >= 0) continue
    const all = alone.map((visits, van) => (visits.place.length > 0 ? visits : visitsOf(at.orders[van] ?? [])))
    if (quantifier.quantify(all, true) >= 0) continue
    const plan = assemblePlan(problem, all)
    if (plan.objective > best.objective) best = plan
  }
  return best
}

function isShared(orders: readonly (readonly number[])[]): boolean {
  const all = orders.flatMap((order) => order.filter((place, at) => place !== order[at - 1]))
  return new Set(all).size < all.length
}

/** The plan that moves no usable bike breaks what every plan of these orders breaks. */
function faultsOfLeastWork(problem: NightProblem, orders: readonly (readonly number[])[]): readonly PlanFault[] {
  const faults = checkNightPlan(problem, assemblePlan(problem, orders.map(visitsOf)))
  assert(faults.length > 0, 'an order that the least work keeps has quantities')
  return faults
}
