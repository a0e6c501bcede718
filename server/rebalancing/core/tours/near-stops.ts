import type { TourInstance } from './instance.ts'

/** For each node all stops by their distance there and back, itself first: row `node` begins at `node * nodeCount`. */
export function nearStops({ nodeCount, distance }: TourInstance): Int32Array {
  const near = new Int32Array(nodeCount * nodeCount)
  const stops = Array.from({ length: nodeCount - 1 }, (_, i) => i + 1)
  const both = new Float64Array(nodeCount)
  for (let node = 1; node < nodeCount; node++) {
    for (const stop of stops) {
      const there = distance[node * nodeCount + stop] as number
      both[stop] = there + (distance[stop * nodeCount + node] as number)
    }
    both[node] = -1
    const sorted = stops.toSorted((a, b) => (both[a] as number) - (both[b] as number) || a - b)
    near.set(sorted, node * nodeCount)
  }
  return near
}
