import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import pino, { type Logger } from 'pino'

/** A reader that does not read must not hold a process that wants to end. */
const patienceMs = 1_000

export interface ProcessLog {
  readonly logger: Logger
  /** Writes what the log still holds, or gives it up, so that the process can exit; nothing is logged after it. */
  readonly sayLastWords: () => Promise<void>
}

/**
 * The log of a process on its standard output, a pino line each, written without waiting. At an exit pino writes the rest
 * synchronously, and with a reader that is gone or stands still its stream tries the same bytes for ever (sonic-boom 4.2,
 * flushSync), so what is left is written before, and what cannot be written is dropped.
 */
export function openProcessLog(level: string): ProcessLog {
  const output = pino.destination({ sync: false })
  return {
    logger: pino({ level, base: null }, output),
    async sayLastWords() {
      // `flush` looks only at streams that collect (sonic-boom 4.2); this is answered when all before it is out.
      const isOut = once(output, 'drain')
      output.write('')
      await Promise.race([isOut, sleep(patienceMs)]).catch(() => undefined)
      output.destroy()
    },
  }
}
