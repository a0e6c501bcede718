import { present } from '../../contracts/assert.ts'
import type { Queryable } from '../platform/database.ts'
import type { NightPlan, PlannedRoute, PlannedStop } from './core/night-plan.ts'
import { takeValueOf } from './core/tonight/plan-moves.ts'
import type { VanProgress } from './core/tonight/rest-of-night.ts'
import type { PlanInputs } from './plan-store.ts'

/** A published route and how far it is. */
export interface RouteNow extends VanProgress {
  readonly routeId: string
  readonly state: 'open' | 'claimed' | 'done'
  readonly crewName: string | null
  readonly stops: number
  readonly stopsDone: number
  readonly bikesLoaded: number
  readonly bikesDelivered: number
}

/** Somebody has it, had it, or drove it: it is not to be taken from the streets. */
export const isUnderWay = (route: RouteNow): boolean =>
  route.state === 'claimed' || (route.state === 'open' && (route.touched.length > 0 || route.usable + route.broken > 0))

/** What of a plan stays as it is: what crews have begun, and all of a route that is over. */
export const progressOf = (routes: readonly RouteNow[], plan: NightPlan): VanProgress[] => [
  ...routes.filter(isUnderWay),
  ...plan.routes
    .filter(({ vanId }) => routes.some((route) => route.vanId === vanId && route.state === 'done'))
    .map(({ vanId, stops }): VanProgress => {
      return { vanId, touched: stops.map((_, i) => i), usable: 0, broken: 0, gone: [], isHome: true }
    }),
]

interface RouteRow {
  routeId: string
  vanId: string
  state: RouteNow['state']
  crewName: string | null
  stops: number
  stopsDone: number
  touched: number[]
  gone: string[]
  bikesLoaded: number
  bikesDelivered: number
  inVan: number
  inVanBroken: number
  /** What stops that have begun will still bring into the van, less what they will still take out. */
  toCome: number
  toComeBroken: number
}

/** Of a stop (`s`) where something has been done. */
const workHasBegun = `(EXISTS (SELECT 1 FROM route_bike b WHERE b.stop_id = s.stop_id AND b.state <> 'planned')
  OR EXISTS (SELECT 1 FROM bike_move m WHERE m.left_stop = s.stop_id))`
/** Of a stop (`s`) that is done, skipped or begun. */
export const stopIsTouched = `(s.state <> 'planned' OR ${workHasBegun})`
/** Of a stop that has begun and is not over. */
const begun = `s.route_id = r.route_id AND s.state = 'planned' AND ${workHasBegun}`
const stillPlanned = (isBroken: boolean): string =>
  `(SELECT count(*) FROM route_bike b JOIN route_stop s USING (stop_id)
     WHERE ${begun} AND b.state = 'planned' AND b.is_broken = ${isBroken})`

/** The routes of a plan, by van. */
export async function routesOf(db: Queryable, planId: string): Promise<RouteNow[]> {
  const { rows } = await db.query<RouteRow>(
    `SELECT r.route_id AS "routeId", r.van_id AS "vanId", r.state, c.name AS "crewName",
            (SELECT count(*) FROM route_stop s WHERE s.route_id = r.route_id) AS stops,
            (SELECT count(*) FROM route_stop s WHERE s.route_id = r.route_id AND s.state = 'done') AS "stopsDone",
            ARRAY(SELECT s.position FROM route_stop s WHERE s.route_id = r.route_id AND ${stopIsTouched}
                ORDER BY s.position) AS touched,
            ARRAY(SELECT b.bike_id::text FROM route_bike b JOIN route_stop s USING (stop_id)
                   WHERE s.route_id = r.route_id AND b.state <> 'planned') AS gone,
            (SELECT count(*) FROM bike_move m WHERE m.route_id = r.route_id) AS "bikesLoaded",
            (SELECT count(*) FROM bike_move m WHERE m.route_id = r.route_id AND m.left_at IS NOT NULL)
              AS "bikesDelivered",
            (SELECT count(*) FROM bike_custody k WHERE k.route_id = r.route_id AND k.state = 'in_van'
                AND NOT k.is_broken) AS "inVan",
            (SELECT count(*) FROM bike_custody k WHERE k.route_id = r.route_id AND k.state = 'in_van'
                AND k.is_broken) AS "inVanBroken",
            ${stillPlanned(false)} - (SELECT coalesce(sum(greatest(0, s.give - (
                SELECT count(*) FROM bike_move m WHERE m.left_stop = s.stop_id AND NOT m.is_broken))), 0)
              FROM route_stop s WHERE ${begun}) AS "toCome",
            ${stillPlanned(true)} - (SELECT coalesce(sum(greatest(0, s.give_broken - (
                SELECT count(*) FROM bike_move m WHERE m.left_stop = s.stop_id AND m.is_broken))), 0)
              FROM route_stop s WHERE ${begun}) AS "toComeBroken"
       FROM van_route r LEFT JOIN staff c ON c.staff_id = r.claimed_by
      WHERE r.plan_id = $1 ORDER BY r.van_id`,
    [planId],
  )
  return rows.map(({ inVan, inVanBroken, toCome, toComeBroken, ...route }) => ({
    ...route,
    usable: Math.max(0, inVan + toCome),
    broken: Math.max(0, inVanBroken + toComeBroken),
  }))
}

