import type { Logger } from 'pino'
import type { NightSettings } from '../../contracts/http/nights.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { LocalTime } from '../city/local-time.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { dateOfDay, dayOfDate } from './core/demand/local-half-hour.ts'
import { nightMinute, shiftOf } from './core/night-hours.ts'
import type { RouteKeeper } from './crew-custody.ts'
import type { NightSettingsStore } from './night-settings.ts'
import { stopIsTouched } from './plan-route-store.ts'
import { nightAt, type Plans } from './plan-service.ts'
import { type PlanOfNight, plansOfNight, plansUnderWay, setPlanState } from './plan-store.ts'
import { lateAfterMs } from './replan-route.ts'
import type { Reports } from './report-service.ts'

export interface NightJobDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly localTime: LocalTime
  readonly settings: NightSettingsStore
  readonly plans: Pick<Plans, 'create' | 'publish'>
  readonly keeper: Pick<RouteKeeper, 'releaseRoute'>
  readonly reports: Pick<Reports, 'make' | 'isBehind'>
  readonly replanRest: (routeId: string) => Promise<boolean>
  readonly enqueue: (planId: string) => Promise<void>
}

/** Runs one step; when it fails, the others still run, and the look as a whole fails after them. */
type Attempt = (step: () => Promise<void>) => Promise<void>

/** A plan that publishes itself leaves the desk so many minutes before the first van does. */
const publishBeforeShiftMinutes = 15
/** A draft that is so much older than the evening's plan knows another city; one that a person has edited stays. */
const draftStaleMs = 3_600_000
/** A plan for less than the last hour of the last shift is not worth making. */
const leastNightMinutes = 60
/** A crew may bring its acts in so long after its shift; then what it has not taken is given back. */
const routeGraceMs = 3_600_000
const maxRoutesEnded = 50
/** Of one look; a city whose crews are all late has other troubles. */
const maxHurried = 3
/** Shorter than a crew is late when it is hurried: who has been offline all that time is left alone. */
const heardLatelyMs = 10 * 60_000

/** Made before its evening, and nothing that the evening's own plan has to give way to. */
function isOfTheDay({ state, revision, createdAt }: PlanOfNight, planAtMs: number): boolean {
  if (state === 'failed' || state === 'superseded') return createdAt < planAtMs
  return state === 'draft' && revision === 0 && createdAt < planAtMs - draftStaleMs
}

/**
 * What the evening's clock asks for, by city time: a plan, its publishing, the end of routes, the report. Looks at what
 * is, not at when it last looked: safe to run twice, at once, or hours late.
 */
