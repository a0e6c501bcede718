import type { Logger } from 'pino'
import { assert } from '../../contracts/assert.ts'
import type { RealMs } from '../../contracts/units.ts'
import type { Clock } from './clock.ts'
import type { Database, Queryable } from './database.ts'

/** Performs one effect. A throw means: try again later. Called at least once, so receivers drop repeats by key. */
export type EffectHandler = (payload: Record<string, unknown>, attempt: number) => Promise<void>

/** Effects as rows: saved with the state that asks for them, performed after the commit, again after a crash. */
export interface Outbox {
  /** Saves an effect in the caller's transaction. Call `wake` after the commit to have it done at once. */
  put(tx: Queryable, kind: string, payload: Readonly<Record<string, unknown>>, readyAtMs?: RealMs): Promise<void>
  handle(kind: string, handler: EffectHandler): void
  /** Something was put: look soon. */
  wake(): void
  /** Performs everything that is ready now, once; returns how many effects were tried. */
  performReady(): Promise<number>
  /** Looks by itself from now on, until `stop`. */
  start(): void
  stop(): Promise<void>
}

/** Long enough for a slow provider call; after it the effect is taken by whoever looks next. */
const leaseMs = 60_000
const firstRetryMs = 500
const longestRetryMs = 60_000
const batchSize = 20
/** Catches what a crash or another process left; new effects are woken directly. */
const lookEveryMs = 1_000

export function createOutbox(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  /** Uniform in [0, 1): spreads retries. */
  readonly random: () => number
}): Outbox {
  const { db, clock, logger } = deps
  const handlers = new Map<string, EffectHandler>()
  let timer: NodeJS.Timeout | null = null
  let running: Promise<unknown> | null = null
  let again = false
  let stopped = false

  async function performReady(): Promise<number> {
    const nowMs = clock.realNowMs()
    const claimed = await db.query<{
      outbox_id: number
      kind: string
      payload: Record<string, unknown>
      attempts: number
    }>(
      `UPDATE outbox SET attempts = attempts + 1, ready_at = $2
       WHERE outbox_id IN (SELECT outbox_id FROM outbox WHERE done_at IS NULL AND ready_at <= $1
                           ORDER BY outbox_id LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING outbox_id, kind, payload, attempts`,
      [new Date(nowMs), new Date(nowMs + leaseMs), batchSize],
    )
    const inOrder = [...claimed.rows].sort((a, b) => a.outbox_id - b.outbox_id)
    await Promise.all(inOrder.map((row) => perform(row.outbox_id, row.kind, row.payload, row.attempts)))
    return inOrder.length
  }

  async function perform(id: number, kind: string, payload: Record<string, unknown>, attempt: number): Promise<void> {
    const handler = handlers.get(kind)
    assert(handler, `an effect of kind ${kind} has a handler`)
    try {
      await handler(payload, attempt)
      await db.query('UPDATE outbox SET done_at = $2 WHERE outbox_id = $1', [id, new Date(clock.realNowMs())])
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      logger.warn({ outboxId: id, kind, attempt, error: message }, 'effect failed, will be tried again')
      const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempt - 1, 10)) * (0.5 + deps.random() / 2)
      await db.query('UPDATE outbox SET ready_at = $2, last_error = $3 WHERE outbox_id = $1', [
        id,
        new Date(clock.realNowMs() + waitMs),
        message.slice(0, 500),
      ])
    }
  }

  function look(): void {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    running = performReady()
      .then((tried) => {
        if (tried === batchSize) again = true
      })
      .catch((error: unknown) => logger.error({ err: error }, 'outbox: the database did not answer, will look again'))
      .finally(() => {
        running = null
        if (again) {
          again = false
          look()
        }
      })
  }

  let started = false
  return {
    put: async (tx, kind, payload, readyAtMs) => {
      const nowMs = clock.realNowMs()
      await tx.query('INSERT INTO outbox (kind, payload, ready_at, attempts, created_at) VALUES ($1, $2, $3, 0, $4)', [
        kind,
        JSON.stringify(payload),
        new Date(readyAtMs ?? nowMs),
        new Date(nowMs),
      ])
    },
    handle: (kind, handler) => {
      assert(!handlers.has(kind), `effect kind ${kind} has one handler`)
      handlers.set(kind, handler)
    },
    wake: () => {
      if (started) look()
    },
    performReady,
    start: () => {
      started = true
      timer = setInterval(look, lookEveryMs)
      look()
    },
    stop: async () => {
      stopped = true
      if (timer) clearInterval(timer)
      await running
    },
  }
}
