import type { TourInstance } from './instance.ts'

/** One annealing of a search: from hot to cold, both as shares of the mean leg. */
export interface Cycle {
  /** Part of the whole budget, 0 to 1. */
  readonly share: number
  readonly hotShare: number
  readonly coldShare: number
  /** True: goes on from the best plan of all threads, else from the search's own last one. */
  readonly fromBest: boolean
  readonly method: SearchMethod
}

/** `chain`: many small moves; `strings`: strings of stops taken out and put back. */
export type SearchMethod = 'chain' | 'strings'

/** Up to so many nodes strings find the optimum of several tours within a second, more surely than small moves. */
const fewNodes = 50
/** Iterations that one annealing needs to be worth its while, per node squared (measured on 45 to 100 nodes). */
const iterationsPerSquare = 30
const mostFresh = 6
/** Part of the budget for them when there are several: with few long tours warming up again rarely finds more. */
const longToursShare = 0.8
const shortToursShare = 0.5
/** Hot and cold end of an annealing: long tours freeze early and change most in between. */
const shortToursWarmth = { hotShare: 0.25, coldShare: 0.03 } as const
const longToursWarmth = { hotShare: 0.2, coldShare: 0.05 } as const
/** Mean stops of a tour that counts as short. */
const fewStops = 10
/** Iterations of one thread in a millisecond on a quiet machine: only to choose the number of annealings. */
export const iterationsPerMs = 30

/**
 * Annealings from hot, each of its own, then the best plan of all threads is warmed up again and again; when
 * `iterations` are few for so many nodes, one long annealing takes most of them. All threads have the same shares, so
 * that they can tell each other between two cycles.
 */
export function planCycles(instance: TourInstance, iterations: number, thread: number): readonly Cycle[] {
  const { nodeCount } = instance
  const isShort = hasShortTours(instance)
  const severalShare = isShort ? shortToursShare : longToursShare
  const warmth = isShort ? shortToursWarmth : longToursWarmth
  const affordable = Math.floor((severalShare * iterations) / (iterationsPerSquare * nodeCount ** 2))
  const fresh = Math.max(1, Math.min(mostFresh, affordable))
  const freshShare = fresh === 1 ? 0.9 : severalShare
  const again = fresh === 1 ? 2 : 4
  const cycles: Cycle[] = []
  for (let i = 0; i < fresh; i++) {
    const method = thread === 1 && nodeCount <= fewNodes && i % 2 === 0 ? 'strings' : 'chain'
    cycles.push({ share: freshShare / fresh, ...warmth, fromBest: false, method })
  }
  const share = (1 - freshShare) / again
  for (let i = 0; i < again; i++) {
    cycles.push(
      thread === 1
        ? { share, hotShare: 0.1, coldShare: 0.005, fromBest: true, method: 'strings' }
        : { share, hotShare: 0.15, coldShare: 0.03, fromBest: true, method: 'chain' },
    )
  }
  return cycles
}

/** Vans must bring or take away what the stops lack or have over together: that needs so many tours at least. */
function hasShortTours({ nodeCount, capacity, demand }: TourInstance): boolean {
  const over = Math.abs(demand.reduce((sum, bikes) => sum + bikes, 0))
  return (fewStops * over) / capacity > nodeCount
}