export function createNightJob(deps: NightJobDeps): { tick(): Promise<void> } {
  const { db, clock, logger, localTime } = deps

  async function tick(): Promise<void> {
    const nowMs = clock.nowMs()
    const settings = await deps.settings.read()
    const night = nightAt(localTime, nowMs)
    const failures: unknown[] = []
    const attempt: Attempt = async (step) => {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    for (const { depotId } of settings.depots) await attempt(() => planAndPublish(settings, night, depotId, nowMs))
    await attempt(async () => {
      for (const planId of await plansUnderWay(db)) await deps.enqueue(planId)
    })
    await attempt(() => hurryLate(nowMs, attempt))
    await attempt(() => endRoutes(nowMs, attempt))
    await attempt(() => endPlans(night))
    await attempt(() => report(settings, nowMs))
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of the night failed`)
  }

  async function planAndPublish(
    settings: NightSettings,
    night: string,
    depotId: string,
    nowMs: EpochMs,
  ): Promise<void> {
    const shifts = settings.vans.filter((van) => van.goesOut && van.depotId === depotId).map(shiftOf)
    if (shifts.length === 0) return
    const isPast = (minute: number) => nowMs >= localTime.momentOf(night, minute)
    const planAtMs = localTime.momentOf(night, nightMinute(settings.planAt))
    const all = (await plansOfNight(db, night)).filter((plan) => plan.depotId === depotId)
    const plans = all.filter((plan) => !isOfTheDay(plan, planAtMs))
    const lastEnd = Math.max(...shifts.map(({ end }) => end))
    if (plans.length === 0 && nowMs >= planAtMs && !isPast(lastEnd - leastNightMinutes)) {
      // A refusal means that another process was first.
      await deps.plans.create({ depotId })
      return
    }
    const draft = plans.find(({ state }) => state === 'draft')
    const firstStart = Math.min(...shifts.map(({ start }) => start))
    if (!draft || !settings.publishBySelf || !isPast(firstStart - publishBeforeShiftMinutes)) return
    // Where a plan is out already, a newer draft is a person's and waits for that person.
    if (plans.some(({ state }) => state === 'published')) return
    const published = await deps.plans.publish(draft.planId, null)
    if (isRefusal(published)) logger.info({ planId: draft.planId, code: published.code }, 'not published by itself')
  }

  /**
   * Crews whose next stop was due long ago: what is left of their night is planned anew. Only those that were heard
   * lately: a crew without a connection looks late, and is not told of a new plan either.
   */
  async function hurryLate(nowMs: EpochMs, attempt: Attempt): Promise<void> {
    const { rows } = await db.query<{ route_id: string }>(
      `SELECT r.route_id FROM van_route r JOIN LATERAL (
         SELECT s.arrive_at FROM route_stop s WHERE s.route_id = r.route_id AND NOT ${stopIsTouched}
          ORDER BY s.position LIMIT 1) AS next ON next.arrive_at < $1
        WHERE r.state = 'claimed' AND r.end_at > $2
          AND EXISTS (SELECT 1 FROM crew_act a WHERE a.route_id = r.route_id AND a.received_at > $4)
        ORDER BY next.arrive_at LIMIT $3`,
      [new Date(nowMs - lateAfterMs), new Date(nowMs), maxHurried, new Date(nowMs - heardLatelyMs)],
    )
    for (const { route_id: routeId } of rows) await attempt(async () => void (await deps.replanRest(routeId)))
  }

  async function endRoutes(nowMs: EpochMs, attempt: Attempt): Promise<void> {
    const { rows } = await db.query<{ route_id: string }>(
      `SELECT route_id FROM van_route WHERE state <> 'done' AND end_at < $1 ORDER BY end_at LIMIT $2`,
      [new Date(nowMs - routeGraceMs), maxRoutesEnded],
    )
    for (const { route_id: routeId } of rows) {
      await attempt(async () => {
        await db.transaction((tx) => deps.keeper.releaseRoute(tx, routeId))
        logger.info({ routeId }, 'a route ended with its night')
      })
    }
  }

  /** Published plans of earlier nights, once no route of theirs is out. */
  async function endPlans(night: string): Promise<void> {
    const { rows } = await db.query<{ plan_id: string }>(
      `SELECT plan_id FROM night_plan p WHERE state = 'published' AND night < $1 AND NOT EXISTS (
         SELECT 1 FROM van_route r WHERE r.plan_id = p.plan_id AND r.state <> 'done')`,
      [night],
    )
    for (const { plan_id: planId } of rows) await db.transaction((tx) => setPlanState(tx, planId, 'ended'))
  }

  /** The report of the last night whose report time has come; late after an outage is fine. */
  async function report(settings: NightSettings, nowMs: EpochMs): Promise<void> {
    const tonight = nightAt(localTime, nowMs)
    const isDue = nowMs >= localTime.momentOf(tonight, nightMinute(settings.reportAt))
    const night = isDue ? tonight : dateOfDay(dayOfDate(tonight) - 1)
    const depots = new Set((await plansOfNight(db, night)).map(({ depotId }) => depotId))
    for (const depotId of depots) {
      if (await deps.reports.isBehind(night, depotId)) await deps.reports.make(night, depotId)
    }
  }

  return { tick }
}
