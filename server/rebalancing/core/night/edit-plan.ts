import type { NightPlan, PlanFault } from '../night-plan.ts'
import type { NightProblem, Van } from '../night-problem.ts'
import { planRoutes } from '../plan-routes.ts'
import { visitsOfPlan } from './assemble-plan.ts'
import { blankVisit, type Visit, visitAt } from './quantify-routes.ts'
import { scheduleVisits } from './schedule-route.ts'

/**
 * What a person changes. A stop is named by its index in the van's route as the plan shows it; the van's end is no stop.
 */
export type PlanEdit =
  | { readonly kind: 'drop_stop'; readonly vanId: string; readonly stop: number }
  | {
      readonly kind: 'move_stop'
      readonly vanId: string
      readonly stop: number
      readonly toVanId: string
      /** Its index afterwards. */
      readonly toStop: number
    }
  | { readonly kind: 'add_stop'; readonly placeId: string; readonly vanId: string; readonly atStop: number }
  | { readonly kind: 'lock_stop'; readonly vanId: string; readonly stop: number }
  | { readonly kind: 'unlock_stop'; readonly vanId: string; readonly stop: number }
  | { readonly kind: 'add_van'; readonly van: Van }
  | { readonly kind: 'remove_van'; readonly vanId: string }
  | { readonly kind: 'change_shift'; readonly vanId: string; readonly startS: number; readonly endS: number }
  | { readonly kind: 'change_capacity'; readonly vanId: string; readonly capacity: number }

export type Edited =
  | { readonly problem: NightProblem; readonly plan: NightPlan }
  | { readonly faults: readonly PlanFault[] }

/** Visits of the vans, with their quantities so far: what an edit changes. */
interface Draft {
  readonly problem: NightProblem
  readonly routes: readonly (readonly Visit[])[]
}

/**
 * The plan after a person's edit, its quantities the best for the new orders; the difference of the two objectives is
 * the edit's price. Refused with the seconds or bikes by which even the least work would break a rule; a locked stop is
 * not dropped (`locked_place_missing`), and a stop, place or van that is not there is `wrong_place`. A stop that is moved
 * to another van takes its lock along.
 */
export function editPlan(problem: NightProblem, plan: NightPlan, edit: PlanEdit): Edited {
  const drafted = draftEdit({ problem, routes: visitsInPlan(problem, plan) }, edit)
  if ('faults' in drafted) return drafted
  const scheduled = scheduleVisits(drafted.problem, drafted.routes)
  return 'faults' in scheduled ? scheduled : { problem: drafted.problem, plan: scheduled.plan }
}

/** The search goes on from an edited plan; locked stops stay with their vans. */
export function improveAfterEdit(
  problem: NightProblem,
  plan: NightPlan,
  options: { readonly seed: number; readonly iterations: number },
): NightPlan {
  const search = planRoutes(problem, { seed: options.seed, from: sequencesOf(plan) })
  search.adopt(plan)
  search.improve(options.iterations)
  const best = search.best()
  return best.objective > plan.objective ? best : plan
}

/** The visiting orders of a plan, without the vans' ends. */
export const sequencesOf = (plan: NightPlan): readonly (readonly number[])[] =>
  plan.routes.map(({ stops }) => stops.slice(0, -1).map((stop) => stop.place))

function visitsInPlan(problem: NightProblem, plan: NightPlan): readonly (readonly Visit[])[] {
  return visitsOfPlan(problem, plan).map((visits) => visits.place.map((_, at) => visitAt(visits, at)))
}

function draftEdit(draft: Draft, edit: PlanEdit): Draft | { readonly faults: readonly PlanFault[] } {
  switch (edit.kind) {
    case 'drop_stop':
      return onStop(draft, edit, (van, place) => {
        if (isLastLockedVisit(draft, { van, place })) {
          return { faults: [{ kind: 'locked_place_missing', vanId: edit.vanId, place }] }
        }
        return withRoute(draft, van, without(draft.routes[van] ?? [], edit.stop))
      })
    case 'move_stop':
      return onStop(draft, edit, (van, place) =>
        moveStop(draft, { ...edit, van, place, visit: draft.routes[van]?.[edit.stop] ?? blankVisit(place) }),
      )
    case 'add_stop':
      return addStop(draft, edit)
    case 'lock_stop':
      return onStop(draft, edit, (van, place) => ({ ...draft, problem: withLock(draft.problem, van, place) }))
    case 'unlock_stop':
      return onStop(draft, edit, (van, place) => ({ ...draft, problem: withoutLock(draft.problem, van, place) }))
    case 'add_van':
      return addVan(draft, edit.van)
    case 'remove_van':
      return onVan(draft, edit.vanId, (van) => ({
        problem: { ...draft.problem, vans: draft.problem.vans.filter((_, v) => v !== van) },
        routes: draft.routes.filter((_, v) => v !== van),
      }))
    case 'change_shift':
      return onVan(draft, edit.vanId, (van) => withVan(draft, van, { startS: edit.startS, endS: edit.endS }))
    case 'change_capacity':
      return onVan(draft, edit.vanId, (van) => withVan(draft, van, { capacity: edit.capacity }))
  }
}

