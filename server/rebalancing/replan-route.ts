import type { Logger } from 'pino'
import { present } from '../../contracts/assert.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { scheduleSequences } from './core/night/schedule-route.ts'
import type { NightPlan, PlannedRoute, PlannedStop } from './core/night-plan.ts'
import type { NightProblem } from './core/night-problem.ts'
import { joinedPlan, planOf, type RestOfNight, restOfNight, type VanProgress } from './core/tonight/rest-of-night.ts'
import type { NightSearcher } from './plan-maker.ts'
import type { Publisher } from './plan-publisher.ts'
import { holdRoutes, planOfRoute, routesOf } from './plan-route-store.ts'
import { holdPlan, type PlanBody, readBody, readPlan, saveChange } from './plan-store.ts'
import type { PlanViewer } from './plan-viewer.ts'

export interface ReplannerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly fleet: { bikes(): readonly FleetBike[] }
  readonly viewer: Pick<PlanViewer, 'inputs'>
  readonly publisher: Pick<Publisher, 'republish'>
  /** In threads: riders and other crews wait for this one. */
  readonly search: NightSearcher
}

export interface Replanner {
  /**
   * Plans what is left of a crew's route anew, from where its van is and with what it carries; places that were left out
   * of the plan may come in. What is done stays. True when the rest changed. One route after the other, because each
   * search has threads of its own; a route that waits for its turn is not planned twice.
   */
  replanRest(routeId: string): Promise<boolean>
}

/** The same rest gives the same plan: no clock decides. About a second for a night of 180 places, two for 600. */
const searchIterations = 3_000
/** A better rest is one that wins more than a number's last digits. */
const leastGain = 1e-6

export function createReplanner(deps: ReplannerDeps): Replanner {
  const { db, clock, logger, fleet, viewer, publisher } = deps

  async function replanNow(routeId: string): Promise<boolean> {
    const planId = await planOfRoute(db, routeId)
    if (planId === null) return false
    const stored = await readPlan(db, planId)
    const inputs = await viewer.inputs(planId)
    const body = await readBody(db, planId)
    const routes = await routesOf(db, planId)
    const route = routes.find((one) => one.routeId === routeId)
    if (!stored || inputs === null || body === null || route?.state !== 'claimed') return false
    const problem: NightProblem = { ...inputs.problem, vans: body.vans }
    const nowS = Math.max(0, Math.round((clock.nowMs() - problem.zeroMs) / 1_000))
    const rest = restOfVan({ problem, plan: body.plan, route, nowS, taken: ridden(fleet.bikes()) })
    const found = await bestRest(rest, stored.seed + stored.revision, deps.search)
    if (found === null || isAsBefore(body.plan, route, found)) return false
    const plan = withRoute(problem, body, rest, found)
    const isWritten = await db.transaction(async (tx) => {
      const held = await holdPlan(tx, planId)
      if (held?.revision !== stored.revision) return false
      await holdRoutes(tx, planId)
      // The crew went on meanwhile: its next act asks again.
      const now = (await routesOf(tx, planId)).find((one) => one.routeId === routeId)
      if (JSON.stringify(now) !== JSON.stringify(route)) return false
      await saveChange(tx, planId, { vans: body.vans, plan })
      await publisher.republish(tx, planId, { inputs, vans: body.vans, plan, before: body })
      return true
    })
    if (isWritten) logger.info({ routeId, planId, stops: found.stops.length }, 'rest planned anew')
    return isWritten
  }

  const waiting = new Map<string, Promise<boolean>>()
  let last: Promise<unknown> = Promise.resolve()

  return {
    replanRest: (routeId) => {
      const known = waiting.get(routeId)
      if (known) return known
      const mine = last.then(() => {
        // What changes from here on is for the next turn.
        waiting.delete(routeId)
        return replanNow(routeId)
      })
      waiting.set(routeId, mine)
      last = mine.catch(() => false)
      return mine
    },
  }
}

/** One van's rest; what the other vans are to do is as good as done. */
export function restOfVan(at: {
  readonly problem: NightProblem
  readonly plan: NightPlan
  readonly route: VanProgress
  readonly nowS: number
  /** Bikes that somebody else has by now. */
  readonly taken: ReadonlySet<string>
}): RestOfNight {
  const { problem, plan, route } = at
  const others = plan.routes
    .filter(({ vanId }) => vanId !== route.vanId)
    .map(({ vanId, stops }): VanProgress => {
      return { vanId, touched: stops.map((_, i) => i), usable: 0, broken: 0, gone: [] }
    })
  const own = { ...route, gone: [...route.gone, ...at.taken] }
  const rest = restOfNight(problem, plan, [...others, own], at.nowS)
  const v = problem.vans.findIndex(({ vanId }) => vanId === route.vanId)
  const van = present(rest.problem.vans[v], 'the route has a van')
  return { ...rest, problem: { ...rest.problem, vans: [van] }, sequences: [rest.sequences[v] ?? []] }
}

/** The best that a short search finds from the rest as it was; null when nothing that can be driven was found. */
async function bestRest(
  { problem, sequences }: RestOfNight,
  seed: number,
  search: NightSearcher,
): Promise<PlannedRoute | null> {
  const asItWas = scheduleSequences(problem, sequences)
  const found = await search(problem, { seed, budget: { iterations: searchIterations }, from: sequences })
  const best = found.faults.length === 0 ? found.plan : null
  if ('faults' in asItWas) return best?.routes[0] ?? null
  const isBetter = best !== null && best.objective > asItWas.plan.objective + leastGain
  return (isBetter ? best : asItWas.plan).routes[0] ?? null
}

/** So late that the crew's list must say other times. */
export const lateAfterMs = 20 * 60_000

/** Whether the crew would read the same: places, bikes and counts, and times that are about right. */
function isAsBefore(plan: NightPlan, route: VanProgress, rest: PlannedRoute): boolean {
  const stops = plan.routes.find(({ vanId }) => vanId === route.vanId)?.stops ?? []
  const open = stops.filter((_, i) => !route.touched.includes(i))
  const delayS = (rest.stops[0]?.arriveS ?? 0) - (open[0]?.arriveS ?? 0)
  const essence = (list: readonly PlannedStop[]) =>
    JSON.stringify(
      list.map(({ place, take, give, takeBroken, giveBroken }) => [place, take, give, takeBroken, giveBroken]),
    )
  return essence(open) === essence(rest.stops) && delayS * 1_000 < lateAfterMs
}

function withRoute(problem: NightProblem, body: PlanBody, rest: RestOfNight, route: PlannedRoute): NightPlan {
  const v = problem.vans.findIndex(({ vanId }) => vanId === route.vanId)
  const van = present(problem.vans[v], 'the route has a van')
  const joined = joinedPlan({ costs: problem.costs, vans: [van] }, rest.prefixes, planOf([route]))
  return planOf(body.plan.routes.map((one, i) => (i === v ? present(joined.routes[0], 'one route was joined') : one)))
}

/** Riders have them; what other crews have taken is struck off the list when custody is brought in line. */
const ridden = (bikes: readonly FleetBike[]): ReadonlySet<string> =>
  new Set(bikes.filter((bike) => bike.trip !== null).map(({ bikeId }) => bikeId))
