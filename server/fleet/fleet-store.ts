import type { BikeDetails } from '../../contracts/http/staff.ts'
import type { TripState } from '../../contracts/http/trips.ts'
import type { BikeCode, BikeId, BikeNumber, LockId } from '../../contracts/ids.ts'
import type { BoltState } from '../../contracts/mqtt/reports.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { CustodyState } from './core/bike-state.ts'
import { heartbeatOf, type LockShadow, type ToldOfItself, unheardLock, untold } from './core/lock-shadow.ts'

export interface StoredBike {
  readonly slot: number
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly number: BikeNumber
  readonly code: BikeCode
  readonly model: string
  readonly inService: boolean
  readonly shadow: LockShadow
}

interface BikeRow {
  readonly slot: number
  readonly bike_id: BikeId
  readonly lock_id: LockId
  readonly number: BikeNumber
  readonly code: BikeCode
  readonly model: string
  readonly in_service: boolean
  readonly lon: number | null
  readonly lat: number | null
  readonly accuracy_m: number | null
  readonly heading_deg: number | null
  readonly soc: number | null
  readonly bolt: BoltState | null
  readonly boot_id: number | null
  readonly firmware: string | null
  readonly last_heard_at: number | null
  readonly told: Kept | null
}

/** The rest of a shadow that outlives a restart: what it told of itself, and how new what we believe is. */
interface Kept extends Partial<ToldOfItself> {
  readonly stateUptimeMs?: number
  readonly place?: { readonly bootId: number; readonly uptimeMs: number }
  readonly keyVersion?: number
}

/** Every bike with the newest that was written of it, in the order of their numbers; or the one of a lock. */
export async function loadBikes(db: Queryable, lockId: LockId | null = null): Promise<readonly StoredBike[]> {
  const { rows } = await db.query<BikeRow>(
    `SELECT b.slot, b.bike_id, b.lock_id, b.number, b.code, b.model, b.in_service, ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat,
            l.accuracy_m, l.heading_deg, l.soc, l.bolt, l.boot_id, l.firmware, l.last_heard_at, l.told
       FROM bike b LEFT JOIN bike_latest l USING (bike_id)
      WHERE $1::text IS NULL OR b.lock_id = $1 ORDER BY length(b.number), b.number`,
    [lockId],
  )
  return rows.map((row) => ({
    slot: row.slot,
    bikeId: row.bike_id,
    lockId: row.lock_id,
    number: row.number,
    code: row.code,
    model: row.model,
    inService: row.in_service,
    shadow: shadowOf(row),
  }))
}

/**
 * Without stamps: a command needs a fresh one, which the lock's next word brings. How new bolt and place are is kept, so
 * that an old record which comes after a restart of the platform does not undo them.
 */
function shadowOf(row: BikeRow): LockShadow {
  const { lon, lat } = row
  const {
    stateUptimeMs = -1,
    place = { bootId: row.boot_id ?? -1, uptimeMs: -1 },
    keyVersion,
    ...told
  } = row.told ?? {}
  const fix = { accuracyM: row.accuracy_m, headingDeg: row.heading_deg, speedMps: null }
  return {
    ...unheardLock,
    bootId: row.boot_id,
    stateUptimeMs,
    keyVersion: keyVersion ?? null,
    told: { ...untold, ...told },
    bolt: row.bolt,
    soc: row.soc,
    position: lon === null || lat === null ? null : { lon, lat, ...fix, ...place },
    firmware: row.firmware,
    lastHeardAtMs: row.last_heard_at === null ? null : epochMs(row.last_heard_at),
  }
}

export async function activeTrips(db: Queryable): Promise<ReadonlyMap<BikeId, TripState>> {
  const { rows } = await db.query<{ bike_id: BikeId; state: TripState }>(
    `SELECT bike_id, state FROM trip WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`,
  )
  return new Map(rows.map((row) => [row.bike_id, row.state]))
}

