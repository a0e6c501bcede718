import type { Logger } from 'pino'

/** Something that was opened and must be closed; closed in the reverse of the order in which it was opened. */
export interface Closing {
  readonly name: string
  close(): Promise<unknown> | unknown
}

/** One part that will not close must not keep the others open. */
const patienceMs = 5_000

export async function closeAll(closing: readonly Closing[], logger: Logger): Promise<void> {
  for (const { name, close } of [...closing].reverse()) {
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, patienceMs, 'late').unref())
    try {
      const outcome = await Promise.race([Promise.resolve(close()).then(() => 'closed' as const), late])
      if (outcome === 'late') logger.warn({ name }, 'did not close in time')
    } catch (error) {
      logger.warn({ name, err: error }, 'did not close cleanly')
    }
  }
}
