import { below, type FastRandom } from './fast-random.ts'
import type { Taken } from './take-out.ts'
import type { TourTables } from './tour-tables.ts'

/**
 * Brings the taken stops into the order in which they go back: at random (4 in 11), many bikes first (4), far from the
 * depot first (2), near first (1). `keys` has room for one number per node.
 */
export function orderTaken(tables: TourTables, taken: Taken, keys: Float64Array, random: FastRandom): void {
  const { nodes, count } = taken
  for (let i = count - 1; i > 0; i--) {
    const other = below(random, i + 1)
    const node = nodes[i] as number
    nodes[i] = nodes[other] as number
    nodes[other] = node
  }
  const draw = below(random, 11)
  if (draw < 4) return
  const { demand, distance } = tables
  for (let i = 0; i < count; i++) {
    const node = nodes[i] as number
    if (draw < 8) keys[node] = -Math.abs(demand[node] as number)
    else keys[node] = draw < 10 ? -(distance[node] as number) : (distance[node] as number)
  }
  for (let i = 1; i < count; i++) {
    const node = nodes[i] as number
    const key = keys[node] as number
    let at = i
    while (at > 0 && (keys[nodes[at - 1] as number] as number) > key) {
      nodes[at] = nodes[at - 1] as number
      at--
    }
    nodes[at] = node
  }
}
