import { lower, type MinHeap, minHeap, popLowest, push } from './min-heap.ts'
import type { OutArcs } from './road-network.ts'

/** t × t for t terminals, row-major `[from * t + to]`; infinite where there is no way. */
export interface Ways {
  readonly seconds: Float64Array
  readonly lengthM: Float64Array
}

/**
 * The fastest way between every two terminals, with its length: one search of Dijkstra's kind per terminal, which stops
 * when all terminals are reached. Of equally fast ways the shorter one counts. Arcs must take more than 0 seconds.
 *
 * @param terminals distinct nodes
 */
export function fastestWays(nodeCount: number, out: OutArcs, terminals: Int32Array): Ways {
  const count = terminals.length
  const seconds = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY)
  const lengthM = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY)
  const search: Search = {
    heap: minHeap(nodeCount),
    lengthM: new Float64Array(nodeCount),
    state: new Uint32Array(nodeCount),
    terminalOf: new Int32Array(nodeCount).fill(-1),
  }
  terminals.forEach((node, terminal) => {
    search.terminalOf[node] = terminal
  })
  for (let k = 0; k < count; k++) {
    searchFrom(out, search, terminals[k] as number, 2 * k + 1, count)
    const row = k * count
    for (let j = 0; j < count; j++) {
      const node = terminals[j] as number
      if (search.state[node] !== 2 * k + 2) continue
      seconds[row + j] = search.heap.keys[node] as number
      lengthM[row + j] = search.lengthM[node] as number
    }
  }
  return { seconds, lengthM }
}

interface Search {
  readonly heap: MinHeap
  readonly lengthM: Float64Array
  /** In search k: below 2k + 1 not seen, 2k + 1 in the heap, 2k + 2 settled. Saves clearing it between searches. */
  readonly state: Uint32Array
  readonly terminalOf: Int32Array
}

function searchFrom(out: OutArcs, search: Search, source: number, waiting: number, terminalCount: number): void {
  const { heap, lengthM, state, terminalOf } = search
  const settled = waiting + 1
  let missing = terminalCount
  heap.size = 0
  lengthM[source] = 0
  state[source] = waiting
  push(heap, source, 0)
  while (heap.size > 0) {
    const node = popLowest(heap)
    state[node] = settled
    if (terminalOf[node] !== -1 && --missing === 0) return
    const hereS = heap.keys[node] as number
    const hereM = lengthM[node] as number
    const end = out.first[node + 1] as number
    for (let arc = out.first[node] as number; arc < end; arc++) {
      const next = out.target[arc] as number
      const nextState = state[next] as number
      if (nextState === settled) continue
      const thereS = hereS + (out.seconds[arc] as number)
      const thereM = hereM + (out.lengthM[arc] as number)
      if (nextState !== waiting) {
        state[next] = waiting
        lengthM[next] = thereM
        push(heap, next, thereS)
        continue
      }
      const knownS = heap.keys[next] as number
      if (thereS < knownS) {
        lengthM[next] = thereM
        lower(heap, next, thereS)
      } else if (thereS === knownS && thereM < (lengthM[next] as number)) lengthM[next] = thereM
    }
  }
}
