import { asId, type BikeId, type PaymentId, type RiderId, type TripId } from '../../contracts/ids.ts'
import type { Queryable } from '../platform/database.ts'

/** The ride that this promise began for this rider on this bike; null: none. */
export async function tripOfPromise(
  db: Queryable,
  { riderId, paymentId, bikeId }: { readonly riderId: RiderId; readonly paymentId: PaymentId; readonly bikeId: BikeId },
): Promise<TripId | null> {
  const { rows } = await db.query<{ trip_id: string }>(
    'SELECT trip_id FROM trip WHERE payment_id = $1 AND rider_id = $2 AND bike_id = $3',
    [paymentId, riderId, bikeId],
  )
  return rows[0] ? asId<TripId>(rows[0].trip_id) : null
}
