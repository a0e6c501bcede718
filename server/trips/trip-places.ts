import { nobody } from '../../contracts/nobody.ts'
import type { Queryable } from '../platform/database.ts'

/**
 * Both ends of a ride as the middles of squares of about a hundred metres (0.001 degrees north, 0.0015 east): enough for
 * figures, too little for an address.
 */
export const roundedPlaces = `start_geom = ST_SnapToGrid(start_geom, 0.0015, 0.001),
  end_geom = ST_SnapToGrid(end_geom, 0.0015, 0.001), parking = jsonb_set(parking, '{place}', 'null'),
  places_rounded = true`

const isOver = "state IN ('ended', 'charged', 'failed', 'cancelled')"

/** Rounds where rides before a moment of city time began and ended, up to `most` of them; how many it were. */
export async function roundPlacesBefore(db: Queryable, before: Date, most: number): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE trip SET ${roundedPlaces} WHERE trip_id IN (
       SELECT trip_id FROM trip WHERE created_at < $1 AND NOT places_rounded AND ${isOver} ORDER BY created_at LIMIT $2)`,
    [before, most],
  )
  return rowCount
}

/** Rides before a moment of city time become nobody's, up to `most`; one that is not paid yet stays its rider's. */
export async function forgetRidersBefore(db: Queryable, before: Date, most: number): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE trip SET rider_id = '${nobody}' WHERE trip_id IN (
       SELECT trip.trip_id FROM trip JOIN payment USING (payment_id)
        WHERE trip.created_at < $1 AND trip.rider_id <> '${nobody}' AND trip.${isOver} AND payment.state <> 'debt'
        ORDER BY trip.created_at LIMIT $2)`,
    [before, most],
  )
  return rowCount
}