/** What others decide about bikes: alarms that block them, who is out of service, and whom crews have. */
export async function loadFlags(db: Queryable) {
  const alarms = await db.query<{ bike_id: BikeId; blocking: number; urgent: number }>(
    `SELECT bike_id, count(*) FILTER (WHERE blocks_rental) AS blocking, count(*) FILTER (WHERE severity = 'urgent') AS urgent
       FROM alarm WHERE state <> 'resolved' AND (blocks_rental OR severity = 'urgent') GROUP BY bike_id`,
  )
  const resting = await db.query<{ bike_id: BikeId }>('SELECT bike_id FROM bike WHERE NOT in_service')
  const kept = await db.query<{ bike_id: BikeId; state: CustodyState }>('SELECT bike_id, state FROM bike_custody')
  return {
    custody: new Map(kept.rows.map((row) => [row.bike_id, row.state])),
    alarms: new Map(alarms.rows.map(({ bike_id, blocking, urgent }) => [bike_id, { blocking, urgent }])),
    outOfService: new Set(resting.rows.map((row) => row.bike_id)),
  }
}

/** Writes the newest that is known of these bikes: one statement, one row each. */
export async function saveLatest(
  db: Queryable,
  bikes: readonly { readonly bikeId: BikeId; readonly shadow: LockShadow }[],
): Promise<void> {
  const shadows = bikes.map((bike) => bike.shadow)
  await db.query(
    `INSERT INTO bike_latest (bike_id, geom, accuracy_m, heading_deg, soc, bolt, boot_id, firmware, last_heard_at,
                              told, heartbeat_s)
     SELECT bike_id, ST_SetSRID(ST_MakePoint(lon, lat), 4326), accuracy_m, heading_deg, soc, bolt, boot_id, firmware,
            to_timestamp(heard_ms / 1000.0), told, heartbeat_s
       FROM unnest($1::uuid[], $2::float8[], $3::float8[], $4::float4[], $5::float4[], $6::int2[], $7::text[],
                   $8::int8[], $9::text[], $10::int8[], $11::jsonb[], $12::int4[])
         AS l (bike_id, lon, lat, accuracy_m, heading_deg, soc, bolt, boot_id, firmware, heard_ms, told, heartbeat_s)
     ON CONFLICT (bike_id) DO UPDATE SET
       geom = excluded.geom, accuracy_m = excluded.accuracy_m, heading_deg = excluded.heading_deg, soc = excluded.soc,
       bolt = excluded.bolt, boot_id = excluded.boot_id, firmware = excluded.firmware,
       last_heard_at = excluded.last_heard_at, told = excluded.told, heartbeat_s = excluded.heartbeat_s`,
    [
      bikes.map((bike) => bike.bikeId),
      shadows.map((shadow) => shadow.position?.lon ?? null),
      shadows.map((shadow) => shadow.position?.lat ?? null),
      shadows.map((shadow) => shadow.position?.accuracyM ?? null),
      shadows.map((shadow) => shadow.position?.headingDeg ?? null),
      shadows.map((shadow) => shadow.soc),
      shadows.map((shadow) => shadow.bolt),
      shadows.map((shadow) => shadow.bootId),
      shadows.map((shadow) => shadow.firmware),
      shadows.map((shadow) => shadow.lastHeardAtMs),
      shadows.map((shadow) => JSON.stringify(keptOf(shadow))),
      shadows.map((shadow) => Math.round(heartbeatOf(shadow) / 1_000)),
    ],
  )
}

function keptOf({ told, stateUptimeMs, position, keyVersion }: LockShadow): Kept {
  return {
    ...told,
    stateUptimeMs,
    ...(position === null ? {} : { place: { bootId: position.bootId, uptimeMs: position.uptimeMs } }),
    ...(keyVersion === null ? {} : { keyVersion }),
  }
}

export async function setPublicId(tx: Queryable, bikeId: BikeId, publicId: string): Promise<void> {
  await tx.query('UPDATE bike SET public_id = $2 WHERE bike_id = $1', [bikeId, publicId])
}

/** The trip that has a bike and the alarms that are open on it. */
export async function storyOf(db: Queryable, bikeId: BikeId) {
  const trips = await db.query<{ trip_id: string; state: TripState; started_at: number | null }>(
    `SELECT trip_id, state, started_at FROM trip
      WHERE bike_id = $1 AND state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`,
    [bikeId],
  )
  const alarms = await db.query<BikeDetails['alarms'][number]>(
    `SELECT alarm_id AS "alarmId", kind, severity, raised_at AS at, trip_id AS "tripId" FROM alarm
      WHERE bike_id = $1 AND state <> 'resolved' ORDER BY raised_at DESC LIMIT $2`,
    [bikeId, maxAlarmsShown],
  )
  return { trip: trips.rows[0] ?? null, alarms: alarms.rows }
}

const maxAlarmsShown = 50
