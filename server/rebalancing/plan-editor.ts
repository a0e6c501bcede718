import { present } from '../../contracts/assert.ts'
import type { PlanEdit, PlanEditAnswer, PlanEditRequest } from '../../contracts/http/nights.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { LocalTime } from '../city/local-time.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { editPlan, type PlanEdit as PlannerEdit, sequencesOf } from './core/night/edit-plan.ts'
import { scheduleSequences } from './core/night/schedule-route.ts'
import type { NightPlan } from './core/night-plan.ts'
import type { NightProblem, Van } from './core/night-problem.ts'
import { faultSentence } from './core/tonight/fault-sentence.ts'
import {
  joinedPlan,
  openStop,
  planOf,
  type RestOfNight,
  restOfNight,
  type VanProgress,
} from './core/tonight/rest-of-night.ts'
import { shiftSeconds, vanOfShift } from './core/tonight/vans-of-night.ts'
import { figuresOf } from './core/tonight/view-plan.ts'
import { deleteEdit, insertEdit, lastEdit } from './plan-edit-store.ts'
import type { NightSearcher } from './plan-maker.ts'
import type { Publisher } from './plan-publisher.ts'
import { holdRoutes, isUnderWay, progressOf, type RouteNow, routesOf } from './plan-route-store.ts'
import {
  holdPlan,
  type PlanBody,
  type PlanInputs,
  readBody,
  readPlan,
  type StoredPlan,
  saveChange,
} from './plan-store.ts'
import { canUndo, type PlanViewer } from './plan-viewer.ts'

export interface PlanEditorDeps {
  readonly db: Database
  readonly clock: Clock
  readonly localTime: LocalTime
  readonly search: NightSearcher
  readonly viewer: Pick<PlanViewer, 'inputs'>
  readonly publisher: Pick<Publisher, 'republish'>
}

export type EditOutcome = Omit<PlanEditAnswer, 'plan'>

export interface PlanEditor {
  /** What an edit would do, or does. Faults are sentences, and then nothing is changed. */
  edit(planId: string, request: PlanEditRequest, staffId: string): Promise<EditOutcome | Refusal>
  /** Takes the last edit back; null when it is done. */
  undo(planId: string, revision: number): Promise<Refusal | null>
}

/** A plan as it stands, with what crews have done of it. */
interface Standing {
  readonly stored: StoredPlan
  readonly inputs: PlanInputs
  readonly body: PlanBody
  readonly routes: readonly RouteNow[]
}

interface Tried {
  readonly before: NightPlan
  readonly vans: readonly Van[]
  readonly plan: NightPlan
}

