import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../server/platform/database.ts'

const recordsAtOnce = 5_000
const restLimitMs = 120_000
const lookEveryMs = 500

/** Each record once, as `lock boot sequence channel`, from the files that processes of locks have written. */
export async function readRecords(files: readonly string[]): Promise<readonly string[]> {
  const lines = (await Promise.all(files.map((path) => readFile(path, 'utf8')))).join('')
  return [...new Set(lines.split('\n').filter((line) => line !== ''))]
}

/** How many of these records the database does not have. */
export async function countMissing(db: Database, records: readonly string[]): Promise<number> {
  let missing = 0
  for (let from = 0; from < records.length; from += recordsAtOnce) {
    const some = records.slice(from, from + recordsAtOnce).map((line) => line.split(' '))
    missing += await oneNumber(
      db,
      `SELECT count(*) AS count FROM unnest($1::text[], $2::int8[], $3::int8[]) AS a (lock_id, boot_id, sequence)
        WHERE NOT EXISTS (SELECT 1 FROM lock_report r
                           WHERE (r.lock_id, r.boot_id, r.sequence) = (a.lock_id, a.boot_id, a.sequence))
          AND NOT EXISTS (SELECT 1 FROM position p
                           WHERE (p.lock_id, p.boot_id, p.sequence) = (a.lock_id, a.boot_id, a.sequence))`,
      [
        some.map(([lockId]) => lockId),
        some.map(([, boot]) => Number(boot)),
        some.map(([, , sequence]) => Number(sequence)),
      ],
    )
  }
  return missing
}

/** Records that are there more than once, as `count`. */
export const doubledRecords = `SELECT (SELECT count(*) - count(DISTINCT (lock_id, boot_id, sequence)) FROM lock_report)
            + (SELECT count(*) - count(DISTINCT (lock_id, boot_id, sequence)) FROM position) AS count`

const undecided = `SELECT (SELECT count(*) FROM lock_report WHERE applied_at IS NULL)
                        + (SELECT count(*) FROM command WHERE ended_at IS NULL) AS count`

/** Waits until every report and command is decided on, then holds the database against what locks were told. */
export async function judgeStored(db: Database, files: readonly string[]) {
  const limitMs = Date.now() + restLimitMs
  let open = await oneNumber(db, undecided)
  while (open > 0 && Date.now() < limitMs) {
    await pause(lookEveryMs)
    open = await oneNumber(db, undecided)
  }
  const records = await readRecords(files)
  const [missing, doubled] = [await countMissing(db, records), await oneNumber(db, doubledRecords)]
  return { acknowledged: records.length, missing, doubled, open }
}

async function oneNumber(db: Database, text: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await db.query<{ count: number }>(text, values)
  return Number(rows[0]?.count ?? 0)
}
