import type { PaymentStatus } from '../../contracts/http/payments.ts'
import type { CommandState, FareLine, FreeExitReason, TripState, TripView } from '../../contracts/http/trips.ts'
import {
  asId,
  type BikeId,
  type CommandId,
  type LockId,
  type PaymentId,
  type RiderId,
  type TariffId,
  type TripId,
} from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { Tariff, WaivableLine } from './core/fare.ts'
import type { KeptParking } from './core/parking.ts'
import type { EndedBy, TripFacts, TripFailure } from './core/trip-machine.ts'

export interface StoredTrip {
  readonly tripId: TripId
  readonly riderId: RiderId
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly paymentId: PaymentId
  readonly tariffId: TariffId
  readonly facts: TripFacts
  /** Where it was left; null until the ride has ended. */
  readonly parking: KeptParking | null
}

/** The price as it was settled, kept with the trip. */
export interface SettledPrice {
  readonly currency: string
  readonly total: number
  readonly lines: readonly FareLine[]
}

/** The states of `isActive`, as the partial unique indexes of the table have them. */
const occupiesItsBike = "state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')"

export interface TripRow {
  trip_id: string
  rider_id: string
  bike_id: string
  lock_id: string
  payment_id: string
  tariff_id: string
  state: TripState
  rider_free: boolean
  created_at: number
  started_at: number | null
  ended_at: number | null
  paused_ms: number
  paused_since: number | null
  pause_wanted_till: number | null
  due_at: number | null
  failure: TripFailure | null
  end_reason: EndedBy | null
  free_exit_reason: FreeExitReason | null
  allowed_until: number | null
  waived: WaivableLine[]
  given_back_minor: number
  parking: KeptParking | null
}
export const tripColumns = `trip_id, rider_id, bike_id, lock_id, payment_id, tariff_id, state, rider_free, created_at, started_at,
  ended_at, paused_ms, paused_since, pause_wanted_till, due_at, failure, end_reason, free_exit_reason, allowed_until,
  waived, given_back_minor, parking`

const moment = (ms: number | null): EpochMs | null => (ms === null ? null : epochMs(ms))
const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

export const toTrip = (row: TripRow): StoredTrip => ({
  tripId: asId<TripId>(row.trip_id),
  riderId: asId<RiderId>(row.rider_id),
  bikeId: asId<BikeId>(row.bike_id),
  lockId: asId<LockId>(row.lock_id),
  paymentId: asId<PaymentId>(row.payment_id),
  tariffId: asId<TariffId>(row.tariff_id),
  facts: {
    state: row.state,
    riderFree: row.rider_free,
    createdAt: epochMs(row.created_at),
    startedAt: moment(row.started_at),
    endedAt: moment(row.ended_at),
    pausedMs: row.paused_ms,
    pausedSince: moment(row.paused_since),
    pauseWantedTill: moment(row.pause_wanted_till),
    dueAt: moment(row.due_at),
    failure: row.failure,
    endedBy: row.end_reason,
    freeExitReason: row.free_exit_reason,
    allowedUntil: moment(row.allowed_until),
    goodwill: { waived: row.waived, givenBackMinor: row.given_back_minor },
  },
  parking: row.parking,
})

/** Throws a unique violation (`trip_one_active_per_bike`, `trip_one_active_per_rider`) when another trip came first. */
export async function insertTrip(tx: Queryable, trip: StoredTrip, nowMs: EpochMs): Promise<void> {
  const { facts } = trip
  await tx.query(
    `INSERT INTO trip (trip_id, rider_id, bike_id, lock_id, payment_id, tariff_id, state, rider_free, created_at,
                       paused_ms, due_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)`,
    [
      trip.tripId,
      trip.riderId,
      trip.bikeId,
      trip.lockId,
      trip.paymentId,
      trip.tariffId,
      facts.state,
      facts.riderFree,
      new Date(facts.createdAt),
      date(facts.dueAt),
      new Date(nowMs),
    ],
  )
}

/** `newCommand` becomes the trip's command; null leaves the one it has. */
export async function saveTrip(
  tx: Queryable,
  trip: StoredTrip,
  nowMs: EpochMs,
  newCommand: CommandId | null,
): Promise<void> {
  const { facts } = trip
  await tx.query(
    `UPDATE trip SET state = $2, rider_free = $3, started_at = $4, ended_at = $5, paused_ms = $6, paused_since = $7,
       pause_wanted_till = $8, due_at = $9, failure = $10, end_reason = $11, free_exit_reason = $12, updated_at = $13,
       command_id = coalesce($14, command_id), allowed_until = $15, waived = $16, given_back_minor = $17
     WHERE trip_id = $1`,
    [
      trip.tripId,
      facts.state,
      facts.riderFree,
      date(facts.startedAt),
      date(facts.endedAt),
      facts.pausedMs,
      date(facts.pausedSince),
      date(facts.pauseWantedTill),
      date(facts.dueAt),
      facts.failure,
      facts.endedBy,
      facts.freeExitReason,
      new Date(nowMs),
      newCommand,
      date(facts.allowedUntil),
      facts.goodwill.waived,
      facts.goodwill.givenBackMinor,
    ],
  )
}

