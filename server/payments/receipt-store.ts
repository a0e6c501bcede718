import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { assert, present } from '../../contracts/assert.ts'
import { Receipt, type TripPrice } from '../../contracts/http/trips.ts'
import { type EpochMs, minor } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { correctionsOf, receiptOf } from './core/receipt.ts'
import { journalsOf } from './ledger-store.ts'
import { readPayment } from './payments-store.ts'

export interface ReceiptRequest {
  readonly tripId: string
  readonly paymentId: string
  readonly bikeNumber: string
  readonly startedAtMs: EpochMs
  readonly endedAtMs: EpochMs
  readonly pausedMs: number
  readonly price: Pick<Static<typeof TripPrice>, 'currency' | 'total' | 'lines'>
  readonly vatPercent: number
  readonly tariffId: string
}

export interface Receipts {
  /** In the caller's transaction, once per trip: a repeat returns the first one's path. `/r/{token}` */
  issueReceipt(tx: Queryable, request: ReceiptRequest): Promise<{ readonly path: string }>
  /** The token is the only key. `captured`, `refunded` and `corrections` are as they stand now; all else as issued. */
  receiptByToken(token: string): Promise<Receipt | null>
  /** Trip id → `/r/{token}`, for those that have one. */
  receiptPaths(db: Queryable, tripIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** 128 bits: it cannot be guessed, and it is the only thing between a stranger and a ride. */
const tokenBytes = 16
const receipt = Compile(Receipt)
const pathOf = (token: string) => `/r/${token}`

export function createReceipts(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly publicUrl: string
}): Receipts {
  const issueReceipt: Receipts['issueReceipt'] = async (tx, request) => {
    const before = await tx.query<{ token: string }>('SELECT token FROM receipt WHERE trip_id = $1', [request.tripId])
    if (before.rows[0]) return { path: pathOf(before.rows[0].token) }
    const nowMs = deps.clock.nowMs()
    const year = new Date(nowMs).getUTCFullYear()
    const stored = present(await readPayment(tx, request.paymentId), 'a receipt is for a payment that exists')
    const token = deps.ids.token(tokenBytes)
    const body = receiptOf({
      year,
      numberInYear: await nextNumber(tx, year),
      issuedAtMs: nowMs,
      bikeNumber: request.bikeNumber,
      startedAtMs: request.startedAtMs,
      endedAtMs: request.endedAtMs,
      pausedMs: request.pausedMs,
      currency: request.price.currency,
      totalMinor: request.price.total,
      lines: request.price.lines,
      vatPercent: request.vatPercent,
      tariffId: request.tariffId,
      capturedMinor: minor(stored.payment.capturedMinor + stored.payment.elsewhereMinor),
      refundedMinor: minor(stored.payment.refundedMinor + stored.payment.elsewhereBackMinor),
      paymentReference: stored.transactionRef ?? stored.holdKey,
      url: `${deps.publicUrl}${pathOf(token)}`,
    })
    await tx.query('INSERT INTO receipt (token, trip_id, number, body, issued_at) VALUES ($1, $2, $3, $4, $5)', [
      token,
      request.tripId,
      body.number,
      JSON.stringify(body),
      new Date(nowMs),
    ])
    return { path: pathOf(token) }
  }

  const receiptByToken: Receipts['receiptByToken'] = async (token) => {
    const { rows } = await deps.db.query<{
      body: unknown
      payment_id: string
      captured_minor: number
      refunded_minor: number
    }>(
      `SELECT receipt.body, payment.payment_id, payment.captured_minor + payment.elsewhere_minor AS captured_minor,
              payment.refunded_minor + payment.elsewhere_back_minor AS refunded_minor
       FROM receipt JOIN payment USING (trip_id) WHERE receipt.token = $1`,
      [token],
    )
    const row = rows[0]
    if (!row) return null
    assert(receipt.Check(row.body), 'a stored receipt fits its schema')
    const corrections = correctionsOf(row.body, await journalsOf(deps.db, row.payment_id))
    return {
      ...row.body,
      captured: row.captured_minor,
      refunded: row.refunded_minor,
      ...(corrections.length === 0 ? {} : { corrections }),
    }
  }

  const receiptPaths: Receipts['receiptPaths'] = async (db, tripIds) => {
    const { rows } = await db.query<{ trip_id: string; token: string }>(
      'SELECT trip_id, token FROM receipt WHERE trip_id = ANY($1::uuid[])',
      [tripIds],
    )
    return new Map(rows.map((row) => [row.trip_id, pathOf(row.token)]))
  }

  return { issueReceipt, receiptByToken, receiptPaths }
}

/** Without gaps: the number is taken in the transaction that issues the receipt. */
async function nextNumber(tx: Queryable, year: number): Promise<number> {
  const { rows } = await tx.query<{ last_number: number }>(
    `INSERT INTO receipt_year AS counted (year, last_number) VALUES ($1, 1)
     ON CONFLICT (year) DO UPDATE SET last_number = counted.last_number + 1 RETURNING last_number`,
    [year],
  )
  return present(rows[0], 'a year has its counter').last_number
}
