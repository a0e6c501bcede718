import type { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { startTypescriptThread } from '../../platform/typescript-thread.ts'
import type { Place } from '../core/street-matrix.ts'
import { DistancesFault } from './distances.ts'
import type { FoundWays, SearchAnswer, StreetsSource } from './street-search-messages.ts'

/** A thread that holds the streets, started when it is first asked; a thread that died is started anew by the next. */
export interface StreetSearch {
  ways(places: readonly Place[]): Promise<{ readonly ways: FoundWays; readonly attribution: string | null }>
  close(): Promise<void>
}

/** 600 places take a fifth of a second; the largest city with the most places some seconds. */
const searchTimeoutMs = 120_000
const maxWaiting = 8

const program = new URL('./street-search-worker.ts', import.meta.url)

interface Waiting {
  readonly resolve: (found: { readonly ways: FoundWays; readonly attribution: string | null }) => void
  readonly reject: (fault: Error) => void
  readonly timer: NodeJS.Timeout
}

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
  attribution: string | null
}

export function openStreetSearch(source: StreetsSource, logger: Logger): StreetSearch {
  let thread: Thread | null = null
  let lastRequestId = 0

  const end = (ended: Thread, fault: DistancesFault): void => {
    if (thread === ended) thread = null
    for (const { reject, timer } of ended.waiting.values()) {
      clearTimeout(timer)
      reject(fault)
    }
    ended.waiting.clear()
    void ended.worker.terminate()
  }

  const hear = (from: Thread, answer: SearchAnswer): void => {
    switch (answer.kind) {
      case 'loaded':
        from.attribution = answer.attribution
        logger.info({ path: source.path, nodes: answer.nodes, loadMs: answer.loadMs }, 'streets loaded')
        return
      case 'bad_file':
        end(from, new DistancesFault('bad_file', answer.message))
        return
      case 'ways': {
        const asked = from.waiting.get(answer.requestId)
        if (asked === undefined) return
        from.waiting.delete(answer.requestId)
        clearTimeout(asked.timer)
        // A thread with nothing to do does not keep the process alive.
        if (from.waiting.size === 0) from.worker.unref()
        logger.info({ searchMs: answer.searchMs, far: answer.ways.far }, 'ways found')
        asked.resolve({ ways: answer.ways, attribution: from.attribution })
      }
    }
  }

  const start = (): Thread => {
    const started: Thread = {
      worker: startTypescriptThread(program, { workerData: source, name: 'street-search' }),
      waiting: new Map(),
      attribution: null,
    }
    started.worker.on('message', (answer: SearchAnswer) => hear(started, answer))
    started.worker.on('error', (cause) =>
      end(started, new DistancesFault('worker', `the street search failed: ${cause.message}`, cause)),
    )
    started.worker.on('exit', () => end(started, new DistancesFault('worker', 'the street search ended')))
    return started
  }

  return {
    ways: (places) =>
      new Promise((resolve, reject) => {
        thread ??= start()
        const asked = thread
        if (asked.waiting.size >= maxWaiting) {
          reject(new DistancesFault('worker', `${maxWaiting} tables are already waiting for the street search`))
          return
        }
        const requestId = ++lastRequestId
        const timer = setTimeout(
          () =>
            end(asked, new DistancesFault('worker', `the street search took more than ${searchTimeoutMs / 1000} s`)),
          searchTimeoutMs,
        )
        asked.waiting.set(requestId, { resolve, reject, timer })
        asked.worker.ref()
        asked.worker.postMessage({ requestId, places: places.map(({ lon, lat }) => ({ lon, lat })) })
      }),
    close: async () => {
      if (thread === null) return
      const { worker } = thread
      end(thread, new DistancesFault('worker', 'the street search was closed'))
      await worker.terminate()
    },
  }
}
