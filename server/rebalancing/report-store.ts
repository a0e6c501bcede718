import type { MorningReport, ReportList } from '../../contracts/http/nights.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { RouteResult } from './core/tonight/morning-report.ts'

/** One for each night and depot; `upToMs` is when crews' acts were last looked at, `madeAt` when the morning was seen. */
export async function saveReport(db: Queryable, report: MorningReport, upToMs: EpochMs): Promise<void> {
  await db.query(
    `INSERT INTO morning_report (night, depot_id, body, made_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (night, depot_id) DO UPDATE SET body = excluded.body, made_at = excluded.made_at`,
    [report.night, report.depotId, JSON.stringify(report), new Date(upToMs)],
  )
}

/** Whether there is no report, or crews have told something of that night since. */
export async function isReportBehind(db: Queryable, night: string, depotId: string): Promise<boolean> {
  const { rows } = await db.query<{ is_up_to_date: boolean }>(
    `SELECT NOT EXISTS (
              SELECT 1 FROM night_plan p JOIN van_route r USING (plan_id) JOIN crew_act a USING (route_id)
               WHERE p.night = m.night AND p.depot_id = m.depot_id AND a.outcome = 'applied'
                 AND a.received_at >= m.made_at) AS is_up_to_date
       FROM morning_report m WHERE m.night = $1 AND m.depot_id = $2`,
    [night, depotId],
  )
  return rows[0]?.is_up_to_date !== true
}

export async function readReport(db: Queryable, night: string, depotId: string | null): Promise<MorningReport | null> {
  const { rows } = await db.query<{ body: MorningReport }>(
    `SELECT body FROM morning_report WHERE night = $1 AND ($2::text IS NULL OR depot_id = $2) ORDER BY depot_id LIMIT 1`,
    [night, depotId],
  )
  return rows[0]?.body ?? null
}

export async function listReports(db: Queryable, limit: number): Promise<ReportList['reports']> {
  const { rows } = await db.query<{ night: string; depotId: string; madeAt: EpochMs; bikesMoved: number }>(
    `SELECT night, depot_id AS "depotId", (body ->> 'madeAt')::float8 AS "madeAt", (body -> 'bikes' ->> 'moved')::int AS "bikesMoved"
       FROM morning_report ORDER BY night DESC, depot_id LIMIT $1`,
    [limit],
  )
  return rows
}

/** What became of a route, and which it was. */
export interface DrivenRoute extends RouteResult {
  readonly routeId: string
  readonly planId: string
}

/** The routes of a night and depot: those of the plan that counts, and those that crews had from an earlier one. */
export async function drivenRoutes(
  db: Queryable,
  night: string,
  depotId: string,
  planId: string | null,
): Promise<DrivenRoute[]> {
  const { rows } = await db.query<DrivenRoute>(
    `SELECT r.route_id AS "routeId", r.plan_id AS "planId", r.van_name AS "vanName", c.name AS "crewName",
            r.distance_m AS "plannedM", r.claimed_at AS "claimedAt", r.ended_at AS "endedAt",
            (SELECT count(*) FROM route_stop s WHERE s.route_id = r.route_id) AS "stopsPlanned",
            (SELECT count(*) FROM route_stop s WHERE s.route_id = r.route_id AND s.state = 'done') AS "stopsDone",
            (SELECT count(*) FROM route_bike b JOIN route_stop s USING (stop_id) WHERE s.route_id = r.route_id
                AND b.reasons <> '[]') AS "bikesPlanned",
            (SELECT count(*) FROM route_bike b JOIN route_stop s USING (stop_id)
              WHERE s.route_id = r.route_id AND b.state = 'not_found') AS "notFound",
            (SELECT count(*) FROM route_bike b JOIN route_stop s USING (stop_id)
              WHERE s.route_id = r.route_id AND b.state = 'blocked') AS blocked,
            (SELECT count(*) FROM bike_move m WHERE m.route_id = r.route_id AND m.left_at IS NOT NULL) AS "bikesMoved",
            (SELECT count(*) FROM bike_move m WHERE m.route_id = r.route_id AND m.left_at IS NOT NULL AND m.is_broken)
              AS "toWorkshop",
            (SELECT count(*) FROM bike_move m WHERE m.route_id = r.route_id AND m.left_at IS NULL) AS "stillInVan",
            (SELECT max(a.acted_at) FROM crew_act a WHERE a.route_id = r.route_id AND a.outcome = 'applied')
              AS "lastActAt",
            (SELECT coalesce(json_agg(json_build_array(ST_X(a.geom), ST_Y(a.geom)) ORDER BY a.acted_at, a.received_at), '[]')
               FROM crew_act a WHERE a.route_id = r.route_id AND a.outcome = 'applied' AND a.geom IS NOT NULL
                AND a.body ->> 'act' IN ('finish_stop', 'skip_stop')) AS places
       FROM van_route r JOIN night_plan p USING (plan_id) LEFT JOIN staff c ON c.staff_id = coalesce(r.claimed_by, (
              SELECT a.crew_id FROM crew_act a WHERE a.route_id = r.route_id AND a.outcome = 'applied'
               ORDER BY a.received_at DESC LIMIT 1))
      WHERE p.night = $1 AND p.depot_id = $2 AND (r.plan_id = $3 OR r.claimed_by IS NOT NULL
         OR EXISTS (SELECT 1 FROM crew_act a WHERE a.route_id = r.route_id AND a.outcome = 'applied'))
      ORDER BY r.van_name, r.route_id`,
    [night, depotId, planId],
  )
  return rows
}

export interface DrivenMove {
  readonly bikeId: string
  /** The place that it was put down at; null where that was no stop of the route. */
  readonly placeId: string | null
  readonly isBroken: boolean
  /** What taking it was planned to win; null for a bike that was found on the way. */
  readonly takeValue: number | null
}

/** Bikes that were taken and put down on these routes. */
export async function drivenMoves(db: Queryable, routeIds: readonly string[]): Promise<DrivenMove[]> {
  const { rows } = await db.query<DrivenMove>(
    `SELECT m.bike_id AS "bikeId", s.place_id AS "placeId", m.is_broken AS "isBroken",
            (SELECT b.value FROM route_bike b JOIN route_stop t USING (stop_id)
              WHERE t.route_id = m.route_id AND b.bike_id = m.bike_id LIMIT 1) AS "takeValue"
       FROM bike_move m LEFT JOIN route_stop s ON s.stop_id = m.left_stop
      WHERE m.route_id = ANY($1) AND m.left_at IS NOT NULL ORDER BY m.left_at`,
    [routeIds],
  )
  return rows
}
