import type { CrewBike, CrewRoute, CrewStop, RouteList, RouteSummary } from '../../contracts/http/crews.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { isDrivable } from './crew-store.ts'

/** How long after the end of its shift a route is still shown and may still be taken. */
export const routeShownAfterEndMs = 7_200_000
/** A route is shown no earlier than this before its shift. */
const routeShownBeforeStartMs = 43_200_000
const maxRoutes = 50
const maxStops = 500
const maxBikes = 2_000

/**
 * Tonight's published routes by van, what earlier plans of tonight left open, those that this crew has, and ended
 * ones of its own or of nobody whose van still holds bikes.
 */
export async function listRoutes(db: Queryable, crewId: string, nowMs: EpochMs): Promise<RouteList> {
  const { rows } = await db.query<Omit<RouteSummary, 'isMine'> & { claimed_by: string | null }>(
    `SELECT r.route_id AS "routeId", p.night, r.van_name AS "vanName", r.capacity, r.state, r.claimed_by,
            c.name AS "crewName", r.start_at AS "startsAt", r.end_at AS "endsAt", r.distance_m AS "distanceM",
            (SELECT count(*) FROM route_stop s WHERE s.route_id = r.route_id) AS stops,
            (SELECT count(*) FROM route_bike b JOIN route_stop s USING (stop_id) WHERE s.route_id = r.route_id) AS bikes
       FROM van_route r JOIN night_plan p USING (plan_id) LEFT JOIN staff c ON c.staff_id = r.claimed_by
      WHERE (${isDrivable} AND (p.state = 'published' OR r.state = 'open') AND r.end_at > $2 AND r.start_at < $3)
         OR (r.claimed_by = $1 AND r.state = 'claimed')
         OR (r.state = 'done' AND coalesce(r.claimed_by, $1) = $1 AND EXISTS (
              SELECT 1 FROM bike_custody k WHERE k.route_id = r.route_id))
      ORDER BY r.start_at DESC, r.van_name, r.route_id LIMIT $4`,
    [crewId, new Date(nowMs - routeShownAfterEndMs), new Date(nowMs + routeShownBeforeStartMs), maxRoutes],
  )
  const me = await db.query<{ name: string }>('SELECT name FROM staff WHERE staff_id = $1', [crewId])
  return {
    name: me.rows[0]?.name ?? '',
    routes: rows.map(({ claimed_by, ...route }) => ({ ...route, isMine: claimed_by === crewId })),
  }
}

interface RouteRow extends Omit<CrewRoute, 'isMine' | 'stops' | 'load' | 'depot'> {
  readonly claimed_by: string | null
  readonly depot: { readonly name: string; readonly lon: number; readonly lat: number } | null
}

/** Everything that a crew needs of a route for a night without network; null when there is none. */
export async function readCrewRoute(db: Queryable, routeId: string, crewId: string): Promise<CrewRoute | null> {
  const { rows } = await db.query<RouteRow>(
    `SELECT r.route_id AS "routeId", p.night, r.van_name AS "vanName", r.capacity, r.state, r.claimed_by,
            c.name AS "crewName", r.revision, r.start_at AS "startsAt", r.end_at AS "endsAt",
            jsonb_path_query_first(p.settings, '$.depots[*] ? (@.depotId == $id)',
                                   jsonb_build_object('id', p.depot_id)) AS depot
       FROM van_route r JOIN night_plan p USING (plan_id) LEFT JOIN staff c ON c.staff_id = r.claimed_by
      WHERE r.route_id = $1`,
    [routeId],
  )
  const row = rows[0]
  if (!row) return null
  const { claimed_by, depot, ...route } = row
  const taken = await bikesOnList(db, routeId)
  const stops = (await stopsOf(db, routeId)).map((stop) => ({
    ...stop,
    take: taken.filter((bike) => bike.stopId === stop.stopId).map(({ stopId: _, ...bike }) => bike),
  }))
  const end = stops.at(-1)
  return {
    ...route,
    isMine: claimed_by === crewId,
    depot: depot
      ? { name: depot.name, lon: depot.lon, lat: depot.lat }
      : { name: end?.name ?? route.vanName, lon: end?.lon ?? 0, lat: end?.lat ?? 0 },
    stops,
    load: [...(await bikesInVan(db, routeId))],
  }
}

async function stopsOf(db: Queryable, routeId: string): Promise<readonly Omit<CrewStop, 'take'>[]> {
  const { rows } = await db.query<Omit<CrewStop, 'take'>>(
    `SELECT s.stop_id AS "stopId", s.kind, s.name, ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat, s.arrive_at AS "arriveAt",
            s.leg_m AS "legM", s.state, s.give, s.give_broken AS "giveBroken",
            (SELECT count(*) FROM bike_move m WHERE m.route_id = s.route_id AND m.left_stop = s.stop_id
                AND NOT m.is_broken) AS given
       FROM route_stop s WHERE s.route_id = $1 ORDER BY s.position LIMIT $2`,
    [routeId, maxStops],
  )
  return rows
}

const bikeColumns = `b.bike_id AS "bikeId", b.number, b.code, l.soc AS "batteryPercent", ST_X(l.geom) AS lon,
  ST_Y(l.geom) AS lat, l.last_heard_at AS "lastHeardAt"`

async function bikesOnList(db: Queryable, routeId: string): Promise<readonly (CrewBike & { stopId: string })[]> {
  const { rows } = await db.query<CrewBike & { stopId: string }>(
    `SELECT s.stop_id AS "stopId", ${bikeColumns}, r.reasons, r.is_broken AS "isBroken", r.state
       FROM route_stop s JOIN route_bike r USING (stop_id) JOIN bike b USING (bike_id)
         LEFT JOIN bike_latest l USING (bike_id)
      WHERE s.route_id = $1 ORDER BY length(b.number), b.number LIMIT $2`,
    [routeId, maxBikes],
  )
  return rows
}

async function bikesInVan(db: Queryable, routeId: string): Promise<readonly CrewBike[]> {
  const { rows } = await db.query<CrewBike>(
    `SELECT ${bikeColumns}, k.is_broken AS "isBroken", 'loaded' AS state,
            coalesce((SELECT r.reasons FROM route_bike r JOIN route_stop s USING (stop_id)
                       WHERE r.bike_id = b.bike_id AND s.route_id = k.route_id LIMIT 1), '[]') AS reasons
       FROM bike_custody k JOIN bike b USING (bike_id) LEFT JOIN bike_latest l USING (bike_id)
      WHERE k.route_id = $1 AND k.state = 'in_van' ORDER BY k.since, b.number LIMIT $2`,
    [routeId, maxBikes],
  )
  return rows
}
