import type { PaymentStatus } from '../../contracts/http/payments.ts'
import type { StaffTripsQuery } from '../../contracts/http/staff-trips.ts'
import type { TripState } from '../../contracts/http/trips.ts'
import { asId, type BikeId, type PaymentId, type TripId } from '../../contracts/ids.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { Tariff } from './core/fare.ts'
import { type SettledPrice, type StoredTrip, type TripRow, tariffColumns, toTrip, tripColumns } from './trip-store.ts'

/** Everything that a line of the desk's lists shows of a trip. */
export interface TripForStaff {
  readonly trip: StoredTrip
  readonly tariff: Tariff
  readonly bikeNumber: string
  readonly price: SettledPrice | null
  readonly start: Position | null
  readonly end: Position | null
  readonly payment: {
    readonly state: PaymentStatus
    readonly provider: string
    readonly held: number
    readonly due: number
    readonly captured: number
    readonly refundAsked: number
    readonly refunded: number
    readonly reference: string | null
    readonly createdAtMs: number
  }
}

type Row = TripRow &
  Tariff & {
    number: string
    price: SettledPrice | null
    start_lon: number | null
    start_lat: number | null
    end_lon: number | null
    end_lat: number | null
    payment_state: PaymentStatus
    provider: string
    held_minor: number
    due_minor: number
    captured_minor: number
    refund_asked_minor: number
    refunded_minor: number
    transaction_ref: string | null
    hold_key: string
    payment_created_at: number
  }

const place = (lon: number | null, lat: number | null): Position | null =>
  lon === null || lat === null ? null : { lon, lat }

/** `condition` names columns of trip `t`, payment `p` and bike `b`, and says the order. */
async function readRows(db: Queryable, condition: string, values: readonly unknown[]): Promise<TripForStaff[]> {
  const qualified = tripColumns.replaceAll(/\b([a-z_]+)\b/g, 't.$1')
  const { rows } = await db.query<Row>(
    `SELECT ${qualified}, ${tariffColumns}, b.number, t.price, ST_X(t.start_geom) AS start_lon,
       ST_Y(t.start_geom) AS start_lat, ST_X(t.end_geom) AS end_lon, ST_Y(t.end_geom) AS end_lat,
       p.state AS payment_state, p.provider, p.held_minor, p.due_minor,
       p.captured_minor + p.elsewhere_minor AS captured_minor,
       p.refund_asked_minor + p.elsewhere_back_minor AS refund_asked_minor,
       p.refunded_minor + p.elsewhere_back_minor AS refunded_minor, p.transaction_ref, p.hold_key, p.created_at AS payment_created_at
     FROM trip t JOIN bike b USING (bike_id) JOIN payment p USING (payment_id) JOIN tariff f USING (tariff_id)
     WHERE ${condition}`,
    values,
  )
  return rows.map((row) => ({
    trip: toTrip(row),
    tariff: row,
    bikeNumber: row.number,
    price: row.price,
    start: place(row.start_lon, row.start_lat),
    end: place(row.end_lon, row.end_lat),
    payment: {
      state: row.payment_state,
      provider: row.provider,
      held: row.held_minor,
      due: row.due_minor,
      captured: row.captured_minor,
      refundAsked: row.refund_asked_minor,
      refunded: row.refunded_minor,
      reference: row.captured_minor > 0 ? (row.transaction_ref ?? row.hold_key) : null,
      createdAtMs: row.payment_created_at,
    },
  }))
}

export async function tripForStaff(db: Queryable, tripId: TripId): Promise<TripForStaff | null> {
  const [found] = await readRows(db, 't.trip_id = $1', [tripId])
  return found ?? null
}

/** Written out, so that each list finds its partial index. */
const states: Readonly<Record<NonNullable<StaffTripsQuery['state']>, string>> = {
  active: "t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')",
  ended: "t.state IN ('ended', 'charged', 'failed', 'cancelled')",
  debt: "p.state = 'debt' AND p.trip_id IS NOT NULL",
}

/** Where a list goes on: the sort key of the last line that was shown. */
export interface ListPlace {
  readonly atMs: number
  readonly tripId: string
}

