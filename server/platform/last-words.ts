import type { Logger } from 'pino'

/** A reader that does not read must not hold a process that wants to end. */
const patienceMs = 1_000

/**
 * Writes what the log still holds, before the process exits. At an exit pino writes synchronously, and with a reader that is
 * gone its stream tries the same bytes for ever (sonic-boom 4.2, flushSync); a write that fails here ends that.
 */
export async function sayLastWords(logger: Logger): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, patienceMs)
    logger.flush(() => {
      clearTimeout(late)
      resolve()
    })
  })
}