export async function tripHeld(tx: Queryable, tripId: TripId): Promise<StoredTrip | null> {
  const { rows } = await tx.query<TripRow>(`SELECT ${tripColumns} FROM trip WHERE trip_id = $1 FOR UPDATE`, [tripId])
  return rows[0] ? toTrip(rows[0]) : null
}

/** The payment of a trip; null for no such trip. */
export async function tripWithPayment(db: Queryable, tripId: TripId): Promise<PaymentId | null> {
  const { rows } = await db.query<{ payment_id: string }>('SELECT payment_id FROM trip WHERE trip_id = $1', [tripId])
  return rows[0] ? asId<PaymentId>(rows[0].payment_id) : null
}

/** The rider's own trip, held; null also when it is somebody else's. */
export async function ownTripHeld(tx: Queryable, riderId: RiderId, tripId: TripId): Promise<StoredTrip | null> {
  const { rows } = await tx.query<TripRow>(
    `SELECT ${tripColumns} FROM trip WHERE trip_id = $1 AND rider_id = $2 FOR UPDATE`,
    [tripId, riderId],
  )
  return rows[0] ? toTrip(rows[0]) : null
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export async function tripOfCommandHeld(tx: Queryable, commandId: string): Promise<StoredTrip | null> {
  // A lock may say anything; only what looks like one of our ids is asked for.
  if (!uuid.test(commandId)) return null
  const { rows } = await tx.query<TripRow>(
    `SELECT ${tripColumns} FROM trip WHERE trip_id = (SELECT trip_id FROM command WHERE command_id = $1) FOR UPDATE`,
    [commandId],
  )
  return rows[0] ? toTrip(rows[0]) : null
}

/** Which of these kinds of alarm are open on a bike and were last told before `atMs`. */
export async function alarmsToldBefore(
  tx: Queryable,
  bikeId: BikeId,
  kinds: readonly AlarmKind[],
  atMs: EpochMs,
): Promise<readonly AlarmKind[]> {
  const { rows } = await tx.query<{ kind: AlarmKind }>(
    `SELECT kind FROM alarm WHERE bike_id = $1 AND kind = ANY($2) AND state <> 'resolved' AND last_seen_at < $3 FOR UPDATE`,
    [bikeId, kinds, new Date(atMs)],
  )
  return rows.map(({ kind }) => kind)
}

/** Results of a lock's last unlocks that came to an end, newest first. */
export async function lastResults(tx: Queryable, lockId: LockId, limit: number): Promise<(string | null)[]> {
  const { rows } = await tx.query<{ result_code: string | null }>(
    `SELECT result_code FROM command WHERE lock_id = $1 AND op = 'unlock' AND ended_at IS NOT NULL
     ORDER BY counter DESC LIMIT $2`,
    [lockId, limit],
  )
  return rows.map((row) => row.result_code)
}

export async function dueTrips(db: Queryable, nowMs: EpochMs, limit: number): Promise<TripId[]> {
  const { rows } = await db.query<{ trip_id: string }>(
    `SELECT trip_id FROM trip WHERE due_at <= $1 ORDER BY due_at LIMIT $2`,
    [new Date(nowMs), limit],
  )
  return rows.map((row) => asId<TripId>(row.trip_id))
}

/** Trips whose lock has not been sent anything yet. */
export async function promisedTrips(db: Queryable, limit: number): Promise<TripId[]> {
  const { rows } = await db.query<{ trip_id: string }>(
    `SELECT trip_id FROM trip WHERE state = 'promised' ORDER BY created_at LIMIT $1`,
    [limit],
  )
  return rows.map((row) => asId<TripId>(row.trip_id))
}

export async function setCommand(tx: Queryable, tripId: TripId, commandId: CommandId): Promise<void> {
  await tx.query('UPDATE trip SET command_id = $2 WHERE trip_id = $1', [tripId, commandId])
}

export async function savePrice(tx: Queryable, tripId: TripId, price: SettledPrice): Promise<void> {
  await tx.query('UPDATE trip SET price = $2 WHERE trip_id = $1', [tripId, JSON.stringify(price)])
}

/** What the rider was asked for so far; null before that. */
export async function settledTotal(tx: Queryable, tripId: TripId): Promise<number | null> {
  const { rows } = await tx.query<{ total: number | null }>(
    `SELECT (price ->> 'total')::bigint AS total FROM trip WHERE trip_id = $1`,
    [tripId],
  )
  return rows[0]?.total ?? null
}

export async function savePlace(tx: Queryable, tripId: TripId, end: 'start' | 'end', place: Position): Promise<void> {
  const column = end === 'start' ? 'start_geom' : 'end_geom'
  await tx.query(`UPDATE trip SET ${column} = ST_SetSRID(ST_MakePoint($2, $3), 4326) WHERE trip_id = $1`, [
    tripId,
    place.lon,
    place.lat,
  ])
}

export async function riderHasTrip(db: Queryable, riderId: RiderId): Promise<TripId | null> {
  const { rows } = await db.query<{ trip_id: string }>(
    `SELECT trip_id FROM trip
     WHERE rider_id = $1 AND ${occupiesItsBike} AND NOT rider_free`,
    [riderId],
  )
  return rows[0] ? asId<TripId>(rows[0].trip_id) : null
}

/** Every ride that occupies a bike now. */
export async function activeRides(db: Queryable): Promise<{ tripId: TripId; riderId: RiderId; state: TripState }[]> {
  const { rows } = await db.query<{ trip_id: string; rider_id: string; state: TripState }>(
    `SELECT trip_id, rider_id, state FROM trip
     WHERE ${occupiesItsBike}`,
  )
  return rows.map((row) => ({
    tripId: asId<TripId>(row.trip_id),
    riderId: asId<RiderId>(row.rider_id),
    state: row.state,
  }))
}

export async function bikeHasTrip(db: Queryable, bikeId: BikeId): Promise<boolean> {
  const { rows } = await db.query(`SELECT 1 FROM trip WHERE bike_id = $1 AND ${occupiesItsBike}`, [bikeId])
  return rows.length > 0
}

export async function tariffById(db: Queryable, tariffId: TariffId): Promise<Tariff | null> {
  return readTariff(db, 'tariff_id = $1', [tariffId])
}

/** The version that holds at `nowMs`. */
export async function tariffAt(db: Queryable, nowMs: EpochMs): Promise<Tariff | null> {
  return readTariff(db, 'valid_from <= $1', [new Date(nowMs)])
}

export const tariffColumns = `f.tariff_id AS "tariffId", f.currency, f.unlock_minor AS "unlockMinor",
  f.per_minute_minor AS "perMinuteMinor", f.pause_per_minute_minor AS "pausePerMinuteMinor",
  f.day_cap_minor AS "dayCapMinor", f.free_exit_ms AS "freeExitMs", f.hold_minor AS "holdMinor",
  f.vat_percent AS "vatPercent", f.wrong_place_minor AS "wrongPlaceMinor", f.no_parking_minor AS "noParkingMinor",
  f.hotspot_reward_minor AS "hotspotRewardMinor", f.put_right_ms AS "putRightMs"`

async function readTariff(db: Queryable, condition: string, values: readonly unknown[]): Promise<Tariff | null> {
  const { rows } = await db.query<Tariff>(
    `SELECT ${tariffColumns} FROM tariff f WHERE ${condition} ORDER BY valid_from DESC LIMIT 1`,
    values,
  )
  return rows[0] ?? null
}

/** Everything that a rider's page shows of a trip, in one question. */
export interface TripForView {
  readonly trip: StoredTrip
  readonly tariff: Tariff
  readonly bikeNumber: string
  readonly price: SettledPrice | null
  readonly command: TripView['command']
  readonly payment: { state: PaymentStatus; held: number; captured: number; refunded: number }
  readonly receiptToken: string | null
}

type ViewRow = TripRow &
  Tariff & {
    number: string
    price: SettledPrice | null
    command_state: CommandState | null
    result_code: string | null
    expires_at: number | null
    payment_state: PaymentStatus
    held_minor: number
    captured_minor: number
    refunded_minor: number
    token: string | null
  }

/** `condition` names columns of trip `t`. */
async function readViews(db: Queryable, condition: string, values: readonly unknown[]): Promise<TripForView[]> {
  const qualified = tripColumns.replaceAll(/\b([a-z_]+)\b/g, 't.$1')
  const { rows } = await db.query<ViewRow>(
    `SELECT ${qualified}, ${tariffColumns}, b.number, t.price, c.state AS command_state, c.result_code, c.expires_at,
       p.state AS payment_state, p.held_minor, p.captured_minor + p.elsewhere_minor AS captured_minor,
       p.refunded_minor + p.elsewhere_back_minor AS refunded_minor, r.token
     FROM trip t JOIN bike b USING (bike_id) JOIN payment p USING (payment_id) JOIN tariff f USING (tariff_id)
       LEFT JOIN command c ON c.command_id = t.command_id LEFT JOIN receipt r ON r.trip_id = t.trip_id
     WHERE ${condition}`,
    values,
  )
  return rows.map((row) => ({
    trip: toTrip(row),
    tariff: row,
    bikeNumber: row.number,
    price: row.price,
    command:
      row.command_state === null || row.expires_at === null
        ? null
        : { state: row.command_state, resultCode: row.result_code, deadlineAt: row.expires_at },
    payment: {
      state: row.payment_state,
      held: row.held_minor,
      captured: row.captured_minor,
      refunded: row.refunded_minor,
    },
    receiptToken: row.token,
  }))
}

export async function tripForView(db: Queryable, riderId: RiderId, tripId: TripId): Promise<TripForView | null> {
  const [view] = await readViews(db, 't.trip_id = $1 AND t.rider_id = $2', [tripId, riderId])
  return view ?? null
}

export const tripHistory = (db: Queryable, riderId: RiderId, before: EpochMs, limit: number): Promise<TripForView[]> =>
  readViews(db, 't.rider_id = $1 AND t.created_at < $2 ORDER BY t.created_at DESC LIMIT $3', [
    riderId,
    new Date(before),
    limit,
  ])
