import type { EpochMs } from '../../contracts/units.ts'
import type { Database } from '../platform/database.ts'

const dayMs = 86_400_000
/** Records that come late fall on yesterday; under a fast city clock the days ahead pass in minutes. */
const daysBack = 1
const daysAhead = 2

/**
 * Makes the partitions of `position` for the days around now, city time. Rows of a day that went to the default
 * partition before (a lock with a wrong clock, a start after a long stop) move into it.
 */
export async function ensurePositionPartitions(db: Database, nowMs: EpochMs): Promise<void> {
  const today = Math.floor(nowMs / dayMs)
  for (let day = today - daysBack; day <= today + daysAhead; day++) await ensureDay(db, day)
}

async function ensureDay(db: Database, day: number): Promise<void> {
  const from = new Date(day * dayMs).toISOString()
  const to = new Date((day + 1) * dayMs).toISOString()
  const name = `position_${from.slice(0, 10).replaceAll('-', '')}`
  const { rows } = await db.query<{ known: boolean }>('SELECT to_regclass($1) IS NOT NULL AS known', [name])
  if (rows[0]?.known) return
  await db.transaction(async (tx) => {
    await tx.query(`CREATE TABLE ${name} (LIKE position INCLUDING DEFAULTS)`)
    await tx.query(
      `WITH moved AS (DELETE FROM position_other WHERE made_at >= $1 AND made_at < $2 RETURNING *)
       INSERT INTO ${name} SELECT * FROM moved`,
      [from, to],
    )
    await tx.query(`ALTER TABLE position ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`)
  })
}
