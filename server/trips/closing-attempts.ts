import type { LockId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { closingAttemptMs } from './core/trip-machine.ts'
import { lastRidden } from './trip-trace-store.ts'

/**
 * When a lock last tried to close and could not, in the half hour before `toMs`, as far as it has told us. Null when it
 * did not, when it was opened by us after that, or when it moved as it does under a rider: that attempt ended nothing.
 */
export async function closingAttempt(
  db: Queryable,
  lockId: LockId,
  startedAt: EpochMs,
  toMs: EpochMs,
): Promise<EpochMs | null> {
  const fromMs = epochMs(Math.max(startedAt, toMs - closingAttemptMs))
  const { rows } = await db.query<{ attempt: number | null; opened: number | null }>(
    `SELECT max(made_at) FILTER (WHERE body ->> 'to' = 'jam_close') AS attempt,
            max(made_at) FILTER (WHERE body ->> 'to' = 'unlocked' AND body ->> 'by' = 'cmd') AS opened
     FROM lock_report
     WHERE lock_id = $1 AND kind = 'evt' AND made_at >= $2 AND made_at <= $3 AND body ->> 'k' = 'bolt'`,
    [lockId, new Date(fromMs), new Date(toMs)],
  )
  const { attempt = null, opened = null } = rows[0] ?? {}
  if (attempt === null || (opened !== null && opened >= attempt)) return null
  const at = epochMs(attempt)
  const ridden = await lastRidden(db, lockId, at, toMs)
  return ridden === null || ridden <= at ? at : null
}
