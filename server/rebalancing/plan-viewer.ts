import { present } from '../../contracts/assert.ts'
import type { PlanView } from '../../contracts/http/nights.ts'
import type { Database } from '../platform/database.ts'
import type { NightProblem } from './core/night-problem.ts'
import { type PlanReasons, viewPlan } from './core/tonight/view-plan.ts'
import { listEdits } from './plan-edit-store.ts'
import { findReasons } from './plan-reasons.ts'
import { isUnderWay, progressOf, type RouteNow, routesOf } from './plan-route-store.ts'
import { type PlanInputs, readBody, readInputs, readPlan, type StoredPlan } from './plan-store.ts'

export interface PlanViewer {
  /** Null where there is no such plan. */
  view(planId: string): Promise<PlanView | null>
  /** Inputs never change: a night's matrices are read once, not for every look at it. */
  inputs(planId: string): Promise<PlanInputs | null>
}

/** A night has one or two plans; each may hold a few megabytes of ways. */
const keptInputs = 3
const keptReasons = 8

export function createPlanViewer({ db }: { readonly db: Database }): PlanViewer {
  const inputsOf = lately<PlanInputs>(keptInputs)
  const reasonsOf = lately<PlanReasons>(keptReasons)

  const inputs = (planId: string) => inputsOf(planId, () => readInputs(db, planId))

  async function view(planId: string): Promise<PlanView | null> {
    const stored = await readPlan(db, planId)
    if (stored === null) return null
    const body = await readBody(db, planId)
    const made = body === null ? null : await inputs(planId)
    if (body === null || made === null) return emptyView(stored)
    const routes = await routesOf(db, planId)
    const edits = await listEdits(db, planId)
    const problem: NightProblem = { ...made.problem, vans: body.vans }
    // A crew's progress changes what is still open, and with it the reasons.
    const done = routes.map(({ state, touched, usable, broken }) => `${state}-${touched}-${usable}-${broken}`).join()
    const reasons = await reasonsOf(`${planId}/${stored.revision}/${done}`, async () =>
      findReasons({ problem, plan: body.plan, progress: progressOf(routes, body.plan) }),
    )
    const { figures, ...seen } = viewPlan(problem, made.facts, body.plan, {
      reasons: present(reasons, 'a plan that is made can be explained'),
      streets: routes,
      line: (places) => places.flatMap((place) => positionOf(problem, place)),
    })
    return {
      ...headOf(stored),
      distances: made.facts.distances,
      sureness: made.facts.sureness,
      evidenceDays: made.facts.evidenceDays,
      figures,
      proportional: body.proportional,
      ...seen,
      edits: edits.map(({ revision, edit, by, at, change }) => ({ revision, kind: edit.kind, by, at, change })),
      canUndo: edits.length > 0 && canUndo(stored, routes),
    }
  }

  return { view, inputs }
}

/** Taken back is what nobody drives or has driven: a crew's route is changed by another edit. */
export const canUndo = (plan: StoredPlan, routes: readonly RouteNow[]): boolean =>
  plan.state === 'draft' ||
  (plan.state === 'published' && !routes.some((route) => isUnderWay(route) || route.state === 'done'))

function headOf(stored: StoredPlan) {
  const { planId, night, depotId, state, revision, seed, iterations, planSeconds } = stored
  const { createdAt, publishedAt, progress, failure } = stored
  return {
    ...{ planId, night, depotId, state, revision, seed, iterations, planSeconds, createdAt, publishedAt, failure },
    progress: state === 'planning' ? (progress ?? { share: 0, objective: 0 }) : null,
  }
}

/** A plan that is being made, or could not be made. */
const emptyView = (stored: StoredPlan): PlanView => ({
  ...headOf(stored),
  distances: 'straight_line',
  sureness: 0,
  evidenceDays: 0,
  expectedLost: { nothing: 0, plan: 0 },
  figures: null,
  proportional: null,
  places: [],
  routes: [],
  moves: [],
  leftOut: [],
  edits: [],
  canUndo: false,
})

function positionOf(problem: NightProblem, place: number): [number, number][] {
  const at = problem.places[place]
  return at === undefined ? [] : [[at.lon, at.lat]]
}

/** The last few answers; an answer of null is asked for again. */
function lately<T>(most: number): (key: string, make: () => Promise<T | null>) => Promise<T | null> {
  const kept = new Map<string, T>()
  return async (key, make) => {
    const known = kept.get(key) ?? (await make())
    kept.delete(key)
    if (known === null) return null
    kept.set(key, known)
    const oldest = kept.keys().next().value
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return known
  }
}
