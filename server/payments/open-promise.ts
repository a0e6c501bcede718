import { asId, type PaymentId, type RiderId } from '../../contracts/ids.ts'
import type { Queryable } from '../platform/database.ts'

/** The rider's promise that no ride uses yet, if there is one: at most one, by the database. */
export async function openPromiseOf(db: Queryable, riderId: RiderId): Promise<PaymentId | null> {
  const { rows } = await db.query<{ payment_id: string }>(
    `SELECT payment_id FROM payment WHERE rider_id = $1 AND trip_id IS NULL AND debt_of IS NULL AND state IN ('hold_pending', 'held')`,
    [riderId],
  )
  return rows[0] ? asId<PaymentId>(rows[0].payment_id) : null
}
