import { availableParallelism } from 'node:os'
import { assert, present } from '../../contracts/assert.ts'
import { startTypescriptThread } from '../platform/typescript-thread.ts'
import { checkNightPlan } from './core/night/check-night-plan.ts'
import type { NightPlan, PlanFault } from './core/night-plan.ts'
import type { NightProblem } from './core/night-problem.ts'
import type { IslandNews, IslandOrder, IslandStart } from './night-worker.ts'

const islandProgram = new URL('./night-worker.ts', import.meta.url)

export interface NightPlanning {
  /** How long to search; 60 where neither it nor `iterations` is given. */
  readonly seconds?: number
  /** How far each island searches: with it and the same number of threads the plan is the same on every machine. */
  readonly iterations?: number
  readonly seed: number
  /** Islands, each in a thread of its own; by default two where there are two cores. */
  readonly threads?: number
  /** Ends the search early, with the best plan so far. */
  readonly signal?: AbortSignal
  /** Visiting orders to start from, one list of places per van. */
  readonly from?: readonly (readonly number[])[]
  readonly onProgress?: (progress: NightProgress) => void
}

export interface NightProgress {
  readonly seconds: number
  readonly objective: number
  readonly plan: NightPlan
}

export interface PlannedNight {
  readonly plan: NightPlan
  /** What no plan that was found keeps; empty unless a van's own way or its locked places can't be driven. */
  readonly faults: readonly PlanFault[]
  /** Of all islands together. */
  readonly iterations: number
  readonly seconds: number
  readonly seed: number
}

const defaultSeconds = 60
const mostThreads = 2
/** The islands exchange their best plans after so many iterations each: often at first, then every few seconds. */
const firstExchange = 250
const exchangeIterations = 8_000
/** Seeds of islands are this far apart, so that neighbouring seeds of a night don't share one. */
const islandSeedStep = 1_000_003

/**
 * Plans a night's routes in worker threads. Islands search apart and go on from the best of all at fixed counts of
 * iterations. Rejects when a thread dies, and with `BrokenInvariant` when the plan does not pass the checker.
 */
export async function planNight(problem: NightProblem, planning: NightPlanning): Promise<PlannedNight> {
  const beganMs = performance.now()
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const end = (): void => void Atomics.store(stop, 0, 1)
  if (planning.signal?.aborted === true) end()
  planning.signal?.addEventListener('abort', end)
  const threads = planning.threads ?? Math.min(mostThreads, availableParallelism())
  const islands = Array.from({ length: threads }, (_, at) =>
    openIsland({ problem, seed: planning.seed + at * islandSeedStep, from: planning.from ?? null, stop }),
  )
  const seconds = planning.seconds ?? (planning.iterations === undefined ? defaultSeconds : null)
  const timer = seconds === null ? undefined : setTimeout(end, seconds * 1_000)
  try {
    const found = await searchInRounds(islands, {
      iterations: planning.iterations ?? Number.POSITIVE_INFINITY,
      isStopped: () => Atomics.load(stop, 0) !== 0,
      tell: (plan) =>
        planning.onProgress?.({ seconds: (performance.now() - beganMs) / 1_000, objective: plan.objective, plan }),
    })
    const faults = checkNightPlan(problem, found.plan)
    assert(!found.keeps || faults.length === 0, `a night plan keeps its rules: ${JSON.stringify(faults.slice(0, 3))}`)
    const { plan, iterations } = found
    return { plan, faults, iterations, seconds: (performance.now() - beganMs) / 1_000, seed: planning.seed }
  } finally {
    clearTimeout(timer)
    planning.signal?.removeEventListener('abort', end)
    await Promise.all(islands.map((island) => island.close()))
  }
}

interface Rounds {
  readonly iterations: number
  isStopped(): boolean
  tell(plan: NightPlan): void
}

interface Found {
  readonly plan: NightPlan
  readonly keeps: boolean
  readonly iterations: number
}

async function searchInRounds(islands: readonly Island[], rounds: Rounds): Promise<Found> {
  let best: IslandNews | null = null
  let done = 0
  for (let round = 0; ; round++) {
    const iterations = Math.min(exchangeIterations, firstExchange * 2 ** round, rounds.iterations - done)
    const adopt: NightPlan | null = best?.keeps === true ? best.plan : null
    const news: readonly IslandNews[] = await Promise.all(islands.map((island) => island.search({ iterations, adopt })))
    done += iterations
    const found: IslandNews = news.reduce(better, best ?? present(news[0], 'there is at least one island'))
    best = found
    rounds.tell(found.plan)
    if (rounds.isStopped() || done >= rounds.iterations) {
      return { ...found, iterations: news.reduce((sum, one) => sum + one.iterations, 0) }
    }
  }
}

function better(a: IslandNews, b: IslandNews): IslandNews {
  if (a.keeps !== b.keeps) return a.keeps ? a : b
  return b.plan.objective > a.plan.objective ? b : a
}

interface Island {
  search(order: IslandOrder): Promise<IslandNews>
  close(): Promise<void>
}

function openIsland(start: IslandStart): Island {
  const worker = startTypescriptThread(islandProgram, { workerData: start, name: 'night-planner' })
  const waiting: { settle: ((outcome: IslandNews | Error) => void) | null } = { settle: null }
  let death: Error | null = null
  const die = (cause: unknown): void => {
    death ??= new Error('a thread of the night planner died', { cause })
    waiting.settle?.(death)
  }
  worker.on('message', (news: IslandNews) => waiting.settle?.(news))
  worker.on('error', die)
  worker.on('exit', (code) => die(`exit code ${code}`))
  return {
    search: (order) =>
      new Promise((resolve, reject) => {
        waiting.settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))
        if (death === null) worker.postMessage(order)
        else reject(death)
      }),
    close: async () => void (await worker.terminate()),
  }
}
