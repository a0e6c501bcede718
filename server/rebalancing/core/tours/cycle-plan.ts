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

/**
 * Annealings from hot, each of its own, then the best plan of all threads is warmed up again and again. All threads
 * have the same shares, so that they can tell each other between two cycles.
 */
export function planCycles(nodeCount: number, thread: number): readonly Cycle[] {
  const fresh = nodeCount <= fewNodes ? 6 : 4
  const again = 6
  const cycles: Cycle[] = []
  for (let i = 0; i < fresh; i++) {
    const method = thread === 1 && nodeCount <= fewNodes && i % 2 === 0 ? 'strings' : 'chain'
    cycles.push({ share: 0.6 / fresh, hotShare: 0.4, coldShare: 0.01, fromBest: false, method })
  }
  for (let i = 0; i < again; i++) {
    const method = thread === 1 && i % 3 === 2 ? 'strings' : 'chain'
    cycles.push({ share: 0.4 / again, hotShare: 0.1, coldShare: 0.01, fromBest: true, method })
  }
  return cycles
}
