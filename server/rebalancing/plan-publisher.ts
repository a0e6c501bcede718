import type { Logger } from 'pino'
import { present } from '../../contracts/assert.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { NightPlan, PlannedRoute } from './core/night-plan.ts'
import type { Van } from './core/night-problem.ts'
import type { RouteKeeper } from './crew-custody.ts'
import {
  deleteRoutes,
  holdRoutes,
  insertRoute,
  insertStops,
  isUnderWay,
  type RouteNow,
  rewriteRest,
  routesOf,
} from './plan-route-store.ts'
import {
  holdPlan,
  type PlanInputs,
  readBody,
  readInputs,
  type StoredPlan,
  setPlanState,
  setPublished,
} from './plan-store.ts'

export interface PublisherDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly keeper: Pick<RouteKeeper, 'matchCustody'>
}

export interface Publisher {
  /** The draft's routes go to the crews. An earlier plan's routes that nobody has leave; the others stay as they are. */
  publish(planId: string, staffId: string | null): Promise<null | Refusal>
  /** Brings the routes of a published plan in line with it; the caller holds the plan. */
  republish(tx: Queryable, planId: string, made: ChangedPlan): Promise<void>
}

export interface ChangedPlan {
  readonly inputs: PlanInputs
  readonly vans: readonly Van[]
  readonly plan: NightPlan
  /** What the crews' routes say now. */
  readonly before: { readonly vans: readonly Van[]; readonly plan: NightPlan }
}

/** A plan's way from a table of the desk to the vans. */
export function createPublisher({ db, clock, ids, logger, keeper }: PublisherDeps): Publisher {
  const newId = () => ids.uuid()

  async function publishIn(tx: Queryable, planId: string, staffId: string | null): Promise<null | Refusal> {
    const plan = await holdPlan(tx, planId)
    if (plan === null) return refuse('not_found')
    if (plan.state !== 'draft') return refuse('plan_wrong_state')
    const inputs = present(await readInputs(tx, planId), 'a draft has its inputs')
    const body = present(await readBody(tx, planId), 'a draft has its plan')
    const left = await takeBack(tx, plan)
    const clash = body.vans.find((van) => left.includes(van.vanId))
    if (clash) return refuse('plan_changed', `${clash.name} has left with an earlier plan meanwhile. Plan again.`)
    await setPublished(tx, planId, clock.nowMs(), staffId)
    for (const [v, route] of body.plan.routes.entries()) {
      const van = present(body.vans[v], 'a route has a van')
      if (route.stops.length > 0) await addRoute(tx, planId, inputs, van, route)
    }
    return null
  }

  /** Ends the plan that is published for this night; tells which of its vans are under way. */
  async function takeBack(tx: Queryable, plan: StoredPlan): Promise<string[]> {
    const { rows } = await tx.query<{ plan_id: string; state: string }>(
      `SELECT plan_id, state FROM night_plan WHERE night = $1 AND depot_id = $2 AND state IN ('published', 'superseded')
        ORDER BY plan_id FOR UPDATE`,
      [plan.night, plan.depotId],
    )
    const vans: string[] = []
    for (const { plan_id: earlier, state } of rows) {
      await holdRoutes(tx, earlier)
      const routes = await routesOf(tx, earlier)
      vans.push(...routes.filter(isUnderWay).map(({ vanId }) => vanId))
      if (state !== 'published') continue
      await deleteRoutes(
        tx,
        untouched(routes).map(({ routeId }) => routeId),
      )
      await setPlanState(tx, earlier, 'superseded')
    }
    return vans
  }

  async function addRoute(
    tx: Queryable,
    planId: string,
    inputs: PlanInputs,
    van: Van,
    route: PlannedRoute,
  ): Promise<void> {
    const at = (seconds: number) => inputs.problem.zeroMs + seconds * 1_000
    const routeId = newId()
    const { vanId, name: vanName, capacity } = van
    const hours = { startMs: at(van.startS), endMs: at(van.endS) }
    await insertRoute(tx, { routeId, planId, vanId, vanName, capacity, ...hours, distanceM: route.distanceM })
    await insertStops(tx, inputs, route.stops, { routeId, from: 0, idOf: newId })
  }

  return {
    publish: async (planId, staffId) => {
      const refusal = await db.transaction((tx) => publishIn(tx, planId, staffId))
      if (refusal === null) logger.info({ planId, staffId }, 'plan published')
      return refusal
    },
    republish: async (tx, planId, changed) => {
      const routes = await routesOf(tx, planId)
      for (const [v, route] of changed.plan.routes.entries()) {
        const van = present(changed.vans[v], 'a route has a van')
        if (isSame(van, route, changed.before)) continue
        const now = routes.find(({ vanId }) => vanId === van.vanId)
        if (now !== undefined) await renew(tx, changed.inputs, van, { route, now })
        else if (route.stops.length > 0) await addRoute(tx, planId, changed.inputs, van, route)
      }
      const kept = new Set(changed.vans.map(({ vanId }) => vanId))
      const gone = untouched(routes).filter(({ vanId }) => !kept.has(vanId))
      await deleteRoutes(
        tx,
        gone.map(({ routeId }) => routeId),
      )
    },
  }

  async function renew(
    tx: Queryable,
    inputs: PlanInputs,
    van: Van,
    { route, now }: { readonly route: PlannedRoute; readonly now: RouteNow },
  ): Promise<void> {
    if (now.state === 'done') return
    if (route.stops.length === 0 && !isUnderWay(now)) return deleteRoutes(tx, [now.routeId])
    const { routeId, touched } = now
    const { zeroMs } = inputs.problem
    const hours = { startMs: zeroMs + van.startS * 1_000, endMs: zeroMs + van.endS * 1_000 }
    await rewriteRest(tx, inputs, route, { routeId, touched, hours, newId })
    if (now.state === 'claimed') await keeper.matchCustody(tx, routeId)
  }
}

/** Whether a crew's phone would show the same; locks of stops are the desk's own. */
function isSame(van: Van, route: PlannedRoute, before: ChangedPlan['before']): boolean {
  const v = before.vans.findIndex(({ vanId }) => vanId === van.vanId)
  const earlier = before.vans[v]
  if (earlier?.startS !== van.startS || earlier.endS !== van.endS) return false
  return JSON.stringify(before.plan.routes[v]) === JSON.stringify(route)
}

const untouched = (routes: readonly RouteNow[]): RouteNow[] =>
  routes.filter((route) => route.state === 'open' && !isUnderWay(route))
