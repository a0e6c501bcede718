import type { Cycle } from './core/tours/cycle-plan.ts'
import type { Tours } from './core/tours/instance.ts'
import { adopt, bestOf, type Island, improveIsland } from './core/tours/island.ts'

/** One annealing to do, until a moment or for a number of iterations. */
export interface TourOrder {
  readonly cycle: Cycle
  /** Plan to start from; null goes on with the search's own. */
  readonly adopt: Tours | null
  readonly until: { readonly epochMs: number } | { readonly iterations: number }
}

export interface TourAnswer {
  /** The cheapest plan so far that can be driven; null while there is none. */
  readonly best: Tours | null
  readonly bestCost: number
  readonly iterations: number
}

/** Iterations between two looks at the clock to begin with; then as many as take `sliceMs`. */
const firstSliceIterations = 2
const sliceMs = 10
const mostSliceIterations = 2_000
/** Temperatures of one annealing when it is counted in iterations. */
const stepsPerCycle = 200

/** Milliseconds since 1970 with fractions, the same in every thread. */
export function preciseEpochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Does one annealing and tells what is best since the island began. */
export function runCycle(island: Island, { cycle, adopt: plan, until }: TourOrder): TourAnswer {
  if (plan !== null) adopt(island, plan)
  const iterations =
    'iterations' in until ? improveCounted(island, cycle, until.iterations) : improveUntil(island, cycle, until.epochMs)
  const { tours, cost } = bestOf(island)
  return { best: tours, bestCost: cost, iterations }
}

function warmthAt({ hotShare, coldShare }: Cycle, done: number): number {
  return hotShare * (coldShare / hotShare) ** done
}

function improveCounted(island: Island, cycle: Cycle, iterations: number): number {
  const steps = Math.min(stepsPerCycle, iterations)
  let done = 0
  for (let step = 1; step <= steps; step++) {
    const next = Math.floor((iterations * step) / steps)
    improveIsland(island, cycle.method, next - done, warmthAt(cycle, (step - 1) / steps))
    done = next
  }
  return iterations
}

/** The temperature follows the clock, so that a busy machine cools as far as a quiet one. */
function improveUntil(island: Island, cycle: Cycle, untilMs: number): number {
  const startMs = preciseEpochMs()
  const spanMs = Math.max(1, untilMs - startMs)
  let iterations = firstSliceIterations
  let done = 0
  let nowMs = startMs
  while (nowMs < untilMs) {
    improveIsland(island, cycle.method, iterations, warmthAt(cycle, (nowMs - startMs) / spanMs))
    done += iterations
    const thenMs = preciseEpochMs()
    const fits = (iterations * Math.min(sliceMs, untilMs - thenMs)) / Math.max(0.01, thenMs - nowMs)
    iterations = Math.max(1, Math.min(mostSliceIterations, Math.floor(fits)))
    nowMs = thenMs
  }
  return done
}
