import { Session } from 'node:inspector'

/** What a process holds, bytes. */
export interface Memory {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
}

const collections = 3
const pauseMs = 500

/**
 * Prints `{"settled": {"rss": …}}`: what is held, not what was thrown away. The inspector's collection is the one that
 * V8 does when memory is short: it also moves what is left together and gives the empty pages back, which `gc()` does
 * not, so that a storm that is over would count as memory of the locks.
 */
export async function tellSettledMemory(): Promise<void> {
  const session = new Session()
  session.connect()
  for (let round = 0; round < collections; round++) {
    await new Promise<void>((resolve) => session.post('HeapProfiler.collectGarbage', () => resolve()))
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  session.disconnect()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.stdout.write(`${JSON.stringify({ settled: { rss, heapUsed, external } })}\n`)
}