export function createPlanEditor(deps: PlanEditorDeps): PlanEditor {
  const { db, clock, localTime, search, viewer, publisher } = deps

  async function standing(planId: string, revision: number): Promise<Standing | Refusal> {
    const stored = await readPlan(db, planId)
    if (stored === null) return refuse('not_found')
    if (stored.state !== 'draft' && stored.state !== 'published') return refuse('plan_wrong_state')
    if (stored.revision !== revision) return refuse('plan_changed')
    const inputs = await viewer.inputs(planId)
    const body = await readBody(db, planId)
    if (inputs === null || body === null) return refuse('plan_wrong_state')
    return { stored, inputs, body, routes: await routesOf(db, planId) }
  }

  /** The edit on what is still open; sentences where it cannot be. */
  async function tried(now: Standing, edit: PlanEdit): Promise<Tried | readonly string[]> {
    const { inputs, body, routes, stored } = now
    const problem: NightProblem = { ...inputs.problem, vans: body.vans }
    const progress = progressOf(routes, body.plan)
    const nowS = Math.max(0, Math.round((clock.nowMs() - problem.zeroMs) / 1_000))
    const rest = restOfNight(problem, body.plan, progress, nowS)
    const standingPlan = progress.length === 0 ? { plan: body.plan } : scheduleSequences(rest.problem, rest.sequences)
    const sentences = (faults: Parameters<typeof faultSentence>[1][]) =>
      faults.map((fault) => faultSentence(rest.problem, fault))
    if ('faults' in standingPlan) return sentences([...standingPlan.faults])
    const whole = (vans: readonly Van[], plan: NightPlan) => wholeNight({ ...now, problem, rest }, vans, plan)
    const openVans = problem.vans.filter(({ vanId }) => rest.problem.vans.some((van) => van.vanId === vanId))
    const before = whole(openVans, standingPlan.plan).plan
    if (edit.kind === 'improve') {
      const plan = await improved(rest.problem, standingPlan.plan, edit.seconds, stored)
      return { before, ...whole(openVans, plan) }
    }
    const asked = plannerEdit(edit, progress, now)
    if (typeof asked === 'string') return [asked]
    const edited = editPlan(rest.problem, standingPlan.plan, asked)
    if ('faults' in edited) return sentences([...edited.faults])
    return { before, ...whole(vansAfter(edited.problem.vans, problem, rest), edited.plan) }
  }

  async function improved(problem: NightProblem, plan: NightPlan, seconds: number, stored: StoredPlan) {
    if (problem.vans.length === 0) return plan
    const seed = stored.seed + stored.revision
    const found = await search(problem, { seed, budget: { seconds }, from: sequencesOf(plan) })
    return found.faults.length === 0 && found.plan.objective > plan.objective ? found.plan : plan
  }

  /** The edit in the planner's words, on the rest of the night; a sentence where that cannot be. */
  function plannerEdit(
    edit: Exclude<PlanEdit, { kind: 'improve' }>,
    progress: readonly VanProgress[],
    now: Standing,
  ): PlannerEdit | string {
    const isHome = (vanId: string) => progress.some((van) => van.vanId === vanId && van.isHome)
    if (vansOfEdit(edit).some(isHome)) return vanIsHome
    switch (edit.kind) {
      case 'drop_stop':
      case 'lock_stop':
      case 'unlock_stop':
      case 'move_stop':
      case 'add_stop':
        return stopEdit(edit, (vanId, stop) =>
          openStop(progress.find((van) => van.vanId === vanId) ?? { touched: [] }, stop),
        )
      case 'add_van':
      case 'remove_van':
      case 'change_shift':
        return vanEdit(edit, now)
    }
  }

  function vanEdit(edit: VanEdit, { stored, inputs, routes }: Standing): PlannerEdit | string {
    const momentAt = (minute: number) => localTime.momentOf(stored.night, minute)
    const hours = { zeroMs: inputs.problem.zeroMs, momentAt }
    if (edit.kind === 'add_van') {
      if (edit.van.depotId !== stored.depotId) return `${edit.van.name} belongs to another depot than this plan.`
      const van = vanOfShift(edit.van, hours)
      return van.endS > van.startS ? { kind: 'add_van', van } : `The shift of ${van.name} is over.`
    }
    if (routes.some((route) => route.vanId === edit.vanId && isUnderWay(route))) return vanIsOut
    if (edit.kind === 'remove_van') return edit
    const { startS, endS } = shiftSeconds(edit, hours)
    return endS > startS ? { kind: 'change_shift', vanId: edit.vanId, startS, endS } : 'That shift is over.'
  }

  async function edit(planId: string, request: PlanEditRequest, staffId: string): Promise<EditOutcome | Refusal> {
    const now = await standing(planId, request.revision)
    if (isRefusal(now)) return now
    const outcome = await tried(now, request.edit)
    if (!('plan' in outcome)) {
      return { done: false, before: figuresOf(now.body.plan), after: null, faults: [...outcome].slice(0, maxFaults) }
    }
    const figures = { before: figuresOf(outcome.before), after: figuresOf(outcome.plan) }
    const ends = endsMoved(outcome)
    if (request.dryRun) return { done: false, ...figures, ends, faults: [] }
    const refusal = await db.transaction(async (tx) => {
      const held = await holdPlan(tx, planId)
      if (held?.revision !== now.stored.revision || held.state !== now.stored.state) return refuse('plan_changed')
      await holdRoutes(tx, planId)
      // A crew that has begun another stop meanwhile is not overtaken.
      if (JSON.stringify(await routesOf(tx, planId)) !== JSON.stringify(now.routes)) return refuse('plan_changed')
      await saveChange(tx, planId, outcome)
      await insertEdit(tx, planId, {
        revision: held.revision + 1,
        edit: request.edit,
        vansBefore: now.body.vans,
        planBefore: now.body.plan,
        change: figures.after.objective - figures.before.objective,
        staffId,
        atMs: clock.nowMs(),
      })
      if (held.state === 'published') {
        await publisher.republish(tx, planId, { inputs: now.inputs, ...outcome, before: now.body })
      }
      return null
    })
    return refusal ?? { done: true, ...figures, ends, faults: [] }
  }

  async function undo(planId: string, revision: number): Promise<Refusal | null> {
    const now = await standing(planId, revision)
    if (isRefusal(now)) return now
    return db.transaction(async (tx) => {
      const held = await holdPlan(tx, planId)
      if (held?.revision !== revision) return refuse('plan_changed')
      await holdRoutes(tx, planId)
      const last = await lastEdit(tx, planId)
      if (last === null || !canUndo(held, await routesOf(tx, planId))) return refuse('plan_wrong_state')
      await saveChange(tx, planId, last)
      await deleteEdit(tx, planId, last.revision)
      if (held.state === 'published') {
        await publisher.republish(tx, planId, {
          inputs: now.inputs,
          vans: last.vans,
          plan: last.plan,
          before: now.body,
        })
      }
      return null
    })
  }

  return { edit, undo }
}

