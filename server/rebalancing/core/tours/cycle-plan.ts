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
/** Iterations of one thread in a millisecond on a quiet machine: only to choose the number of annealings. */
export const iterationsPerMs = 30

/**
 * Annealings from hot, each of its own, then the best plan of all threads is warmed up again and again; when
 * `iterations` are few for so many nodes, one long annealing takes most of them. All threads have the same shares, so
 * that they can tell each other between two cycles.
 */
export function planCycles(nodeCount: number, iterations: number, thread: number): readonly Cycle[] {
  const affordable = Math.floor((0.6 * iterations) / (iterationsPerSquare * nodeCount ** 2))
  const fresh = Math.max(1, Math.min(mostFresh, affordable))
  const freshShare = fresh === 1 ? 0.85 : 0.6
  const again = fresh === 1 ? 2 : 6
  const cycles: Cycle[] = []
  for (let i = 0; i < fresh; i++) {
    const method = thread === 1 && nodeCount <= fewNodes && i % 2 === 0 ? 'strings' : 'chain'
    cycles.push({ share: freshShare / fresh, hotShare: 0.25, coldShare: 0.03, fromBest: false, method })
  }
  for (let i = 0; i < again; i++) {
    const method = thread === 1 && i % 3 === 2 ? 'strings' : 'chain'
    cycles.push({ share: (1 - freshShare) / again, hotShare: 0.12, coldShare: 0.03, fromBest: true, method })
  }
  return cycles
}
