import type { Database } from '../../../server/platform/database.ts'
import type { Violation } from '../world/notes.ts'
import { violation } from './evidence.ts'

/** At most one active trip per bike and per rider, looked at after every step that wrote a trip. */
export async function oneActiveTrip(db: Database): Promise<readonly Violation[]> {
  const { rows } = await db.query<{ who: string; count: number }>(
    `WITH active AS (SELECT * FROM trip WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending'))
     SELECT 'bike ' || bike_id AS who, count(*) AS count FROM active GROUP BY bike_id HAVING count(*) > 1
     UNION ALL
     SELECT 'rider ' || rider_id, count(*) FROM active WHERE NOT rider_free GROUP BY rider_id HAVING count(*) > 1`,
  )
  return rows.map(({ who, count }) => violation('one-active-trip', `${who} has ${count}`))
}
