import type { Logger } from 'pino'

/** Repeats `work` with `everyMs` between the end of one run and the start of the next; a failure is logged, not fatal. */
export function everyWhile(
  name: string,
  everyMs: number,
  logger: Logger,
  work: () => Promise<unknown>,
): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let failures = 0
  const run = (): void => {
    running = work()
      .then(() => {
        failures = 0
      })
      .catch((error: unknown) => {
        failures += 1
        // The first of a series is told; an absent database does not fill the log.
        if (failures === 1) logger.error({ err: error, name }, 'a recurring step failed, it goes on')
      })
      .finally(() => {
        if (!stopped) timer = setTimeout(run, everyMs)
      })
  }
  timer = setTimeout(run, everyMs)
  return {
    stop: async () => {
      stopped = true
      if (timer) clearTimeout(timer)
      await running
    },
  }
}