/** Newest first. Debts are in the order of their payments, which begin a moment before the ride. */
export async function listTrips(
  db: Queryable,
  wanted: Omit<StaffTripsQuery, 'before' | 'limit' | 'number'>,
  page: { readonly before: ListPlace | null; readonly limit: number },
): Promise<TripForStaff[]> {
  const values: unknown[] = []
  const value = (one: unknown) => `$${values.push(one)}`
  const [at, id] = wanted.state === 'debt' ? ['p.created_at', 'p.trip_id'] : ['t.created_at', 't.trip_id']
  const conditions = ['true']
  if (wanted.state !== undefined) conditions.push(states[wanted.state])
  if (wanted.bikeId !== undefined) conditions.push(`t.bike_id = ${value(wanted.bikeId)}`)
  if (wanted.from !== undefined) conditions.push(`${at} >= ${value(new Date(wanted.from))}`)
  if (wanted.to !== undefined) conditions.push(`${at} < ${value(new Date(wanted.to))}`)
  if (page.before !== null) {
    conditions.push(`(${at}, ${id}) < (${value(new Date(page.before.atMs))}, ${value(page.before.tripId)}::uuid)`)
  }
  return readRows(db, `${conditions.join(' AND ')} ORDER BY ${at} DESC, ${id} DESC LIMIT ${value(page.limit)}`, values)
}

export async function bikeIdOfNumber(db: Queryable, number: string): Promise<BikeId | null> {
  const { rows } = await db.query<{ bike_id: string }>('SELECT bike_id FROM bike WHERE number = $1', [number])
  return rows[0] ? asId<BikeId>(rows[0].bike_id) : null
}

export async function tripOfReceipt(db: Queryable, number: string): Promise<TripForStaff | null> {
  const [found] = await readRows(db, 't.trip_id = (SELECT trip_id FROM receipt WHERE number = $1)', [number])
  return found ?? null
}

/** By the provider's number of the capture, or by ours of the hold. A reference is unique; the limit is a belt. */
export const tripsOfReference = (db: Queryable, reference: string): Promise<TripForStaff[]> =>
  readRows(db, `t.payment_id IN (SELECT payment_id FROM payment WHERE transaction_ref = $1 OR hold_key = $2) LIMIT 5`, [
    reference,
    reference.toLowerCase(),
  ])

export async function tripOfPayment(db: Queryable, paymentId: string): Promise<TripForStaff | null> {
  const [found] = await readRows(db, 't.payment_id = $1', [asId<PaymentId>(paymentId)])
  return found ?? null
}

/** A trip's state and bike, for whoever must be told that its money moved. */
export async function whereaboutsOf(
  db: Queryable,
  tripId: TripId,
): Promise<{ bikeId: BikeId; state: TripState } | null> {
  const { rows } = await db.query<{ bike_id: string; state: TripState }>(
    'SELECT bike_id, state FROM trip WHERE trip_id = $1',
    [tripId],
  )
  return rows[0] ? { bikeId: asId<BikeId>(rows[0].bike_id), state: rows[0].state } : null
}

/** The hotspot that a place is in at a moment, else another zone that has a name. */
export async function placeName(db: Queryable, { lon, lat }: Position, atMs: EpochMs): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT name FROM (
       SELECT DISTINCT ON (zone_id) name, kind, removed, geom FROM zone_version
        WHERE holds_from <= $3 AND called_off_at IS NULL
        ORDER BY zone_id, version DESC) AS held
      WHERE NOT removed AND kind <> 'service_area' AND ST_Covers(geom, ST_SetSRID(ST_MakePoint($1, $2), 4326))
      ORDER BY kind = 'hotspot' DESC, name LIMIT 1`,
    [lon, lat, new Date(atMs)],
  )
  return rows[0]?.name ?? null
}

/** From how many hours on a ride is unusual, as the desk has set it; null: nobody did. */
export async function longTripHours(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ hours: number | null }>(
    `SELECT (settings ->> 'longTripHours')::float8 AS hours FROM alarm_settings ORDER BY settings_id DESC LIMIT 1`,
  )
  return rows[0]?.hours ?? null
}
