/** One annealing of a search: from hot to cold, both as shares of the mean leg. */
export interface Cycle {
  /** Part of the whole budget, 0 to 1. */
  readonly share: number
  readonly hotShare: number
  readonly coldShare: number
  /** True: goes on from the best plan of all threads, else from the search's own last one. */
  readonly fromBest: boolean
  /** `chain`: many small moves; `strings`: strings of stops taken out and put back. */
  readonly method: 'chain' | 'strings'
}

/** Annealings from hot, each of its own, then the best plan is warmed up again and again. */
export function planCycles(nodeCount: number, thread: number): readonly Cycle[] {
  const fresh = nodeCount <= 30 ? 6 : 4
  const again = nodeCount <= 30 ? 6 : 6
  const cycles: Cycle[] = []
  for (let i = 0; i < fresh; i++)
    cycles.push({ share: 0.6 / fresh, hotShare: 0.4, coldShare: 0.01, fromBest: false, method: 'chain' })
  for (let i = 0; i < again; i++) {
    const method = thread === 1 && i % 3 === 2 ? 'strings' : 'chain'
    cycles.push({ share: 0.4 / again, hotShare: 0.1, coldShare: 0.01, fromBest: true, method })
  }
  return cycles
}
