import { setTimeout as pause } from 'node:timers/promises'
import { maxAttempts, type OneOffHandler, type OneOffJobs, retryDelayMs } from './queue.ts'

export interface InProcessJobs extends OneOffJobs {
  /** Waits for everything that was added. */
  idle(): Promise<void>
  /** Waits for the run that has begun; what is still to come is forgotten. */
  close(): Promise<void>
}

/**
 * The same promise as a queue’s `once`, for a process that has no job store: one at a time, tried again, forgotten.
 * @param firstRetryMs the pause before the second try; it doubles
 */
export function inProcessJobs(
  onFailure: (key: string, error: Error, attempt: number) => void,
  handler: OneOffHandler,
  firstRetryMs = retryDelayMs,
): InProcessJobs {
  const known = new Set<string>()
  const closing = new AbortController()
  let last: Promise<void> = Promise.resolve()

  async function run(key: string): Promise<void> {
    for (let attempt = 1; attempt <= maxAttempts && !closing.signal.aborted; attempt++) {
      try {
        await handler(key, { attempt, isLast: attempt === maxAttempts, progress: async () => undefined })
        break
      } catch (error) {
        onFailure(key, error as Error, attempt)
        if (attempt === maxAttempts) break
        await pause(firstRetryMs * 2 ** (attempt - 1), null, { signal: closing.signal }).catch(() => null)
      }
    }
    known.delete(key)
  }

  return {
    add: async (key) => {
      if (known.has(key) || closing.signal.aborted) return
      known.add(key)
      last = last.then(() => run(key))
    },
    idle: () => last,
    close: async () => {
      closing.abort()
      await last
    },
  }
}