/** Whose night gets longer or shorter, by a minute or more. */
function endsMoved({ before, vans, plan }: Tried): NonNullable<EditOutcome['ends']> {
  return plan.routes.flatMap((route) => {
    const was = before.routes.find(({ vanId }) => vanId === route.vanId)
    const van = vans.find(({ vanId }) => vanId === route.vanId)
    const isOut = was !== undefined && was.stops.length > 0 && route.stops.length > 0
    const minutes = isOut ? Math.round((route.endS - was.endS) / 60) : 0
    return minutes === 0 || van === undefined ? [] : [{ vanName: van.name, minutes }]
  })
}

type StopEdit = Extract<PlanEdit, { stop: number } | { atStop: number }>
type VanEdit = Extract<PlanEdit, { kind: 'add_van' | 'remove_van' | 'change_shift' }>

/** The plan counts all stops of a van, the rest of a night those that are open. */
function stopEdit(edit: StopEdit, open: (vanId: string, stop: number) => number | null): PlannerEdit | string {
  const at = open(edit.vanId, 'stop' in edit ? edit.stop : edit.atStop)
  if (at === null) return alreadyDone
  switch (edit.kind) {
    case 'drop_stop':
    case 'lock_stop':
    case 'unlock_stop':
      return { ...edit, stop: at }
    case 'add_stop':
      return { ...edit, atStop: at }
    case 'move_stop': {
      const toStop = open(edit.toVanId, edit.toStop)
      return toStop === null ? alreadyDone : { ...edit, stop: at, toStop }
    }
  }
}

const maxFaults = 50
const alreadyDone = 'The crew has been there already: only stops that are still to come can be changed.'
const vanIsHome = 'This van is back and its route is over: nothing of it can be changed.'
const vanIsOut = 'This van is on its way: only its stops can still be changed.'

function vansOfEdit(edit: Exclude<PlanEdit, { kind: 'improve' }>): readonly string[] {
  if (edit.kind === 'add_van') return [edit.van.vanId]
  return edit.kind === 'move_stop' ? [edit.vanId, edit.toVanId] : [edit.vanId]
}

/** The vans that are out with what they did before, those that are home as they were, and who came along last. */
function wholeNight(
  { body, problem, rest }: Pick<Standing, 'body'> & { readonly problem: NightProblem; readonly rest: RestOfNight },
  openVans: readonly Van[],
  openPlan: NightPlan,
): Pick<Tried, 'vans' | 'plan'> {
  const joined = joinedPlan({ costs: problem.costs, vans: openVans }, rest.prefixes, openPlan)
  const open = openVans.map((van, v) => ({ van, route: present(joined.routes[v], 'a van has a route') }))
  const isKnown = ({ van }: { readonly van: Van }) => problem.vans.some(({ vanId }) => vanId === van.vanId)
  const earlier = problem.vans.flatMap((van, v) => {
    if (rest.problem.vans.some(({ vanId }) => vanId === van.vanId))
      return open.filter((one) => one.van.vanId === van.vanId)
    return [{ van, route: present(body.plan.routes[v], 'a van has a route') }]
  })
  const all = [...earlier, ...open.filter((one) => !isKnown(one))]
  return { vans: all.map(({ van }) => van), plan: planOf(all.map(({ route }) => route)) }
}

/** Vans of the whole night after an edit of its rest: who is on the way keeps its shift and its start. */
function vansAfter(edited: readonly Van[], problem: NightProblem, rest: RestOfNight): Van[] {
  return edited.map((van) => {
    const whole = problem.vans.find(({ vanId }) => vanId === van.vanId)
    const resting = rest.problem.vans.find(({ vanId }) => vanId === van.vanId)
    if (whole === undefined || resting === whole) return van
    const visited = whole.lockedPlaces.filter((place) => !resting?.lockedPlaces.includes(place))
    return { ...whole, lockedPlaces: [...visited, ...van.lockedPlaces] }
  })
}
