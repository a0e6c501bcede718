import { assert } from '../../contracts/assert.ts'
import { startTypescriptThread } from '../platform/typescript-thread.ts'
import { iterationsPerMs, planCycles } from './core/tours/cycle-plan.ts'
import type { TourInstance, Tours } from './core/tours/instance.ts'
import { createIsland, type IslandChoice } from './core/tours/island.ts'
import { preciseEpochMs, runCycle, type TourAnswer, type TourOrder } from './tour-cycle.ts'

/** What a search may spend: wall time until a moment, or iterations per thread (then the same seed gives the same plan). */
export type TourBudget = { readonly untilEpochMs: number } | { readonly iterations: number }

export interface SolvedTours {
  /** The cheapest plan found that can be driven; null when none was found. */
  readonly tours: Tours | null
  readonly cost: number
  /** Iterations of both threads together. */
  readonly iterations: number
}

/** Below this the start of threads would eat the budget: the search runs in the calling thread. */
const leastThreadedMs = 1_200

/** Solves `instance` with two searches of different nature in two threads that tell each other their best plan. */
export async function solveTours(
  instance: TourInstance,
  budget: TourBudget,
  seed: number,
  progress: (line: string) => void,
): Promise<SolvedTours> {
  const choices: readonly IslandChoice[] = [
    { rule: 'several-per-tour', seed },
    { rule: 'one-per-tour', seed: (seed ^ 0x5bd1_e995) >>> 0 },
  ]
  const startMs = preciseEpochMs()
  if ('untilEpochMs' in budget && budget.untilEpochMs - startMs < leastThreadedMs)
    return solveHere(instance, budget.untilEpochMs, choices[0] as IslandChoice)
  const threads = choices.map((choice) => startThread(instance, choice))
  try {
    return await solveInThreads(threads, instance, budget, progress)
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()))
  }
}

async function solveInThreads(
  threads: readonly TourThread[],
  instance: TourInstance,
  budget: TourBudget,
  progress: (line: string) => void,
): Promise<SolvedTours> {
  const startMs = preciseEpochMs()
  let best: TourAnswer = { best: null, bestCost: Number.POSITIVE_INFINITY, iterations: 0 }
  let iterations = 0
  let spent = 0
  const expected = 'iterations' in budget ? budget.iterations : (budget.untilEpochMs - startMs) * iterationsPerMs
  const plans = threads.map((_, thread) => planCycles(instance, expected, thread))
  for (let i = 0; i < (plans[0]?.length ?? 0); i++) {
    spent += plans[0]?.[i]?.share ?? 0
    const answers = await Promise.all(
      threads.map((thread, index) => {
        const cycle = plans[index]?.[i]
        assert(cycle !== undefined, 'all threads have the same number of cycles')
        const until =
          'iterations' in budget
            ? { iterations: Math.max(1, Math.round(budget.iterations * cycle.share)) }
            : { epochMs: startMs + (budget.untilEpochMs - startMs) * spent }
        return thread.ask({ cycle, adopt: cycle.fromBest ? best.best : null, until })
      }),
    )
    for (const answer of answers) {
      iterations += answer.iterations
      if (answer.bestCost < best.bestCost) best = answer
    }
    progress(`${((preciseEpochMs() - startMs) / 1_000).toFixed(1)} s: ${answers.map((a) => a.bestCost).join(' / ')}`)
  }
  return { tours: best.best, cost: best.bestCost, iterations }
}

function solveHere(instance: TourInstance, untilEpochMs: number, choice: IslandChoice): SolvedTours {
  const island = createIsland(instance, choice)
  const [cycle] = planCycles(instance, 0, 0)
  if (cycle === undefined) return { tours: null, cost: Number.POSITIVE_INFINITY, iterations: 0 }
  const answer = runCycle(island, { cycle, adopt: null, until: { epochMs: untilEpochMs } })
  return { tours: answer.best, cost: answer.bestCost, iterations: answer.iterations }
}

const tourProgram = new URL('./tour-worker.ts', import.meta.url)

interface TourThread {
  ask(order: TourOrder): Promise<TourAnswer>
  stop(): Promise<number>
}

function startThread(instance: TourInstance, choice: IslandChoice): TourThread {
  const worker = startTypescriptThread(tourProgram, { workerData: { instance, choice }, name: 'tours' })
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number) => reject(new Error(`the tour worker ended with code ${code}`))
        worker.once('error', reject)
        worker.once('exit', onExit)
        worker.once('message', (answer: TourAnswer) => {
          worker.off('error', reject)
          worker.off('exit', onExit)
          resolve(answer)
        })
        worker.postMessage(order)
      }),
    stop: () => worker.terminate(),
  }
}