type Drafted = Draft | { readonly faults: readonly PlanFault[] }

const notThere = (vanId: string, stop: number): Drafted => ({ faults: [{ kind: 'wrong_place', vanId, stop }] })

function onVan(draft: Draft, vanId: string, change: (van: number) => Drafted): Drafted {
  const van = draft.problem.vans.findIndex((one) => one.vanId === vanId)
  return van === -1 ? notThere(vanId, 0) : change(van)
}

function onStop(
  draft: Draft,
  at: { readonly vanId: string; readonly stop: number },
  change: (van: number, place: number) => Drafted,
): Drafted {
  return onVan(draft, at.vanId, (van) => {
    const place = draft.routes[van]?.[at.stop]?.place
    return place === undefined ? notThere(at.vanId, at.stop) : change(van, place)
  })
}

const without = <T>(items: readonly T[], at: number): readonly T[] => items.filter((_, i) => i !== at)

const withRoute = (draft: Draft, van: number, route: readonly Visit[]): Draft => ({
  ...draft,
  routes: draft.routes.map((old, v) => (v === van ? route : old)),
})

function isLastLockedVisit(draft: Draft, at: { van: number; place: number }): boolean {
  const isLocked = draft.problem.vans[at.van]?.lockedPlaces.includes(at.place) === true
  return isLocked && draft.routes[at.van]?.filter(({ place }) => place === at.place).length === 1
}

function moveStop(
  draft: Draft,
  move: { van: number; place: number; visit: Visit; stop: number; toVanId: string; toStop: number },
): Drafted {
  return onVan(draft, move.toVanId, (to) => {
    const takesLock = to !== move.van && isLastLockedVisit(draft, move)
    const left = withRoute(draft, move.van, without(draft.routes[move.van] ?? [], move.stop))
    const target = left.routes[to] ?? []
    if (!isIndex(move.toStop, target.length)) return notThere(move.toVanId, move.toStop)
    const moved = withRoute(left, to, target.toSpliced(move.toStop, 0, move.visit))
    if (!takesLock) return moved
    return { ...moved, problem: withLock(withoutLock(moved.problem, move.van, move.place), to, move.place) }
  })
}

const isIndex = (at: number, most: number): boolean => Number.isInteger(at) && at >= 0 && at <= most

function addStop(draft: Draft, edit: { placeId: string; vanId: string; atStop: number }): Drafted {
  return onVan(draft, edit.vanId, (van) => {
    const place = draft.problem.places.findIndex(({ placeId }) => placeId === edit.placeId)
    const route = draft.routes[van] ?? []
    if (place === -1 || !isIndex(edit.atStop, route.length)) return notThere(edit.vanId, edit.atStop)
    return withRoute(draft, van, route.toSpliced(edit.atStop, 0, blankVisit(place)))
  })
}

function addVan(draft: Draft, van: Van): Drafted {
  const { vans, places } = draft.problem
  const isKnown = vans.some(({ vanId }) => vanId === van.vanId)
  const isPlaced = [van.startPlace, van.endPlace, ...van.lockedPlaces].every((place) => places[place] !== undefined)
  if (isKnown || !isPlaced) return notThere(van.vanId, 0)
  return {
    problem: { ...draft.problem, vans: [...vans, van] },
    routes: [...draft.routes, van.lockedPlaces.map(blankVisit)],
  }
}

function withVan(draft: Draft, at: number, change: Partial<Van>): Draft {
  return { ...draft, problem: vanChanged(draft.problem, at, change) }
}

const vanChanged = (problem: NightProblem, at: number, change: Partial<Van>): NightProblem => ({
  ...problem,
  vans: problem.vans.map((van, v) => (v === at ? { ...van, ...change } : van)),
})

function withLock(problem: NightProblem, at: number, place: number): NightProblem {
  const locked = problem.vans[at]?.lockedPlaces ?? []
  return locked.includes(place) ? problem : vanChanged(problem, at, { lockedPlaces: [...locked, place] })
}

function withoutLock(problem: NightProblem, at: number, place: number): NightProblem {
  const locked = problem.vans[at]?.lockedPlaces ?? []
  return vanChanged(problem, at, { lockedPlaces: locked.filter((one) => one !== place) })
}
