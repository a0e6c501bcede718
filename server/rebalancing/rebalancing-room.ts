import type { Logger } from 'pino'
import type { LocalTime } from '../city/local-time.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { OneOffHandler } from '../platform/queue.ts'
import type { RouteKeeper } from './crew-custody.ts'
import type { Distances } from './distances/distances.ts'
import { createNightJob } from './night-job.ts'
import { planNight } from './night-planner.ts'
import { createNightSettings, type NightSettingsStore } from './night-settings.ts'
import { createPlanEditor } from './plan-editor.ts'
import { createPlanMaker, type NightSearcher, type PlanMaker } from './plan-maker.ts'
import { createPublisher } from './plan-publisher.ts'
import { createPlans, type Plans } from './plan-service.ts'
import { createPlanViewer } from './plan-viewer.ts'
import { createReplanner } from './replan-route.ts'
import { createReports, type Reports } from './report-service.ts'

export interface RebalancingDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly random: () => number
  readonly localTime: LocalTime
  readonly fleet: { bikes(): readonly FleetBike[] }
  readonly keeper: RouteKeeper
  readonly distances: Pick<Distances, 'table'>
  /** Where a city's first depot is put while there is no hotspot. */
  readonly centre: { readonly lon: number; readonly lat: number }
  readonly isDemo: boolean
  /** Another bound of the search, in tests: `planNight` in threads otherwise. */
  readonly search?: NightSearcher
}

/** Tonight's work for the vans, from the evening's inputs to the morning's report. */
export interface Rebalancing {
  readonly settings: NightSettingsStore
  readonly plans: Plans
  readonly maker: Pick<PlanMaker, 'again'>
  readonly reports: Reports
  replanRest(routeId: string): Promise<boolean>
  /** Looks at the city's clock and does what is due. */
  tick(): Promise<void>
  /** What a job of a plan's key does. */
  readonly makePlan: OneOffHandler
  /** Who gets the plans that are to be made; before that nobody makes them, and `tick` hands them over again. */
  handOverTo(enqueue: (planId: string) => Promise<void>): void
}

export function openRebalancing(deps: RebalancingDeps): Rebalancing {
  const { db, clock, ids, logger, localTime, fleet, keeper } = deps
  let queue: ((planId: string) => Promise<void>) | null = null
  const enqueue = async (planId: string) => queue?.(planId)
  const search = deps.search ?? searchInThreads
  const settings = createNightSettings({ db, clock, centre: deps.centre, isDemo: deps.isDemo })
  const viewer = createPlanViewer({ db })
  const publisher = createPublisher({ db, clock, ids, logger, keeper })
  const maker = createPlanMaker({ db, clock, logger, localTime, fleet, distances: deps.distances, search })
  const editor = createPlanEditor({ db, clock, localTime, search, viewer, publisher })
  const { random } = deps
  const plans = createPlans({ db, clock, ids, logger, localTime, random, settings, editor, publisher, viewer, enqueue })
  const reports = createReports({ db, clock, logger, fleet })
  const replanner = createReplanner({ db, clock, logger, fleet, viewer, publisher, search })
  const { replanRest } = replanner
  const job = createNightJob({ db, clock, logger, localTime, settings, plans, keeper, reports, replanRest, enqueue })
  return {
    settings,
    plans,
    maker,
    reports,
    replanRest,
    tick: job.tick,
    makePlan: maker.make,
    handOverTo: (next) => {
      queue = next
    },
  }
}

/** Two islands wherever it runs: with a budget of iterations the plan is then the same everywhere. */
const threads = 2

const searchInThreads: NightSearcher = async (problem, { seed, budget, from, onProgress }) => {
  const bound = 'seconds' in budget ? budget : { iterations: Math.ceil(budget.iterations / threads) }
  const totalS = 'seconds' in budget ? budget.seconds : null
  return planNight(problem, {
    seed,
    threads,
    ...bound,
    ...(from ? { from } : {}),
    onProgress: ({ seconds, objective }) =>
      onProgress?.(totalS === null ? 0 : Math.min(1, seconds / totalS), objective),
  })
}
