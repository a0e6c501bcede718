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

/**
 * Forgets the positions of every day that was over at `beforeMs`: whole days are dropped, which costs nothing.
 * @returns how many days were dropped
 */
export async function dropPositionsBefore(db: Database, beforeMs: EpochMs): Promise<number> {
  const firstKept = nameOfDay(Math.floor(beforeMs / dayMs))
  const { rows } = await db.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'position'::regclass AND c.relname ~ '^position_[0-9]{8}$' AND c.relname < $1`,
    [firstKept],
  )
  for (const { name } of rows) await db.query(`DROP TABLE ${name}`)
  await db.query('DELETE FROM position_other WHERE made_at < $1', [new Date(Math.floor(beforeMs / dayMs) * dayMs)])
  return rows.length
}

const startOfDay = (day: number) => new Date(day * dayMs).toISOString()
const nameOfDay = (day: number) => `position_${startOfDay(day).slice(0, 10).replaceAll('-', '')}`

async function ensureDay(db: Database, day: number): Promise<void> {
  const [from, to, name] = [startOfDay(day), startOfDay(day + 1), nameOfDay(day)]
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
