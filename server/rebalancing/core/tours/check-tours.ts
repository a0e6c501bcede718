import type { TourInstance, Tours } from './instance.ts'

/** What a plan is worth, found from the instance and the stops alone: nothing of the search is used. */
export interface CheckedTours {
  readonly cost: number
  /** What is wrong, one sentence each; empty when the plan can be driven. */
  readonly faults: readonly string[]
}

/** Checks that every stop is visited exactly once, by no more tours than there may be, and with a load that fits. */
export function checkTours(instance: TourInstance, tours: Tours): CheckedTours {
  const visits = new Map<number, number>()
  const faults: string[] = []
  let cost = 0
  if (tours.length > instance.tourLimit) faults.push(`${tours.length} tours, but ${instance.tourLimit} may be used`)
  for (const [i, tour] of tours.entries()) {
    if (tour.length === 0) faults.push(`tour ${i + 1} visits nothing`)
    const strange = tour.find((node) => !Number.isInteger(node) || node < 1 || node >= instance.nodeCount)
    if (strange !== undefined) {
      faults.push(`tour ${i + 1} visits ${strange}, which is no stop`)
      continue
    }
    for (const node of tour) visits.set(node, (visits.get(node) ?? 0) + 1)
    const loads = startLoads(instance, tour)
    if (loads.least > loads.most)
      faults.push(`tour ${i + 1}: no start load keeps the van from 0 to ${instance.capacity} all along`)
    cost += tourLength(instance, tour)
  }
  for (let node = 1; node < instance.nodeCount; node++) {
    const count = visits.get(node) ?? 0
    if (count !== 1) faults.push(`node ${node} is visited ${count} times`)
  }
  return { cost, faults }
}

/** The start loads with which a van can drive `tour`: each stop in turn narrows them. */
function startLoads({ demand, capacity }: TourInstance, tour: readonly number[]): { least: number; most: number } {
  let least = 0
  let most = capacity
  let taken = 0
  for (const node of tour) {
    taken += demand[node] ?? 0
    least = Math.max(least, -taken)
    most = Math.min(most, capacity - taken)
  }
  return { least, most }
}

function tourLength({ distance, nodeCount }: TourInstance, tour: readonly number[]): number {
  const whole = [0, ...tour, 0]
  let sum = 0
  for (const [i, from] of whole.slice(0, -1).entries()) sum += distance[from * nodeCount + (whole[i + 1] ?? 0)] ?? 0
  return sum
}
