/** One annealing of a search: from hot to cold, both as shares of the mean leg. */
export interface Cycle {
  /** Part of the whole budget, 0 to 1. */
  readonly share: number
  readonly hotShare: number
  readonly coldShare: number
}

const hotShare = 0.3
const coldShare = 0.003

/** How a budget is cut into annealings; between two the searches tell each other their best plan. */
export function planCycles(nodeCount: number): readonly Cycle[] {
  const count = nodeCount <= 30 ? 8 : 4
  return Array.from({ length: count }, () => ({ share: 1 / count, hotShare, coldShare }))
}
