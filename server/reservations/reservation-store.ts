import { asId, type BikeId, type RiderId, type TripId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { VainReservation } from './core/decide-reservation.ts'
import type { CancelReason, Reservation, ReservationState } from './core/reservation-machine.ts'

export interface StoredReservation {
  readonly reservationId: string
  readonly riderId: RiderId
  readonly bikeId: BikeId
  readonly facts: Reservation
}

interface ReservationRow {
  reservation_id: string
  rider_id: string
  bike_id: string
  state: ReservationState
  reason: CancelReason | null
  is_unused: boolean
  created_at: number
  expires_at: number
  ended_at: number | null
}
const columns = 'reservation_id, rider_id, bike_id, state, reason, is_unused, created_at, expires_at, ended_at'

const toReservation = (row: ReservationRow): StoredReservation => ({
  reservationId: row.reservation_id,
  riderId: asId<RiderId>(row.rider_id),
  bikeId: asId<BikeId>(row.bike_id),
  facts: {
    state: row.state,
    reason: row.reason,
    createdAt: epochMs(row.created_at),
    expiresAt: epochMs(row.expires_at),
    endedAt: row.ended_at === null ? null : epochMs(row.ended_at),
    isUnused: row.is_unused,
  },
})

/** Throws a unique violation (`reservation_one_open_per_bike`, `…_per_rider`) when another one came first. */
export async function insertReservation(
  tx: Queryable,
  { reservationId, riderId, bikeId, facts }: StoredReservation,
): Promise<void> {
  await tx.query(
    `INSERT INTO reservation (reservation_id, rider_id, bike_id, state, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [reservationId, riderId, bikeId, facts.state, new Date(facts.createdAt), new Date(facts.expiresAt)],
  )
}

export async function saveReservation(
  tx: Queryable,
  { reservationId, facts }: StoredReservation,
  tripId: TripId | null,
): Promise<void> {
  await tx.query(
    `UPDATE reservation SET state = $2, reason = $3, is_unused = $4, ended_at = $5, trip_id = $6
      WHERE reservation_id = $1`,
    [
      reservationId,
      facts.state,
      facts.reason,
      facts.isUnused,
      facts.endedAt === null ? null : new Date(facts.endedAt),
      tripId,
    ],
  )
}

/** Open ones of these bikes or of this rider, held until the transaction ends; also those whose time is over. */
export async function openHeld(
  tx: Queryable,
  bikeIds: readonly string[],
  riderId: RiderId | null,
): Promise<readonly StoredReservation[]> {
  const { rows } = await tx.query<ReservationRow>(
    `SELECT ${columns} FROM reservation WHERE state = 'open' AND (bike_id = ANY($1) OR rider_id = $2)
      ORDER BY reservation_id FOR UPDATE`,
    [bikeIds, riderId],
  )
  return rows.map(toReservation)
}

export async function reservationHeld(tx: Queryable, reservationId: string): Promise<StoredReservation | null> {
  const { rows } = await tx.query<ReservationRow>(
    `SELECT ${columns} FROM reservation WHERE reservation_id = $1 FOR UPDATE`,
    [reservationId],
  )
  return rows[0] ? toReservation(rows[0]) : null
}

/** All that are open, those that end first first. */
export async function openOnes(db: Queryable, limit: number): Promise<readonly StoredReservation[]> {
  const { rows } = await db.query<ReservationRow>(
    `SELECT ${columns} FROM reservation WHERE state = 'open' ORDER BY expires_at LIMIT $1`,
    [limit],
  )
  return rows.map(toReservation)
}

export async function newestOf(db: Queryable, riderId: RiderId): Promise<StoredReservation | null> {
  const { rows } = await db.query<ReservationRow>(
    `SELECT ${columns} FROM reservation WHERE rider_id = $1 ORDER BY created_at DESC, reservation_id DESC LIMIT 1`,
    [riderId],
  )
  return rows[0] ? toReservation(rows[0]) : null
}

/** Who has a bike reserved at `nowMs`. */
export async function reservedBy(db: Queryable, bikeId: BikeId, nowMs: EpochMs): Promise<RiderId | null> {
  const { rows } = await db.query<{ rider_id: string }>(
    `SELECT rider_id FROM reservation WHERE bike_id = $1 AND state = 'open' AND expires_at > $2`,
    [bikeId, new Date(nowMs)],
  )
  return rows[0] ? asId<RiderId>(rows[0].rider_id) : null
}

/** The rider's own that came to nothing, begun after `sinceMs`; not those that were taken back or left for a ride. */
export async function vainOf(tx: Queryable, riderId: RiderId, sinceMs: number): Promise<readonly VainReservation[]> {
  const { rows } = await tx.query<ReservationRow & { ended_at: number }>(
    `SELECT ${columns} FROM reservation WHERE rider_id = $1 AND created_at > $2
        AND (state = 'expired' OR (state = 'cancelled' AND reason = 'rider')) ORDER BY created_at DESC LIMIT $3`,
    [riderId, new Date(sinceMs), mostVain],
  )
  return rows.map((row) => ({
    bikeId: row.bike_id,
    createdAt: epochMs(row.created_at),
    endedAt: epochMs(row.ended_at),
    isUnused: row.is_unused,
  }))
}

/** More in a day than the limits let anybody have. */
const mostVain = 200

/** The bike that strangers know under this id. */
export async function bikeOfPublicId(db: Queryable, publicId: string): Promise<BikeId | null> {
  const { rows } = await db.query<{ bike_id: string }>('SELECT bike_id FROM bike WHERE public_id = $1', [publicId])
  return rows[0] ? asId<BikeId>(rows[0].bike_id) : null
}
