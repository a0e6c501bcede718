import type { Queryable } from '../platform/database.ts'
import { changed, inPages, type PersonalData } from '../platform/personal-data.ts'

/**
 * What a rider disputed and what we answered. What was given back stays in the books' reach without the rider, whose own
 * words go.
 */
export const personalDataOfAppeals: PersonalData = {
  export: async (db, riderId) => ({
    appeals: await inPages(async (offset, limit) => {
      const { rows } = await db.query(
        `SELECT appeal_id AS "appealId", trip_id AS "tripId", about, text, state, disputed_minor AS "disputedMinor",
                refund_minor AS "refundMinor", answer, ${iso('created_at')} AS "sentAt", ${iso('decided_at')} AS "decidedAt"
           FROM appeal WHERE rider_id = $1 ORDER BY created_at DESC, appeal_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    }),
  }),
  hindrance: async (tx, riderId) => {
    const { rowCount } = await tx.query(`SELECT 1 FROM appeal WHERE rider_id = $1 AND state = 'open' LIMIT 1`, [
      riderId,
    ])
    return rowCount > 0 ? 'erasure_appeal' : null
  },
  forget: (tx, riderId, most) =>
    changed(
      tx,
      `UPDATE appeal SET rider_id = NULL, text = '' WHERE appeal_id IN (
         SELECT appeal_id FROM appeal WHERE rider_id = $1 AND state <> 'open' LIMIT $2)`,
      [riderId, most],
    ),
}

const iso = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

/** Appeals before a moment become nobody's, up to `most` of them; how many it were. */
export const forgetAppellantsBefore = (db: Queryable, before: Date, most: number): Promise<number> =>
  changed(
    db,
    `UPDATE appeal SET rider_id = NULL, text = '' WHERE appeal_id IN (
       SELECT appeal_id FROM appeal WHERE rider_id IS NOT NULL AND created_at < $1 AND state <> 'open' LIMIT $2)`,
    [before, most],
  )
