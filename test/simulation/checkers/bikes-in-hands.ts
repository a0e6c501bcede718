import type { Database } from '../../../server/platform/database.ts'
import type { Violation } from '../world/notes.ts'
import { violation } from './evidence.ts'

/** No bike is a rider's and a crew's at once, no van holds more than it can, and a bike on its way is in its own van. */
export async function bikesInHands(db: Database): Promise<readonly Violation[]> {
  const { rows } = await db.query<{ invariant: string; detail: string }>(
    `SELECT 'no-bike-in-two-hands' AS invariant, 'bike ' || bike_id AS detail FROM bike_custody JOIN trip t USING (bike_id)
      WHERE t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')
     UNION ALL
     SELECT 'no-van-over-capacity', r.van_name || ' holds ' || count(*) FROM bike_custody c JOIN van_route r USING (route_id)
      WHERE c.state = 'in_van' GROUP BY r.route_id, r.van_name, r.capacity HAVING count(*) > r.capacity
     UNION ALL
     SELECT 'a-bike-on-its-way-is-in-its-van', 'bike ' || coalesce(c.bike_id, m.bike_id)
       FROM (SELECT * FROM bike_custody WHERE state = 'in_van') c
         FULL JOIN (SELECT * FROM bike_move WHERE left_at IS NULL) m USING (bike_id)
      WHERE c.route_id IS DISTINCT FROM m.route_id`,
  )
  return rows.map(({ invariant, detail }) => violation(invariant, detail))
}
