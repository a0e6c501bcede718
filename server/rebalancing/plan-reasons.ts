import { once } from 'node:events'
import { startTypescriptThread } from '../platform/typescript-thread.ts'
import type { NightPlan } from './core/night-plan.ts'
import type { NightProblem } from './core/night-problem.ts'
import { reasonsFor } from './core/tonight/reasons-of-plan.ts'
import type { VanProgress } from './core/tonight/rest-of-night.ts'
import type { PlanReasons } from './core/tonight/view-plan.ts'

export interface ReasonsOrder {
  readonly problem: NightProblem
  readonly plan: NightPlan
  readonly progress: readonly VanProgress[]
}

/** Below this many places the reasons are found sooner (about 0.1 s) than a thread is started. */
const leastThreadedPlaces = 120

/** Why a plan is as it is; a large one is looked at in a thread, because every request would wait for it (1.5 s at 600). */
export async function findReasons(order: ReasonsOrder): Promise<PlanReasons> {
  if (order.problem.places.length < leastThreadedPlaces) {
    return reasonsFor(order.problem, order.plan, order.progress)
  }
  const program = new URL('./plan-reasons-worker.ts', import.meta.url)
  const worker = startTypescriptThread(program, { workerData: order, name: 'plan-reasons' })
  try {
    // Rejects with the thread's own error.
    const [reasons] = (await once(worker, 'message')) as [PlanReasons]
    return reasons
  } finally {
    await worker.terminate()
  }
}
