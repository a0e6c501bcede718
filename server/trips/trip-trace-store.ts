import type { TripTrace } from '../../contracts/http/staff-trips.ts'
import type { LockId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

/** Faster than somebody who pushes the bike. */
const ridingMps = 2
/** A day of a lock that reports every ten seconds. */
const mostPoints = 8_640

/** The newest moment at which the lock moved as it does under a rider; null when it never said so. */
export async function lastRidden(
  db: Queryable,
  lockId: LockId,
  fromMs: EpochMs,
  toMs: EpochMs,
): Promise<EpochMs | null> {
  const { rows } = await db.query<{ at: number | null }>(
    `SELECT max(made_at) AS at FROM position
     WHERE lock_id = $1 AND made_at >= $2 AND made_at <= $3 AND speed_mps >= $4`,
    [lockId, new Date(fromMs), new Date(toMs), ridingMps],
  )
  const at = rows[0]?.at ?? null
  return at === null ? null : epochMs(at)
}

/** Where the lock was between two moments, oldest first; of a ride without end its first part. */
export async function tracePoints(
  db: Queryable,
  lockId: LockId,
  fromMs: EpochMs,
  toMs: EpochMs,
): Promise<Pick<TripTrace, 'points' | 'isCut'>> {
  const { rows } = await db.query<{
    made_at: number
    lon: number
    lat: number
    accuracy_m: number | null
    speed_mps: number | null
    bolt: string
  }>(
    `SELECT made_at, ST_X(geom) AS lon, ST_Y(geom) AS lat, accuracy_m, speed_mps, bolt FROM position
     WHERE lock_id = $1 AND made_at >= $2 AND made_at <= $3 AND geom IS NOT NULL ORDER BY made_at, sequence LIMIT $4`,
    [lockId, new Date(fromMs), new Date(toMs), mostPoints + 1],
  )
  const points = rows.slice(0, mostPoints).map((row) => ({
    atMs: row.made_at,
    lon: row.lon,
    lat: row.lat,
    accuracyM: row.accuracy_m,
    speedMps: row.speed_mps,
    bolt: row.bolt,
  }))
  return { points, isCut: rows.length > mostPoints }
}
