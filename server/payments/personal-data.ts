import { nobody } from '../../contracts/nobody.ts'
import type { Queryable } from '../platform/database.ts'
import { changed, inPages, type PersonalData } from '../platform/personal-data.ts'
import { receivableOf } from './core/ledger.ts'

/** Nothing can become of these any more: neither money nor a question to the provider is under way. */
const isOver = "state IN ('captured', 'released', 'partially_refunded', 'refunded', 'failed', 'expired')"

/** Promises, payments, refunds, debts and receipts, without the provider's keys. The books are kept: they name nobody. */
export const personalDataOfPayments: PersonalData = {
  export: async (db, riderId) => {
    const payments = await inPages(async (offset, limit) => {
      const { rows } = await db.query(
        `SELECT payment_id AS "paymentId", trip_id AS "tripId", provider, state, currency,
                held_minor AS "heldMinor", due_minor AS "dueMinor", captured_minor AS "capturedMinor",
                refunded_minor AS "refundedMinor", transaction_ref AS "providersNumber",
                to_char(created_at AT TIME ZONE 'UTC', '${iso}') AS "createdAt"
           FROM payment WHERE rider_id = $1 ORDER BY created_at DESC, payment_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    })
    const refunds = await inPages(async (offset, limit) => {
      const { rows } = await db.query(
        `SELECT r.payment_id AS "paymentId", p.trip_id AS "tripId", r.amount_minor AS "amountMinor", p.currency, r.state,
                to_char(r.created_at AT TIME ZONE 'UTC', '${iso}') AS "askedAt"
           FROM payment p JOIN refund r USING (payment_id) WHERE p.rider_id = $1
          ORDER BY r.created_at DESC, r.refund_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    })
    const receipts = await inPages(async (offset, limit) => {
      const { rows } = await db.query<{ body: unknown }>(
        `SELECT r.body FROM payment p JOIN receipt r USING (trip_id) WHERE p.rider_id = $1
          ORDER BY r.issued_at DESC, r.number LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows.map(({ body }) => body)
    })
    return { payments, refunds, receipts }
  },
  hindrance: async (tx, riderId) => {
    const { rows } = await tx.query<{ state: string }>(
      `SELECT state FROM payment WHERE rider_id = $1 AND NOT (${isOver}) ORDER BY state = 'debt' DESC LIMIT 1`,
      [riderId],
    )
    const [first] = rows
    if (first === undefined) return null
    return first.state === 'debt' ? 'erasure_debt' : 'erasure_money'
  },
  forget: async (tx, riderId, most) => {
    const payments = await changed(
      tx,
      `UPDATE payment SET rider_id = $2, next_action = '{"kind":"none"}'
        WHERE payment_id IN (SELECT payment_id FROM payment WHERE rider_id = $1 AND ${isOver} LIMIT $3)`,
      [riderId, nobody, most],
    )
    // The entries stay as they were posted; the account that they stand on gets a name that says nobody.
    const accounts = await changed(
      tx,
      `UPDATE account SET code = 'rider:' || gen_random_uuid() || ':erased' WHERE code = $1`,
      [receivableOf(riderId).code],
    )
    return payments + accounts
  },
}

const iso = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'

/** Payments before a moment become nobody's, up to `most` of them; how many it were. */
export async function forgetPayersBefore(db: Queryable, before: Date, most: number): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE payment SET rider_id = '${nobody}' WHERE payment_id IN (
       SELECT payment_id FROM payment WHERE created_at < $1 AND rider_id <> '${nobody}' AND ${isOver}
        ORDER BY created_at LIMIT $2)`,
    [before, most],
  )
  return rowCount
}
