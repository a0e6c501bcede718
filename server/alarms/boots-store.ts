import type { LockId } from '../../contracts/ids.ts'
import type { ResetReason } from '../../contracts/mqtt/reports.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { bootsLookedAt, type ToldBoot } from './core/boot-trouble.ts'

/** A boot is the first or second thing that a lock says in it. */
const saidWithin = 4

/** This boot of a lock and those before it, the newest first; bounded, by the unique index of reports. */
export async function lastBoots(tx: Queryable, lockId: LockId, bootId: number): Promise<readonly ToldBoot[]> {
  const ids = Array.from({ length: bootsLookedAt }, (_, back) => bootId - back).filter((id) => id >= 0)
  const { rows } = await tx.query<{ rr: ResetReason; up: number | null; made_at: number }>(
    `SELECT body->>'rr' AS rr, (body->>'up')::float8 AS up, made_at FROM lock_report
      WHERE lock_id = $1 AND boot_id = ANY($2::bigint[]) AND sequence < $3 AND kind = 'evt' AND body->>'k' = 'boot'
      ORDER BY boot_id DESC LIMIT $4`,
    [lockId, ids, saidWithin, bootsLookedAt],
  )
  return rows.map(({ rr, up, made_at }) => ({ reason: rr, upMs: up, madeAtMs: epochMs(made_at) }))
}
