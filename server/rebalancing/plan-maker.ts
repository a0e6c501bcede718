import type { Logger } from 'pino'
import { present } from '../../contracts/assert.ts'
import type { NightSettings } from '../../contracts/http/nights.ts'
import type { Clock } from '../platform/clock.ts'
import type { OneOffRun } from '../platform/queue.ts'
import { proportionalPlan } from './core/night/proportional-plan.ts'
import type { NightPlan, PlanFault } from './core/night-plan.ts'
import type { NightProblem } from './core/night-problem.ts'
import { nightPlaces, nightProblem } from './core/tonight/build-problem.ts'
import { figuresOf } from './core/tonight/view-plan.ts'
import type { Distances } from './distances/distances.ts'
import { loadNightInputs, type NightInputDeps } from './night-inputs.ts'
import {
  type PlanInputs,
  readInputs,
  readPlan,
  type StoredPlan,
  saveDraft,
  saveFailure,
  saveInputs,
  saveProgress,
} from './plan-store.ts'

/** A search in threads of its own: `planNight`, or the same with other bounds in a test. */
export type NightSearcher = (
  problem: NightProblem,
  order: {
    readonly seed: number
    readonly budget: SearchBudget
    /** Visiting orders to start from, one list of places per van. */
    readonly from?: readonly (readonly number[])[]
    readonly onProgress?: (share: number, objective: number) => void
  },
) => Promise<{
  readonly plan: NightPlan
  readonly iterations: number
  /** What even the best plan breaks, where nothing else is possible. */
  readonly faults: readonly PlanFault[]
}>

/** Real seconds, or iterations: then the same seed gives the same plan. */
export type SearchBudget = { readonly seconds: number } | { readonly iterations: number }

export interface PlanMakerDeps extends NightInputDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly distances: Pick<Distances, 'table'>
  readonly search: NightSearcher
}

export interface PlanMaker {
  /** Makes the plan that is under way; nothing when it is made already. Throws what stopped it, to be tried again. */
  make(planId: string, run: Pick<OneOffRun, 'isLast' | 'progress'>): Promise<void>
  /** The same inputs, seed and iterations again. */
  again(planId: string): Promise<NightPlan>
  /** The fleet and tomorrow as they are now, as a problem. */
  inputsNow(order: {
    readonly night: string
    readonly depotId: string
    readonly settings: NightSettings
  }): Promise<PlanInputs>
}

const progressEveryMs = 1_000
/** However fast the city's clock runs, planning takes no longer of its time than this. */
const longestPlanningMs = 20 * 60_000
const shortestSearchS = 1

/** Real seconds that a search may take while city time runs at `speed` and `spentS` went into the inputs. */
export function searchSeconds(wantedS: number, speed: number, spentS: number): number {
  return Math.max(shortestSearchS, Math.min(wantedS, longestPlanningMs / 1_000 / speed - spentS))
}

export function createPlanMaker(deps: PlanMakerDeps): PlanMaker {
  const { db, clock, logger, distances, search } = deps

  async function inputsNow(order: { night: string; depotId: string; settings: NightSettings }): Promise<PlanInputs> {
    const inputs = await loadNightInputs(deps, { ...order, nowMs: clock.nowMs() })
    const { places, facts } = nightPlaces(inputs)
    const table = await distances.table(places)
    return {
      problem: nightProblem(inputs, places, table),
      facts: { ...facts, distances: table.source, distancesNote: table.note ?? null },
    }
  }

  async function make(planId: string, run: Pick<OneOffRun, 'isLast' | 'progress'>): Promise<void> {
    const stored = await readPlan(db, planId)
    if (stored?.state !== 'planning') return
    const startedMs = clock.realNowMs()
    try {
      const inputs = await inputsNow(stored)
      await saveInputs(db, planId, inputs)
      const inputsMs = clock.realNowMs() - startedMs
      const found = await searched(stored, inputs, run, inputsMs / 1_000)
      const proportional = figuresOf(proportionalPlan(inputs.problem))
      const planSeconds = (clock.realNowMs() - startedMs) / 1_000
      const { plan, iterations } = found
      const isNew = await saveDraft(db, planId, {
        vans: inputs.problem.vans,
        plan,
        proportional,
        iterations,
        planSeconds,
      })
      const { objective, bikesMoved } = plan
      const places = inputs.problem.places.length
      if (isNew) logger.info({ planId, places, inputsMs, planSeconds, iterations, objective, bikesMoved }, 'planned')
    } catch (error) {
      logger.error({ err: error, planId }, 'a night could not be planned')
      if (run.isLast) await saveFailure(db, planId, failureSentence(error))
      throw error
    }
  }

  async function searched(
    stored: StoredPlan,
    { problem }: PlanInputs,
    run: Pick<OneOffRun, 'progress'>,
    spentS: number,
  ) {
    let toldMs = clock.realNowMs()
    let writing: Promise<unknown> = Promise.resolve()
    const found = await search(problem, {
      seed: stored.seed,
      budget: { seconds: searchSeconds(stored.planSeconds, clock.speed(), spentS) },
      onProgress: (share, objective) => {
        const nowMs = clock.realNowMs()
        if (nowMs - toldMs < progressEveryMs) return
        toldMs = nowMs
        writing = Promise.all([saveProgress(deps.db, stored.planId, { share, objective }), run.progress(share)]).catch(
          (error: unknown) => logger.warn({ err: error, planId: stored.planId }, 'progress was not told'),
        )
      },
    })
    await writing
    return found
  }

  return {
    make,
    inputsNow,
    again: async (planId) => {
      const stored = present(await readPlan(db, planId), 'the plan exists')
      const { problem } = present(await readInputs(db, planId), 'the plan was made')
      const { plan } = await search(problem, { seed: stored.seed, budget: { iterations: stored.iterations } })
      return plan
    },
  }
}

const longestReason = 300

/** For staff: what happened, without a stack. */
function failureSentence(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return `The plan could not be made: ${reason.slice(0, longestReason).replace(/\.$/, '')}.`
}
