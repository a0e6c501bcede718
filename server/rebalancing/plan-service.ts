import type { Logger } from 'pino'
import type {
  NewPlan,
  NightSettings,
  PlanEditAnswer,
  PlanEditRequest,
  PlanList,
  PlanSummary,
  PlanView,
} from '../../contracts/http/nights.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { LocalTime } from '../city/local-time.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { minutesPerDay, noonMinute, shiftOf } from './core/night-hours.ts'
import type { NightSettingsStore } from './night-settings.ts'
import type { PlanEditor } from './plan-editor.ts'
import type { Publisher } from './plan-publisher.ts'
import {
  holdPlan,
  insertPlan,
  listPlans,
  type PlanOfNight,
  plansOfNight,
  setPlanState,
  supersedeDraft,
} from './plan-store.ts'
import type { PlanViewer } from './plan-viewer.ts'

export interface PlanServiceDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly localTime: LocalTime
  /** Uniform in [0, 1): where no seed is asked for. */
  readonly random: () => number
  readonly settings: NightSettingsStore
  readonly editor: PlanEditor
  readonly publisher: Publisher
  readonly viewer: PlanViewer
  /** Hands a plan that is under way to whoever makes plans. */
  readonly enqueue: (planId: string) => Promise<void>
}

/** What staff and the evening's clock do with plans. */
export interface Plans {
  create(order: NewPlan): Promise<PlanSummary | Refusal>
  list(): Promise<PlanList>
  view(planId: string): Promise<PlanView | Refusal>
  edit(planId: string, request: PlanEditRequest, staffId: string): Promise<PlanEditAnswer | Refusal>
  undo(planId: string, revision: number): Promise<PlanView | Refusal>
  publish(planId: string, staffId: string | null): Promise<PlanView | Refusal>
  discard(planId: string): Promise<PlanView | Refusal>
}

const listedPlans = 60
const seedsBelow = 4_294_967_296

/** The night that a moment belongs to: it begins at noon. */
export function nightAt(localTime: LocalTime, nowMs: EpochMs): string {
  const shift = localTime.minuteAt(nowMs) < noonMinute ? minutesPerDay : 0
  return localTime.dateAt(localTime.momentOf(localTime.dateAt(nowMs), noonMinute - shift))
}

/** The night that a plan made now is for: this one, or the coming one when every van of this one is back. */
export function nightToPlan(localTime: LocalTime, settings: NightSettings, nowMs: EpochMs): string {
  const night = nightAt(localTime, nowMs)
  const ends = settings.vans.filter(({ goesOut }) => goesOut).map((van) => shiftOf(van).end)
  const isOver = nowMs >= localTime.momentOf(night, Math.max(noonMinute, ...ends))
  return isOver && localTime.minuteAt(nowMs) < noonMinute ? localTime.dateAt(nowMs) : night
}

export function createPlans(deps: PlanServiceDeps): Plans {
  const { db, clock, ids, logger, localTime, viewer, publisher, editor } = deps

  async function create(order: NewPlan): Promise<PlanSummary | Refusal> {
    const settings = await deps.settings.read()
    const depotId = order.depotId ?? settings.depots[0]?.depotId
    const depot = settings.depots.find((one) => one.depotId === depotId)
    if (depot === undefined) return refuse('not_found', `There is no depot "${depotId}".`)
    const nowMs = clock.nowMs()
    const plan = {
      planId: ids.uuid(),
      night: nightToPlan(localTime, settings, nowMs),
      depotId: depot.depotId,
      seed: order.seed ?? Math.floor(deps.random() * seedsBelow),
      planSeconds: order.seconds ?? settings.planSeconds,
      settings,
      createdAt: nowMs,
    }
    try {
      await db.transaction(async (tx) => {
        const earlier = await plansOfNight(tx, plan.night)
        const draft = earlier.find((one) => one.depotId === plan.depotId && one.state === 'draft')
        if (draft) await supersedeDraft(tx, draft.planId)
        await insertPlan(tx, plan)
      })
    } catch (error) {
      if (isUniqueViolation(error, 'night_plan_one')) return refuse('plan_running')
      throw error
    }
    const { planId, night } = plan
    logger.info({ planId, night, depotId, seed: plan.seed }, 'plan asked for')
    await deps.enqueue(planId)
    return { planId, night, depotId: plan.depotId, state: 'planning', figures: null, createdAt: nowMs }
  }

  async function viewed(planId: string): Promise<PlanView | Refusal> {
    return (await viewer.view(planId)) ?? refuse('not_found')
  }

  return {
    create,
    list: async () => ({
      plans: await listPlans(db, listedPlans),
      alarm: await alarmOf(deps, await deps.settings.read()),
    }),
    view: viewed,
    edit: async (planId, request, staffId) => {
      const edited = await editor.edit(planId, request, staffId)
      if (isRefusal(edited)) return edited
      return { ...edited, plan: edited.done ? await viewer.view(planId) : null }
    },
    undo: async (planId, revision) => (await editor.undo(planId, revision)) ?? viewed(planId),
    publish: async (planId, staffId) => (await publisher.publish(planId, staffId)) ?? viewed(planId),
    discard: async (planId) => {
      const refusal = await db.transaction(async (tx) => {
        const plan = await holdPlan(tx, planId)
        if (plan === null) return refuse('not_found')
        if (plan.state !== 'draft') return refuse('plan_wrong_state')
        await setPlanState(tx, planId, 'superseded')
        return null
      })
      return refusal ?? viewed(planId)
    },
  }
}

type Alarmed = Pick<PlanServiceDeps, 'db' | 'localTime' | 'clock'>

/** A failed plan is an alarm until another one stands in its place; a plan that nobody publishes, once it is due. */
async function alarmOf({ db, localTime, clock }: Alarmed, settings: NightSettings): Promise<string | null> {
  const night = nightToPlan(localTime, settings, clock.nowMs())
  const plans = await plansOfNight(db, night)
  const newest = new Map([...plans].reverse().map((plan) => [plan.depotId, plan]))
  const failed = [...newest.values()].find(({ state }) => state === 'failed')
  if (failed === undefined) {
    return unpublishedAlarm(plans, settings, { nowMs: clock.nowMs(), momentAt: (m) => localTime.momentOf(night, m) })
  }
  const hasAnother = plans.some(({ depotId, state }) => depotId === failed.depotId && state === 'published')
  const rest = hasAnother ? 'The published plan stands.' : 'Tonight has no plan: the last published one stays readable.'
  return `${failed.failure ?? 'The plan could not be made.'} ${rest}`.slice(0, 500)
}

/** For a depot whose first shift has begun without a published plan; whoever plans after that knows. */
function unpublishedAlarm(
  plans: readonly PlanOfNight[],
  { depots, vans }: NightSettings,
  now: { readonly nowMs: EpochMs; readonly momentAt: (minute: number) => number },
): string | null {
  const waiting = depots.find(({ depotId }) => {
    const starts = vans.filter((van) => van.goesOut && van.depotId === depotId).map((van) => shiftOf(van).start)
    const own = plans.filter((plan) => plan.depotId === depotId)
    const [newest] = own
    if (starts.length === 0 || newest === undefined) return false
    if (own.some(({ state }) => state === 'published' || state === 'ended')) return false
    const firstMs = now.momentAt(Math.min(...starts))
    return now.nowMs >= firstMs && newest.createdAt < firstMs
  })
  return waiting === undefined
    ? null
    : `The first shift of ${waiting.name} has begun, and its plan is not published: crews have no routes.`.slice(0, 500)
}
