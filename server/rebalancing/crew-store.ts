import type { CrewAct, CrewActResult, CrewBike, CrewStop } from '../../contracts/http/crews.ts'
import type { BikeId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { BikeFacts, CrewAlarm, RouteFacts, StopFacts } from './core/crew-machine.ts'

/** Holds the route until the transaction ends: its acts come one after the other. False when there is none. */
export async function holdRoute(tx: Queryable, routeId: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM van_route WHERE route_id = $1 FOR UPDATE', [routeId])
  return rowCount > 0
}

/**
 * Of a route `r` of a plan `p`: it may be driven. Of an earlier plan only while no newer one sends out its van: what a
 * crew had under way when the newer plan came is handed over like any other route.
 */
export const isDrivable = `(p.state = 'published' OR p.state = 'superseded' AND NOT EXISTS (
  SELECT 1 FROM van_route n JOIN night_plan q USING (plan_id)
   WHERE q.night = p.night AND q.published_at > p.published_at AND n.van_id = r.van_id))`

export interface StoredRoute extends Omit<RouteFacts, 'waiting'> {
  readonly isDrivable: boolean
  readonly claimedAtMs: EpochMs | null
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  readonly stop: (StopFacts & Position) | null
  /** The act of this id, when it has arrived before. */
  readonly earlier:
    | (Pick<CrewActResult, 'code' | 'by'> & { readonly crewId: string; readonly outcome: 'applied' | 'refused' })
    | null
}

interface RouteRow {
  route_id: string
  state: RouteFacts['state']
  claimed_by: string | null
  name: string | null
  capacity: number
  is_drivable: boolean
  claimed_at: number | null
  start_at: number
  end_at: number
  load: number
  stop_id: string | null
  kind: CrewStop['kind']
  stop_state: CrewStop['state']
  give: number
  given: number
  lon: number
  lat: number
  act_crew: string | null
  outcome: 'applied' | 'refused'
  code: string | null
  by_name: string | null
}

/** A route that exists, with the stop and the act that are asked for where there are such. */
export async function readRoute(
  tx: Queryable,
  routeId: string,
  asked: { readonly stopId: string | null; readonly actId: string },
): Promise<StoredRoute | null> {
  const { rows } = await tx.query<RouteRow>(
    `SELECT r.route_id, r.state, r.claimed_by, c.name, r.capacity, ${isDrivable} AS is_drivable, r.claimed_at,
            r.start_at, r.end_at, s.stop_id, s.kind, s.state AS stop_state, s.give, ST_X(s.geom) AS lon,
            ST_Y(s.geom) AS lat,
            (SELECT count(*) FROM bike_custody k WHERE k.route_id = r.route_id AND k.state = 'in_van') AS load,
            (SELECT count(*) FROM bike_move m WHERE m.route_id = r.route_id AND m.left_stop = s.stop_id
                AND NOT m.is_broken) AS given,
            a.crew_id AS act_crew, a.outcome, a.code, a.by_name
       FROM van_route r JOIN night_plan p USING (plan_id) LEFT JOIN staff c ON c.staff_id = r.claimed_by
         LEFT JOIN route_stop s ON s.route_id = r.route_id AND s.stop_id = $2
         LEFT JOIN crew_act a ON a.act_id = $3
      WHERE r.route_id = $1`,
    [routeId, asked.stopId, asked.actId],
  )
  const row = rows[0]
  if (!row) return null
  return {
    routeId: row.route_id,
    state: row.state,
    crewId: row.claimed_by,
    crewName: row.name,
    capacity: row.capacity,
    load: row.load,
    isDrivable: row.is_drivable,
    claimedAtMs: row.claimed_at === null ? null : epochMs(row.claimed_at),
    startMs: epochMs(row.start_at),
    endMs: epochMs(row.end_at),
    stop:
      row.stop_id === null
        ? null
        : {
            ...{ stopId: row.stop_id, kind: row.kind, state: row.stop_state },
            ...{ give: row.give, given: row.given, lon: row.lon, lat: row.lat },
          },
    earlier:
      row.act_crew === null ? null : { crewId: row.act_crew, outcome: row.outcome, code: row.code, by: row.by_name },
  }
}

/** Bikes that are kept for a route and not in its van yet; of one stop, those on its list. */
export async function waitingBikes(tx: Queryable, routeId: string, stopId: string | null): Promise<readonly string[]> {
  const { rows } = await tx.query<{ bike_id: string }>(
    `SELECT k.bike_id FROM bike_custody k WHERE k.route_id = $1 AND k.state = 'claimed'
        AND ($2::uuid IS NULL OR EXISTS (SELECT 1 FROM route_bike b WHERE b.bike_id = k.bike_id AND b.stop_id = $2
                                            AND b.state = 'planned'))
      ORDER BY k.bike_id`,
    [routeId, stopId],
  )
  return rows.map((row) => row.bike_id)
}

/** By the number on the bike, or the code of its sticker. */
export async function findBike(tx: Queryable, numberOrCode: string): Promise<BikeId | null> {
  const { rows } = await tx.query<{ bike_id: BikeId }>(
    'SELECT bike_id FROM bike WHERE number = $1 OR code = $1 ORDER BY (number = $1) DESC LIMIT 1',
    [numberOrCode],
  )
  return rows[0]?.bike_id ?? null
}

/** What is known of a bike besides who has it: its place on this route's list, open reports, the keeper's name. */
export async function readBike(
  tx: Queryable,
  bikeId: BikeId,
  routeId: string,
  keeperRouteId: string | null,
): Promise<Pick<BikeFacts, 'listed' | 'reported'> & { readonly routeIsOver: boolean; readonly by: string }> {
  const { rows } = await tx.query<{
    is_over: boolean | null
    keeper: string | null
    stop_id: string | null
    state: CrewBike['state']
    is_broken: boolean
    reported: CrewAlarm[]
  }>(
    `SELECT k.state = 'done' AS is_over, coalesce(c.name, k.van_name) AS keeper, l.stop_id, l.state, l.is_broken,
            ARRAY(SELECT a.kind FROM alarm a WHERE a.bike_id = $1 AND a.state <> 'resolved'
                     AND a.kind IN ('not_found', 'blocked', 'broken')) AS reported
       FROM (SELECT) AS one LEFT JOIN van_route k ON k.route_id = $3 LEFT JOIN staff c ON c.staff_id = k.claimed_by
         LEFT JOIN LATERAL (
           SELECT b.stop_id, b.state, b.is_broken FROM route_bike b JOIN route_stop s USING (stop_id)
            WHERE b.bike_id = $1 AND s.route_id = $2 ORDER BY (b.state IN ('planned', 'loaded')) DESC, s.position
            LIMIT 1) AS l ON true`,
    [bikeId, routeId, keeperRouteId],
  )
  const row = rows[0]
  return {
    routeIsOver: row?.is_over ?? false,
    by: row?.keeper ?? '',
    listed: row?.stop_id == null ? null : { stopId: row.stop_id, state: row.state, isBroken: row.is_broken },
    reported: row?.reported ?? [],
  }
}

/** An act as it arrived and what came of it. Throws a unique violation when another of its id came first. */
export async function insertAct(
  tx: Queryable,
  act: Pick<CrewAct, 'actId' | 'routeId'> & { readonly crewId: string; readonly body: object },
  when: { readonly actedAtMs: EpochMs; readonly receivedAtMs: EpochMs; readonly place: Position | null },
  outcome: { readonly kind: 'applied' | 'refused'; readonly code: string | null; readonly by: string | null },
): Promise<void> {
  await tx.query(
    `INSERT INTO crew_act (act_id, crew_id, route_id, body, acted_at, received_at, geom, outcome, code, by_name)
     VALUES ($1, $2, $3, $4, $5, $6, ST_SetSRID(ST_MakePoint($7, $8), 4326), $9, $10, $11)`,
    [
      act.actId,
      act.crewId,
      act.routeId,
      JSON.stringify(act.body),
      new Date(when.actedAtMs),
      new Date(when.receivedAtMs),
      when.place?.lon ?? null,
      when.place?.lat ?? null,
      outcome.kind,
      outcome.code,
      outcome.by,
    ],
  )
}

/** Puts a bike on a stop's list, or changes how it stands there. */
export async function listBike(
  tx: Queryable,
  bikeId: BikeId,
  entry: { readonly stopId: string; readonly state: CrewBike['state']; readonly isBroken: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO route_bike (stop_id, bike_id, is_broken, state, value, reasons) VALUES ($1, $2, $3, $4, 0, '[]')
     ON CONFLICT (stop_id, bike_id) DO UPDATE SET state = excluded.state, is_broken = excluded.is_broken`,
    [entry.stopId, bikeId, entry.isBroken, entry.state],
  )
}

/** A bike's way in a van begins; one that another van left unended is over. */
export async function beginMove(
  tx: Queryable,
  move: { readonly bikeId: BikeId; readonly routeId: string; readonly isBroken: boolean },
  atMs: EpochMs,
  place: Position | null,
): Promise<void> {
  const at = new Date(atMs)
  await tx.query('UPDATE bike_move SET left_at = greatest(taken_at, $2) WHERE bike_id = $1 AND left_at IS NULL', [
    move.bikeId,
    at,
  ])
  await tx.query(
    `INSERT INTO bike_move (bike_id, route_id, taken_at, taken_geom, is_broken)
     VALUES ($1, $2, $3, coalesce(ST_SetSRID(ST_MakePoint($4, $5), 4326),
                                  (SELECT geom FROM bike_latest WHERE bike_id = $1)), $6)`,
    [move.bikeId, move.routeId, at, place?.lon ?? null, place?.lat ?? null, move.isBroken],
  )
}

export async function markMoveBroken(tx: Queryable, bikeId: BikeId): Promise<void> {
  await tx.query('UPDATE bike_move SET is_broken = true WHERE bike_id = $1 AND left_at IS NULL', [bikeId])
}

export async function endMove(
  tx: Queryable,
  bikeId: BikeId,
  end: { readonly stopId: string | null; readonly atMs: EpochMs; readonly place: Position | null },
): Promise<void> {
  await tx.query(
    `UPDATE bike_move SET left_at = greatest(taken_at, $2), left_stop = $3,
            left_geom = ST_SetSRID(ST_MakePoint($4, $5), 4326)
      WHERE bike_id = $1 AND left_at IS NULL`,
    [bikeId, new Date(end.atMs), end.stopId, end.place?.lon ?? null, end.place?.lat ?? null],
  )
}

/** What the crew said when it found the bike broken, told again when it stands in the workshop. */
export async function saidWhenBroken(
  tx: Queryable,
  bikeId: BikeId,
  routeId: string,
): Promise<{ readonly note?: string; readonly photoId?: string }> {
  const { rows } = await tx.query<{ note: string | null; photo_id: string | null }>(
    `SELECT body ->> 'note' AS note, body ->> 'photoId' AS photo_id FROM crew_act
      WHERE route_id = $2 AND body ->> 'act' = 'broken' AND body ->> 'bikeId' = $1::text AND outcome = 'applied'
      ORDER BY received_at DESC LIMIT 1`,
    [bikeId, routeId],
  )
  const said = rows[0]
  return { ...(said?.note ? { note: said.note } : {}), ...(said?.photo_id ? { photoId: said.photo_id } : {}) }
}

export async function endStop(
  tx: Queryable,
  stopId: string,
  as: 'done' | 'skipped',
  reason: string | null,
  atMs: EpochMs,
): Promise<void> {
  await tx.query('UPDATE route_stop SET state = $2, skip_reason = $3, ended_at = $4 WHERE stop_id = $1', [
    stopId,
    as,
    reason,
    new Date(atMs),
  ])
}

/** Throws a unique violation (`van_route_one_per_crew`) when this crew has another route. */
export async function giveRoute(tx: Queryable, routeId: string, crewId: string, atMs: EpochMs): Promise<void> {
  await tx.query(
    `UPDATE van_route SET state = 'claimed', claimed_by = $2, claimed_at = $3, revision = revision + 1
      WHERE route_id = $1`,
    [routeId, crewId, new Date(atMs)],
  )
}

export async function openRoute(tx: Queryable, routeId: string): Promise<void> {
  await tx.query(
    `UPDATE van_route SET state = 'open', claimed_by = NULL, claimed_at = NULL, revision = revision + 1
      WHERE route_id = $1`,
    [routeId],
  )
}

export async function endRoute(tx: Queryable, routeId: string, atMs: EpochMs): Promise<void> {
  await tx.query(
    `UPDATE van_route SET state = 'done', ended_at = $2, revision = revision + 1 WHERE route_id = $1 AND state <> 'done'`,
    [routeId, new Date(atMs)],
  )
}

export async function readRouteState(tx: Queryable, routeId: string): Promise<RouteFacts['state'] | null> {
  const { rows } = await tx.query<{ state: RouteFacts['state'] }>('SELECT state FROM van_route WHERE route_id = $1', [
    routeId,
  ])
  return rows[0]?.state ?? null
}

/** The route whose crew has the bike, now or until it ended. */
export async function keeperRoute(tx: Queryable, bikeId: BikeId): Promise<string | null> {
  const { rows } = await tx.query<{ route_id: string }>('SELECT route_id FROM bike_custody WHERE bike_id = $1', [
    bikeId,
  ])
  return rows[0]?.route_id ?? null
}

/** A route has nothing more to do with a bike, and its crew's phone is told. */
export async function leaveOnList(tx: Queryable, bikeId: BikeId, routeId: string): Promise<void> {
  await tx.query(
    `UPDATE route_bike b SET state = 'left' FROM route_stop s
      WHERE s.stop_id = b.stop_id AND s.route_id = $2 AND b.bike_id = $1 AND b.state IN ('planned', 'loaded')`,
    [bikeId, routeId],
  )
  await tx.query('UPDATE van_route SET revision = revision + 1 WHERE route_id = $1', [routeId])
}

/** Bikes that stops which are still to come will take. */
export async function plannedBikes(
  tx: Queryable,
  routeId: string,
): Promise<readonly { readonly bikeId: string; readonly isBroken: boolean }[]> {
  const { rows } = await tx.query<{ bikeId: string; isBroken: boolean }>(
    `SELECT b.bike_id AS "bikeId", bool_or(b.is_broken) AS "isBroken" FROM route_bike b JOIN route_stop s USING (stop_id)
      WHERE s.route_id = $1 AND s.state = 'planned' AND b.state = 'planned' GROUP BY b.bike_id ORDER BY b.bike_id`,
    [routeId],
  )
  return rows
}

/** Strikes bikes off a route's list that it cannot take. */
export async function strikeOff(tx: Queryable, routeId: string, bikeIds: readonly string[]): Promise<void> {
  if (bikeIds.length === 0) return
  await tx.query(
    `DELETE FROM route_bike b USING route_stop s
      WHERE s.stop_id = b.stop_id AND s.route_id = $1 AND b.state = 'planned' AND b.bike_id = ANY($2)`,
    [routeId, bikeIds],
  )
}

/** The lock of a bike that this crew may make ring: on the list of its route, or in its van. */
export async function lockToRing(db: Queryable, number: string, crewId: string) {
  const { rows } = await db.query<{ bike_id: BikeId; lock_id: string; is_theirs: boolean }>(
    `SELECT b.bike_id, b.lock_id,
            EXISTS (SELECT 1 FROM van_route r WHERE r.claimed_by = $2 AND r.state = 'claimed' AND (
                      EXISTS (SELECT 1 FROM bike_custody k WHERE k.bike_id = b.bike_id AND k.route_id = r.route_id)
                      OR EXISTS (SELECT 1 FROM route_bike l JOIN route_stop s USING (stop_id)
                                  WHERE l.bike_id = b.bike_id AND s.route_id = r.route_id))) AS is_theirs
       FROM bike b WHERE b.number = $1`,
    [number, crewId],
  )
  return rows[0] ?? null
}