/** Holds every route of a plan, in one order, until the transaction ends: no crew takes or changes one meanwhile. */
export async function holdRoutes(tx: Queryable, planId: string): Promise<void> {
  await tx.query('SELECT 1 FROM van_route WHERE plan_id = $1 ORDER BY route_id FOR UPDATE', [planId])
}

export async function planOfRoute(db: Queryable, routeId: string): Promise<string | null> {
  const { rows } = await db.query<{ plan_id: string }>('SELECT plan_id FROM van_route WHERE route_id = $1', [routeId])
  return rows[0]?.plan_id ?? null
}

/** Vans and hotspots that routes of this night are busy with. */
export async function busyOfNight(
  db: Queryable,
  night: string,
): Promise<{ readonly vanIds: string[]; readonly placeIds: string[] }> {
  // As isUnderWay has it: what publishing would refuse must not be planned before.
  const underWay = `(r.state = 'claimed' OR (r.state = 'open' AND (
    EXISTS (SELECT 1 FROM bike_custody k WHERE k.route_id = r.route_id)
    OR EXISTS (SELECT 1 FROM route_stop s WHERE s.route_id = r.route_id AND ${stopIsTouched}))))`
  const vans = await db.query<{ id: string }>(
    `SELECT r.van_id AS id FROM van_route r JOIN night_plan p USING (plan_id) WHERE p.night = $1 AND ${underWay}`,
    [night],
  )
  const places = await db.query<{ id: string }>(
    `SELECT DISTINCT s.place_id AS id FROM route_stop s JOIN van_route r USING (route_id) JOIN night_plan p USING (plan_id)
      WHERE p.night = $1 AND s.kind = 'hotspot' AND s.state = 'planned' AND ${underWay}`,
    [night],
  )
  return { vanIds: vans.rows.map(({ id }) => id), placeIds: places.rows.map(({ id }) => id) }
}

export interface NewRoute {
  readonly routeId: string
  readonly planId: string
  readonly vanId: string
  readonly vanName: string
  readonly capacity: number
  readonly startMs: number
  readonly endMs: number
  readonly distanceM: number
}

export async function insertRoute(tx: Queryable, route: NewRoute): Promise<void> {
  await tx.query(
    `INSERT INTO van_route (route_id, plan_id, van_id, van_name, capacity, start_at, end_at, distance_m, state, revision)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 1)`,
    [
      route.routeId,
      route.planId,
      route.vanId,
      route.vanName,
      route.capacity,
      new Date(route.startMs),
      new Date(route.endMs),
      route.distanceM,
    ],
  )
}

/** Routes that nobody has touched leave the streets. */
export async function deleteRoutes(tx: Queryable, routeIds: readonly string[]): Promise<void> {
  if (routeIds.length === 0) return
  await tx.query('DELETE FROM route_bike b USING route_stop s WHERE s.stop_id = b.stop_id AND s.route_id = ANY($1)', [
    routeIds,
  ])
  await tx.query('DELETE FROM route_stop WHERE route_id = ANY($1)', [routeIds])
  // A refused act of a crew may name the route: it then stays, over.
  await tx.query(
    `DELETE FROM van_route r WHERE route_id = ANY($1)
        AND NOT EXISTS (SELECT 1 FROM crew_act a WHERE a.route_id = r.route_id)`,
    [routeIds],
  )
  await tx.query(`UPDATE van_route SET state = 'done', revision = revision + 1 WHERE route_id = ANY($1)`, [routeIds])
}

/**
 * Replaces everything that is not touched. Touched stops keep their rows and come first, in their order; the rest is
 * written anew after them. A stop at the same place keeps its id: a crew without a connection goes on with what it knows.
 */
