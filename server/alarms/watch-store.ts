import type { AlarmSettings } from '../../contracts/http/alarms.ts'
import type { TripState } from '../../contracts/http/trips.ts'
import { asId, type BikeId, type TripId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { Anchor, WatchedTrip } from './core/alarm-rules.ts'

export async function loadAnchors(db: Queryable): Promise<ReadonlyMap<BikeId, Anchor>> {
  const { rows } = await db.query<{ bike_id: BikeId; lon: number; lat: number; accuracy_m: number; at: number }>(
    'SELECT bike_id, lon, lat, accuracy_m, at FROM bike_anchor',
  )
  return new Map(
    rows.map(({ bike_id, lon, lat, accuracy_m, at }) => [
      bike_id,
      { lon, lat, accuracyM: accuracy_m, atMs: epochMs(at) },
    ]),
  )
}

/** Where bikes were left from now on, and which ones somebody has. */
export async function saveAnchors(
  db: Queryable,
  left: readonly (Anchor & { readonly bikeId: BikeId })[],
  taken: readonly BikeId[],
): Promise<void> {
  if (taken.length > 0) await db.query('DELETE FROM bike_anchor WHERE bike_id = ANY($1)', [taken])
  if (left.length === 0) return
  await db.query(
    `INSERT INTO bike_anchor (bike_id, lon, lat, accuracy_m, at)
     SELECT bike_id, lon, lat, accuracy_m, to_timestamp(at_ms / 1000.0)
       FROM unnest($1::uuid[], $2::float8[], $3::float8[], $4::float8[], $5::int8[]) AS a (bike_id, lon, lat, accuracy_m, at_ms)
     ON CONFLICT (bike_id) DO UPDATE SET lon = excluded.lon, lat = excluded.lat, accuracy_m = excluded.accuracy_m,
       at = excluded.at`,
    [
      ...[left.map((a) => a.bikeId), left.map((a) => a.lon), left.map((a) => a.lat), left.map((a) => a.accuracyM)],
      left.map((a) => Math.round(a.atMs)),
    ],
  )
}

export interface BikeTrip extends WatchedTrip {
  readonly tripId: TripId
  readonly bikeId: BikeId
}

interface TripRow {
  readonly tripId: string
  readonly bikeId: string
  readonly state: TripState
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  readonly allowedUntilMs: number | null
  readonly wasFreeExit: boolean
  readonly apartM: number | null
}

const tripColumns = `t.trip_id AS "tripId", t.bike_id AS "bikeId", t.state, t.started_at AS "startedAtMs",
  t.ended_at AS "endedAtMs", t.allowed_until AS "allowedUntilMs", t.free_exit_reason IS NOT NULL AS "wasFreeExit",
  ST_Distance(t.start_geom::geography, t.end_geom::geography) AS "apartM"`

const tripOf = ({ tripId, bikeId, startedAtMs, endedAtMs, allowedUntilMs, ...rest }: TripRow): BikeTrip => ({
  ...rest,
  ...{ tripId: asId<TripId>(tripId), bikeId: asId<BikeId>(bikeId) },
  startedAtMs: startedAtMs === null ? null : epochMs(startedAtMs),
  endedAtMs: endedAtMs === null ? null : epochMs(endedAtMs),
  allowedUntilMs: allowedUntilMs === null ? null : epochMs(allowedUntilMs),
})

/** Rides under way that began before a moment; by the index of active trips. */
export async function ridesSince(db: Queryable, beforeMs: EpochMs, most: number): Promise<readonly BikeTrip[]> {
  const { rows } = await db.query<TripRow>(
    `SELECT ${tripColumns} FROM trip t
      WHERE t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending') AND t.started_at < $1
      ORDER BY t.started_at LIMIT $2`,
    [new Date(beforeMs), most],
  )
  return rows.map(tripOf)
}

/** The newest rides that ended of each of these bikes, newest first; by the index of a bike's trips. */
export async function lastRides(db: Queryable, bikeIds: readonly BikeId[], each: number): Promise<readonly BikeTrip[]> {
  if (bikeIds.length === 0) return []
  const { rows } = await db.query<TripRow>(
    `SELECT t.* FROM bike b, LATERAL (
       SELECT ${tripColumns} FROM trip t
        WHERE t.bike_id = b.bike_id AND t.started_at IS NOT NULL AND t.ended_at IS NOT NULL
        ORDER BY t.created_at DESC LIMIT $2) AS t
      WHERE b.bike_id = ANY($1) ORDER BY t."bikeId", t."startedAtMs" DESC`,
    [bikeIds, each],
  )
  return rows.map(tripOf)
}

export async function newestSettings(db: Queryable): Promise<unknown> {
  const { rows } = await db.query<{ settings: unknown }>(
    'SELECT settings FROM alarm_settings ORDER BY settings_id DESC LIMIT 1',
  )
  return rows[0]?.settings ?? null
}

export async function insertSettings(
  db: Queryable,
  settings: AlarmSettings,
  staffId: string,
  realAt: Date,
): Promise<void> {
  await db.query('INSERT INTO alarm_settings (settings, real_at, staff_id) VALUES ($1, $2, $3)', [
    ...[JSON.stringify(settings), realAt, staffId],
  ])
}
