import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../contracts/assert.ts'
import type { NightPlan } from './core/night-plan.ts'
import type { NightProblem } from './core/night-problem.ts'
import { planRoutes } from './core/plan-routes.ts'

/** What the planner tells an island: search on, from a better plan where another island has found one. */
export interface IslandOrder {
  readonly iterations: number
  readonly adopt: NightPlan | null
}

/** What the island answers. */
export interface IslandNews {
  readonly plan: NightPlan
  /** False where the plan breaks a rule because none was found that does not. */
  readonly keeps: boolean
  readonly iterations: number
}

export interface IslandStart {
  readonly problem: NightProblem
  readonly seed: number
  readonly from: readonly (readonly number[])[] | null
  /** One number: not 0 when the search has to end. */
  readonly stop: Int32Array
}

/** Iterations between two looks at whether to stop: some tens of milliseconds. */
const iterationsPerLook = 100

const port = present(parentPort, 'an island runs in a thread of its own')
const { problem, seed, from, stop } = workerData as IslandStart
const search = planRoutes(problem, from === null ? { seed } : { seed, from })

port.on('message', (order: IslandOrder) => {
  if (order.adopt !== null) search.adopt(order.adopt)
  for (let left = order.iterations; left > 0 && Atomics.load(stop, 0) === 0; left -= iterationsPerLook) {
    search.improve(Math.min(iterationsPerLook, left))
  }
  const news: IslandNews = { plan: search.best(), keeps: search.keeps(), iterations: search.iterations() }
  port.postMessage(news)
})
