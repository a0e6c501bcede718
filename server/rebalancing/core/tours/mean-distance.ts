import type { TourInstance } from './instance.ts'

/** Mean over all ordered pairs, never 0: a first guess for what one bike of overload should cost. */
export function meanDistance({ distance, nodeCount }: TourInstance): number {
  let sum = 0
  for (let from = 0; from < nodeCount; from++)
    for (let to = 0; to < nodeCount; to++) if (from !== to) sum += distance[from * nodeCount + to] as number
  return Math.max(1e-9, sum / (nodeCount * (nodeCount - 1)))
}