export async function rewriteRest(
  tx: Queryable,
  inputs: PlanInputs,
  route: PlannedRoute,
  at: {
    readonly routeId: string
    readonly touched: readonly number[]
    readonly hours: Pick<NewRoute, 'startMs' | 'endMs'>
    readonly newId: () => string
  },
): Promise<void> {
  const { routeId, touched, hours } = at
  await tx.query(
    `DELETE FROM route_bike b USING route_stop s
      WHERE s.stop_id = b.stop_id AND s.route_id = $1 AND NOT s.position = ANY($2::int[])`,
    [routeId, touched],
  )
  const { rows: rewritten } = await tx.query<{ stopId: string; placeId: string }>(
    `WITH gone AS (DELETE FROM route_stop WHERE route_id = $1 AND NOT position = ANY($2::int[])
                     RETURNING stop_id, place_id, position)
     SELECT stop_id AS "stopId", place_id AS "placeId" FROM gone ORDER BY position`,
    [routeId, touched],
  )
  const idOf = (placeId: string) => {
    const i = rewritten.findIndex((stop) => stop.placeId === placeId)
    return i === -1 ? at.newId() : present(rewritten.splice(i, 1)[0], 'it was found').stopId
  }
  await tx.query(
    `UPDATE route_stop s SET position = k.place - 1
       FROM unnest($2::int[]) WITH ORDINALITY AS k (position, place) WHERE s.route_id = $1 AND s.position = k.position`,
    [routeId, touched],
  )
  const rest = route.stops.slice(touched.length)
  await insertStops(tx, inputs, rest, { routeId, from: touched.length, idOf })
  await tx.query(
    `UPDATE van_route SET distance_m = $2, start_at = $3, end_at = $4, revision = revision + 1 WHERE route_id = $1`,
    [routeId, route.distanceM, new Date(hours.startMs), new Date(hours.endMs)],
  )
}

export async function insertStops(
  tx: Queryable,
  { problem, facts }: PlanInputs,
  stops: readonly PlannedStop[],
  at: { readonly routeId: string; readonly from: number; readonly idOf: (placeId: string) => string },
): Promise<void> {
  if (stops.length === 0) return
  const rows = stops.map((stop, i) => {
    const place = present(problem.places[stop.place], 'a stop is at a place of its problem')
    const kind = present(facts.places[stop.place], 'every place has its facts').kind
    return { stop, place, kind, stopId: at.idOf(place.placeId), position: at.from + i }
  })
  const column = <T>(of: (row: (typeof rows)[number]) => T): T[] => rows.map(of)
  await tx.query(
    `INSERT INTO route_stop (stop_id, route_id, position, place_id, kind, name, geom, arrive_at, leg_m, give, give_broken,
                             value, state)
     SELECT stop_id, $1, position, place_id, kind, name, ST_SetSRID(ST_MakePoint(lon, lat), 4326), arrive_at, leg_m, give,
            give_broken, value, 'planned'
       FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[],
                   $9::timestamptz[], $10::float8[], $11::int[], $12::int[], $13::float8[])
         AS s (stop_id, position, place_id, kind, name, lon, lat, arrive_at, leg_m, give, give_broken, value)`,
    [
      at.routeId,
      column((row) => row.stopId),
      column((row) => row.position),
      column(({ place }) => place.placeId),
      column((row) => row.kind),
      column(({ place }) => place.name),
      column(({ place }) => place.lon),
      column(({ place }) => place.lat),
      column(({ stop }) => new Date(problem.zeroMs + stop.arriveS * 1_000)),
      column(({ stop }) => stop.legM),
      column(({ stop }) => stop.give),
      column(({ stop }) => stop.giveBroken),
      column(({ stop }) => stop.value),
    ],
  )
  const bikes = rows.flatMap(({ stop, stopId }) => [
    ...stop.take.map((bikeId) => ({
      stopId,
      bikeId,
      isBroken: false,
      value: takeValueOf(problem, stop.place, bikeId),
    })),
    ...stop.takeBroken.map((bikeId) => ({
      stopId,
      bikeId,
      isBroken: true,
      value: takeValueOf(problem, stop.place, bikeId),
    })),
  ])
  if (bikes.length === 0) return
  await tx.query(
    `INSERT INTO route_bike (stop_id, bike_id, is_broken, state, value, reasons)
     SELECT stop_id, bike_id, is_broken, 'planned', value, reasons::jsonb
       FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::float8[], $5::text[])
         AS b (stop_id, bike_id, is_broken, value, reasons)`,
    [
      bikes.map((bike) => bike.stopId),
      bikes.map((bike) => bike.bikeId),
      bikes.map((bike) => bike.isBroken),
      bikes.map((bike) => bike.value),
      bikes.map((bike) => JSON.stringify(facts.bikes[bike.bikeId]?.reasons ?? [])),
    ],
  )
}
