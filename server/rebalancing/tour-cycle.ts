import type { Cycle } from './core/tours/cycle-plan.ts'
import { adoptTours, improve, type TourSearch } from './core/tours/improve-tours.ts'
import type { Tours } from './core/tours/instance.ts'

/** One annealing to do, until a moment or for a number of rounds. */
export interface TourOrder {
  readonly cycle: Cycle
  /** Plan to start from; null goes on with the search's own. */
  readonly adopt: Tours | null
  readonly until: { readonly epochMs: number } | { readonly rounds: number }
}

export interface TourAnswer {
  /** The cheapest plan so far that can be driven; null while there is none. */
  readonly best: Tours | null
  readonly bestCost: number
  readonly rounds: number
}

/** Rounds between two looks at the clock to begin with; then as many as take `sliceMs`. */
const firstSliceRounds = 20
const sliceMs = 10
const mostSliceRounds = 2_000

/** Milliseconds since 1970 with fractions, the same in every thread. */
export function preciseEpochMs(): number {
  return performance.timeOrigin + performance.now()
}

export function runCycle(search: TourSearch, order: TourOrder): TourAnswer {
  if (order.adopt !== null) adoptTours(search, order.adopt)
  const { hotShare, coldShare } = order.cycle
  const done = search.rounds
  if ('rounds' in order.until) improve(search, order.until.rounds, hotShare, coldShare)
  else improveUntil(search, order.cycle, order.until.epochMs)
  return { best: search.best, bestCost: search.bestCost, rounds: search.rounds - done }
}

/** The temperature follows the clock, so that a busy machine cools as far as a quiet one. */
function improveUntil(search: TourSearch, { hotShare, coldShare }: Cycle, untilMs: number): void {
  const startMs = preciseEpochMs()
  const spanMs = Math.max(1, untilMs - startMs)
  let rounds = firstSliceRounds
  let nowMs = startMs
  while (nowMs < untilMs) {
    const warmth = hotShare * (coldShare / hotShare) ** ((nowMs - startMs) / spanMs)
    improve(search, rounds, warmth, warmth)
    const thenMs = preciseEpochMs()
    const fits = (rounds * Math.min(sliceMs, untilMs - thenMs)) / Math.max(0.01, thenMs - nowMs)
    rounds = Math.max(1, Math.min(mostSliceRounds, Math.floor(fits)))
    nowMs = thenMs
  }
}
