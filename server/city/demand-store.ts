import type { Queryable } from '../platform/database.ts'
import type { HalfHour } from '../rebalancing/core/demand/local-half-hour.ts'

/** What is added to one cell and half hour. */
export interface DemandSum extends HalfHour {
  readonly cell: string
  readonly pickups: number
  readonly dropoffs: number
  readonly searches: number
  readonly unmet: number
  /** Scans of a bike that could not be taken. */
  readonly failedScans: number
  readonly emptyMinutes: number
}

/** One statement for all of them; each cell and half hour at most once. */
export async function addDemand(db: Queryable, sums: readonly DemandSum[]): Promise<void> {
  const column = <T>(value: (sum: DemandSum) => T): T[] => sums.map(value)
  await db.query(
    `INSERT INTO demand_count AS d (cell, local_day, slot, pickups, dropoffs, searches, unmet, empty_minutes,
                                   failed_scans)
     SELECT * FROM unnest($1::text[], $2::date[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::int[], $8::real[],
                          $9::int[])
     ON CONFLICT (cell, local_day, slot) DO UPDATE SET
       pickups = d.pickups + excluded.pickups, dropoffs = d.dropoffs + excluded.dropoffs,
       searches = d.searches + excluded.searches, unmet = d.unmet + excluded.unmet,
       empty_minutes = least(30, d.empty_minutes + excluded.empty_minutes),
       failed_scans = d.failed_scans + excluded.failed_scans`,
    [
      column(({ cell }) => cell),
      column(({ date }) => date),
      column(({ slot }) => slot),
      column(({ pickups }) => pickups),
      column(({ dropoffs }) => dropoffs),
      column(({ searches }) => searches),
      column(({ unmet }) => unmet),
      column(({ emptyMinutes }) => Math.min(30, emptyMinutes)),
      column(({ failedScans }) => failedScans),
    ],
  )
}

/** Cells in which anybody took, left or looked for a bike since a local day. */
export async function busyCells(db: Queryable, fromDay: string, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ cell: string }>(
    `SELECT cell FROM demand_count WHERE local_day >= $1 AND pickups + dropoffs + searches > 0
      GROUP BY cell ORDER BY sum(pickups + dropoffs + searches) DESC, cell LIMIT $2`,
    [fromDay, most],
  )
  return rows.map(({ cell }) => cell)
}

/** Both half hours included. */
const between = '(local_day, slot) >= ($1::date, $2::smallint) AND (local_day, slot) <= ($3::date, $4::smallint)'

export type CellSum = Omit<DemandSum, 'date' | 'slot' | 'failedScans'>

export async function cellSums(db: Queryable, from: HalfHour, to: HalfHour, most: number): Promise<readonly CellSum[]> {
  const { rows } = await db.query<CellSum>(
    `SELECT cell, sum(pickups) AS pickups, sum(dropoffs) AS dropoffs, sum(searches) AS searches, sum(unmet) AS unmet,
            sum(empty_minutes::float8) AS "emptyMinutes"
       FROM demand_count WHERE ${between} GROUP BY cell ORDER BY cell LIMIT $5`,
    [from.date, from.slot, to.date, to.slot, most],
  )
  return rows
}

export async function searchSum(
  db: Queryable,
  from: HalfHour,
  to: HalfHour,
): Promise<{ readonly searches: number; readonly unmet: number }> {
  const { rows } = await db.query<{ searches: number; unmet: number }>(
    `SELECT coalesce(sum(searches), 0) AS searches, coalesce(sum(unmet), 0) AS unmet FROM demand_count WHERE ${between}`,
    [from.date, from.slot, to.date, to.slot],
  )
  return rows[0] ?? { searches: 0, unmet: 0 }
}
