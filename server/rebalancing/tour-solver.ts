import { Worker } from 'node:worker_threads'
import { planCycles } from './core/tours/cycle-plan.ts'
import { createSearch, type SearchChoice } from './core/tours/improve-tours.ts'
import type { TourInstance, Tours } from './core/tours/instance.ts'
import { preciseEpochMs, runCycle, type TourAnswer, type TourOrder } from './tour-cycle.ts'

/** What a search may spend: wall time until a moment, or rounds per thread (then the same seed gives the same plan). */
export type TourBudget = { readonly untilEpochMs: number } | { readonly rounds: number }

export interface SolvedTours {
  /** The cheapest plan found that can be driven; null when none was found. */
  readonly tours: Tours | null
  readonly cost: number
  /** Rounds of both threads together. */
  readonly rounds: number
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
  const choices: readonly SearchChoice[] = [
    { rule: 'several-per-tour', bySum: true, seed },
    { rule: 'one-per-tour', bySum: true, seed },
  ]
  const startMs = preciseEpochMs()
  if ('untilEpochMs' in budget && budget.untilEpochMs - startMs < leastThreadedMs)
    return solveHere(instance, budget.untilEpochMs, choices[0] as SearchChoice)
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
  let best: TourAnswer = { best: null, bestCost: Number.POSITIVE_INFINITY, rounds: 0 }
  let rounds = 0
  let spent = 0
  for (const cycle of planCycles(instance.nodeCount)) {
    spent += cycle.share
    const until =
      'rounds' in budget
        ? { rounds: Math.max(1, Math.round(budget.rounds * cycle.share)) }
        : { epochMs: startMs + (budget.untilEpochMs - startMs) * spent }
    const order: TourOrder = { cycle, adopt: best.best, until }
    const answers = await Promise.all(threads.map((thread) => thread.ask(order)))
    for (const answer of answers) {
      rounds += answer.rounds
      if (answer.bestCost < best.bestCost) best = answer
    }
    progress(`${((preciseEpochMs() - startMs) / 1_000).toFixed(1)} s: ${answers.map((a) => a.bestCost).join(' / ')}`)
  }
  return { tours: best.best, cost: best.bestCost, rounds }
}

function solveHere(instance: TourInstance, untilEpochMs: number, choice: SearchChoice): SolvedTours {
  const search = createSearch(instance, choice)
  const [cycle] = planCycles(instance.nodeCount)
  if (cycle === undefined) return { tours: search.best, cost: search.bestCost, rounds: 0 }
  const answer = runCycle(search, { cycle, adopt: null, until: { epochMs: untilEpochMs } })
  return { tours: answer.best, cost: answer.bestCost, rounds: answer.rounds }
}

/** Node 20 does not hand `--import tsx` down to the module loader of a thread, so the thread loads it by itself. */
const workerUrl = new URL('./tour-worker.ts', import.meta.url)
const threadBootstrap = `import('tsx/esm/api').then(({ tsImport }) => tsImport('${workerUrl.href}', '${import.meta.url}'))`

interface TourThread {
  ask(order: TourOrder): Promise<TourAnswer>
  stop(): Promise<number>
}

function startThread(instance: TourInstance, choice: SearchChoice): TourThread {
  const worker = new Worker(threadBootstrap, { eval: true, workerData: { instance, choice } })
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
