import type { Queryable } from '../platform/database.ts'
import type { HalfHourCount } from '../rebalancing/core/demand/demand-history.ts'

/** A half hour of a cell as the forecast wants it, and how often somebody looked there. */
export interface DemandRow extends HalfHourCount {
  readonly searches: number
}

/** What was counted on these local days (`YYYY-MM-DD`, both included), by cell, day and half hour. */
export async function demandHistory(
  db: Queryable,
  days: { readonly fromDay: string; readonly toDay: string },
): Promise<readonly DemandRow[]> {
  const { rows } = await db.query<DemandRow>(
    `SELECT cell, local_day AS date, slot::int, pickups, dropoffs AS returns, searches, unmet,
            empty_minutes::float8 AS "emptyMinutes"
       FROM demand_count WHERE local_day BETWEEN $1 AND $2 ORDER BY cell, local_day, slot`,
    [days.fromDay, days.toDay],
  )
  return rows
}
