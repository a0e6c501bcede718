import type { Debts } from '../../contracts/http/payments.ts'
import { epochMs, minor, type RealMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

/** Nobody rides on with a debt, so there are never many; the rest waits for the first to be paid. */
const mostDebts = 20

/** What a rider owes, oldest first. */
export async function debtsOf(db: Queryable, riderId: string): Promise<Debts['debts']> {
  const { rows } = await db.query<{ trip_id: string; owed: number; currency: string; created_at: number }>(
    `SELECT trip_id, due_minor - captured_minor - elsewhere_minor AS owed, currency, created_at FROM payment
     WHERE rider_id = $1 AND state = 'debt' AND trip_id IS NOT NULL ORDER BY created_at LIMIT $2`,
    [riderId, mostDebts],
  )
  return rows.map((row) => ({
    tripId: row.trip_id,
    amount: { amount: minor(row.owed), currency: row.currency },
    since: epochMs(row.created_at),
  }))
}

/** The payment of a rider's own trip, and whether it is in debt; null for anybody else's. */
export async function paymentOfOwnTrip(
  db: Queryable,
  riderId: string,
  tripId: string,
): Promise<{ readonly paymentId: string; readonly isDebt: boolean } | null> {
  const { rows } = await db.query<{ payment_id: string; is_debt: boolean }>(
    `SELECT payment_id, state = 'debt' AS is_debt FROM payment WHERE trip_id = $1 AND rider_id = $2`,
    [tripId, riderId],
  )
  return rows[0] ? { paymentId: rows[0].payment_id, isDebt: rows[0].is_debt } : null
}

/** The try to pay a debt that still may come to something. */
export async function openTryOf(db: Queryable, paymentId: string): Promise<string | null> {
  const { rows } = await db.query<{ payment_id: string }>(
    `SELECT payment_id FROM payment WHERE debt_of = $1 AND state IN ('hold_pending', 'held', 'capture_pending')`,
    [paymentId],
  )
  return rows[0]?.payment_id ?? null
}

/** The payment that paid a debt. */
export async function payerOfDebt(db: Queryable, paymentId: string): Promise<string | null> {
  const { rows } = await db.query<{ payment_id: string }>(
    'SELECT payment_id FROM payment WHERE debt_of = $1 AND captured_minor > 0',
    [paymentId],
  )
  return rows[0]?.payment_id ?? null
}

/** The provider did not answer: said to the rider until it does. */
export async function markUnanswered(db: Queryable, paymentId: string, realMs: RealMs): Promise<void> {
  await db.query('UPDATE payment SET unanswered_at = coalesce(unanswered_at, $2) WHERE payment_id = $1', [
    paymentId,
    new Date(realMs),
  ])
}
