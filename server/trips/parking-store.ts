import type { BikeId, LockId, RiderId, TripId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { KeptParking, ParkedFix } from './core/parking.ts'
import { type StoredTrip, type TripRow, toTrip, tripColumns } from './trip-store.ts'

const date = (ms: number) => new Date(ms)

/** Keeps where a ride was left; `lookAtMs`: when a better fix is looked for. */
export async function saveParking(
  tx: Queryable,
  tripId: TripId,
  parking: KeptParking,
  lookAtMs: EpochMs | null,
): Promise<void> {
  await tx.query('UPDATE trip SET parking = $2, parking_due_at = $3 WHERE trip_id = $1', [
    tripId,
    JSON.stringify(parking),
    lookAtMs === null ? null : date(lookAtMs),
  ])
}

/** Rides whose place is to be looked at again. */
export async function parkingDue(db: Queryable, nowMs: EpochMs, limit: number): Promise<TripId[]> {
  const { rows } = await db.query<{ trip_id: TripId }>(
    'SELECT trip_id FROM trip WHERE parking_due_at <= $1 ORDER BY parking_due_at LIMIT $2',
    [date(nowMs), limit],
  )
  return rows.map(({ trip_id }) => trip_id)
}

/** When the next ride on the same lock began: what it says from then on is about that one. */
export async function nextRideAt(tx: Queryable, lockId: LockId, afterMs: EpochMs): Promise<EpochMs | null> {
  const { rows } = await tx.query<{ at: number | null }>(
    'SELECT min(started_at) AS at FROM trip WHERE lock_id = $1 AND created_at > $2 AND started_at > $2',
    [lockId, date(afterMs)],
  )
  const at = rows[0]?.at ?? null
  return at === null ? null : epochMs(at)
}

interface BoltWord {
  readonly made_at: number
  readonly to: string
  readonly lon: number | null
  readonly lat: number | null
  readonly accuracy: number | null
  readonly speed: number | null
  readonly age: number | null
}

/** The fix that a ride's lock told with its closing; null when it did not close last, or told none. */
export async function closingFix(
  tx: Queryable,
  lockId: LockId,
  fromMs: EpochMs,
  beforeMs: EpochMs | null,
): Promise<ParkedFix | null> {
  const { rows } = await tx.query<BoltWord>(
    `SELECT made_at, body ->> 'to' AS to, (body ->> 'lo')::float8 AS lon, (body ->> 'la')::float8 AS lat,
            (body ->> 'ha')::float8 AS accuracy, (body ->> 'sp')::float8 AS speed, (body ->> 'fa')::float8 AS age
       FROM lock_report
      WHERE lock_id = $1 AND kind = 'evt' AND made_at >= $2 AND ($3::timestamptz IS NULL OR made_at < $3)
        AND body ->> 'k' = 'bolt' AND body ->> 'to' IN ('locked', 'unlocked')
      ORDER BY made_at DESC, report_id DESC LIMIT 1`,
    [lockId, date(fromMs), beforeMs === null ? null : date(beforeMs)],
  )
  const word = rows[0]
  if (word?.to !== 'locked' || word.lon === null || word.lat === null) return null
  const { lon, lat, accuracy, speed, age } = word
  const atMs = epochMs(word.made_at - (age ?? 0))
  return { lon, lat, accuracyM: accuracy, speedMps: speed, ageMs: age, atMs }
}

interface FixRow {
  readonly made_at: number
  readonly lon: number
  readonly lat: number
  readonly accuracy_m: number | null
}
const fixOf = ({ made_at, lon, lat, accuracy_m }: FixRow): ParkedFix => ({
  ...{ lon, lat, accuracyM: accuracy_m, speedMps: 0, ageMs: 0 },
  atMs: epochMs(made_at),
})
const fixColumns = 'made_at, ST_X(geom) AS lon, ST_Y(geom) AS lat, accuracy_m'

/** The newest fix between two moments; null: none. */
export async function fixBetween(
  tx: Queryable,
  lockId: LockId,
  fromMs: EpochMs,
  beforeMs: EpochMs,
): Promise<ParkedFix | null> {
  const { rows } = await tx.query<FixRow>(
    `SELECT ${fixColumns} FROM position
      WHERE lock_id = $1 AND made_at >= $2 AND made_at < $3 AND geom IS NOT NULL ORDER BY made_at DESC LIMIT 1`,
    [lockId, date(fromMs), date(beforeMs)],
  )
  return rows[0] ? fixOf(rows[0]) : null
}

/** The best fix that a closed lock told between two moments. */
export async function bestFix(
  tx: Queryable,
  lockId: LockId,
  fromMs: EpochMs,
  beforeMs: EpochMs,
): Promise<ParkedFix | null> {
  const { rows } = await tx.query<FixRow>(
    `SELECT ${fixColumns} FROM position
      WHERE lock_id = $1 AND made_at > $2 AND made_at < $3 AND bolt = 'locked' AND geom IS NOT NULL
        AND accuracy_m IS NOT NULL ORDER BY accuracy_m, made_at LIMIT 1`,
    [lockId, date(fromMs), date(beforeMs)],
  )
  return rows[0] ? fixOf(rows[0]) : null
}

export async function startPlace(tx: Queryable, tripId: TripId): Promise<Position | null> {
  const { rows } = await tx.query<Position>(
    'SELECT ST_X(start_geom) AS lon, ST_Y(start_geom) AS lat FROM trip WHERE trip_id = $1 AND start_geom IS NOT NULL',
    [tripId],
  )
  return rows[0] ?? null
}

/** Rewards since a moment each, other than this trip's: of the rider, and for the bike. */
export async function rewardsSince(
  tx: Queryable,
  { tripId, riderId, bikeId }: { readonly tripId: TripId; readonly riderId: RiderId; readonly bikeId: BikeId },
  since: { readonly riderMs: number; readonly bikeMs: number },
): Promise<{ readonly rider: number; readonly bike: number }> {
  const isOther = `trip_id <> $1 AND (parking ->> 'rewardMinor')::int8 > 0`
  const { rows } = await tx.query<{ rider: number; bike: number }>(
    `SELECT (SELECT count(*) FROM trip WHERE rider_id = $2 AND created_at > $3 AND ${isOther})::int4 AS rider,
            (SELECT count(*) FROM trip WHERE bike_id = $4 AND created_at > $5 AND ${isOther})::int4 AS bike`,
    [tripId, riderId, date(since.riderMs), bikeId, date(since.bikeMs)],
  )
  return rows[0] ?? { rider: 0, bike: 0 }
}

/** Rides are short, and so is the time to put them right: only the bike's newest ones are looked through. */
const longestClearableMs = 604_800_000

/** The newest earlier ride of the same rider on the same bike that can still be put right by one that began then, held. */
export async function clearableHeld(
  tx: Queryable,
  { tripId, riderId, bikeId }: { readonly tripId: TripId; readonly riderId: RiderId; readonly bikeId: BikeId },
  startedAt: EpochMs,
): Promise<StoredTrip | null> {
  const { rows } = await tx.query<TripRow>(
    `SELECT ${tripColumns} FROM trip
      WHERE bike_id = $1 AND rider_id = $2 AND trip_id <> $3 AND started_at < $4 AND created_at > $6
        AND state IN ('ended', 'charged')
        AND (parking ->> 'clearableUntil')::int8 >= $5 AND NOT (parking ->> 'cleared')::boolean
      ORDER BY created_at DESC LIMIT 1 FOR UPDATE`,
    [bikeId, riderId, tripId, date(startedAt), startedAt, date(startedAt - longestClearableMs)],
  )
  return rows[0] ? toTrip(rows[0]) : null
}
