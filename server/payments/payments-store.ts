import { Compile } from 'typebox/compile'
import { assert } from '../../contracts/assert.ts'
import { NextAction, type PaymentStatus, type WayToPay } from '../../contracts/http/payments.ts'
import { type EpochMs, epochMs, type MinorUnits, minor, type RealMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { ClosedWhy, Payment } from './core/payment-machine.ts'
import type { Notification } from './providers/payment-provider.ts'

/** A payment as it is stored: the machine's state, and the facts around it. */
export interface StoredPayment {
  readonly paymentId: string
  readonly riderId: string
  readonly tripId: string | null
  readonly provider: string
  readonly currency: string
  readonly holdKey: string
  readonly providerRef: string | null
  readonly transactionRef: string | null
  readonly next: NextAction
  readonly expiresAtMs: EpochMs
  readonly vatPercent: number | null
  readonly polls: number
  readonly way: WayToPay
  /** Since when the provider does not answer, in real time. */
  readonly unansweredMs: number | null
  /** The payment and the trip whose debt it pays; null for the promise of a ride. */
  readonly debt: { readonly paymentId: string; readonly tripId: string } | null
  readonly payment: Payment
}

interface PaymentRow {
  readonly payment_id: string
  readonly rider_id: string
  readonly trip_id: string | null
  readonly provider: string
  readonly state: PaymentStatus
  readonly currency: string
  readonly held_minor: MinorUnits
  readonly due_minor: MinorUnits
  readonly capture_minor: MinorUnits | null
  readonly captured_minor: MinorUnits
  readonly refund_asked_minor: MinorUnits
  readonly refunded_minor: MinorUnits
  readonly hold_gone: boolean
  readonly hold_key: string
  readonly provider_ref: string | null
  readonly transaction_ref: string | null
  readonly next_action: unknown
  readonly expires_at: number
  readonly vat_percent: number | null
  readonly polls: number
  readonly way: WayToPay
  readonly closed_why: ClosedWhy | null
  readonly unanswered_at: number | null
  readonly debt_of: string | null
  readonly debt_trip_id: string | null
  readonly waits_for_other: boolean
  readonly elsewhere_minor: MinorUnits
  readonly elsewhere_back_minor: MinorUnits
}

const columns = `payment_id, rider_id, trip_id, provider, state, currency, held_minor, due_minor, capture_minor,
  captured_minor, refund_asked_minor, refunded_minor, hold_gone, hold_key, provider_ref, transaction_ref, next_action,
  expires_at, vat_percent, polls, way, closed_why, unanswered_at, debt_of, debt_trip_id, waits_for_other,
  elsewhere_minor, elsewhere_back_minor`

const nextAction = Compile(NextAction)

function stored(row: PaymentRow): StoredPayment {
  assert(nextAction.Check(row.next_action), 'a stored next action fits its schema')
  return {
    paymentId: row.payment_id,
    riderId: row.rider_id,
    tripId: row.trip_id,
    provider: row.provider,
    currency: row.currency,
    holdKey: row.hold_key,
    providerRef: row.provider_ref,
    transactionRef: row.transaction_ref,
    next: row.next_action,
    expiresAtMs: epochMs(row.expires_at),
    vatPercent: row.vat_percent,
    polls: row.polls,
    way: row.way,
    unansweredMs: row.unanswered_at,
    debt:
      row.debt_of === null || row.debt_trip_id === null ? null : { paymentId: row.debt_of, tripId: row.debt_trip_id },
    payment: {
      status: row.state,
      // What pays a debt is bound to it from the moment when it holds anything.
      attached: row.debt_of === null ? row.trip_id !== null : row.state !== 'hold_pending' && row.state !== 'failed',
      heldMinor: minor(row.held_minor),
      dueMinor: minor(row.due_minor),
      captureMinor: row.capture_minor === null ? null : minor(row.capture_minor),
      capturedMinor: minor(row.captured_minor),
      refundAskedMinor: minor(row.refund_asked_minor),
      refundedMinor: minor(row.refunded_minor),
      holdGone: row.hold_gone,
      closedWhy: row.closed_why,
      waitsForOther: row.waits_for_other,
      elsewhereMinor: minor(row.elsewhere_minor),
      elsewhereBackMinor: minor(row.elsewhere_back_minor),
    },
  }
}

async function one(db: Queryable, where: string, values: readonly unknown[]): Promise<StoredPayment | null> {
  const { rows } = await db.query<PaymentRow>(`SELECT ${columns} FROM payment WHERE ${where}`, values)
  return rows[0] ? stored(rows[0]) : null
}

export const readPayment = (db: Queryable, paymentId: string): Promise<StoredPayment | null> =>
  one(db, 'payment_id = $1', [paymentId])

/** The payment with its row held until the transaction ends. */
export const holdPaymentRow = (tx: Queryable, paymentId: string): Promise<StoredPayment | null> =>
  one(tx, 'payment_id = $1 FOR UPDATE', [paymentId])

/** The rider's open promise of a ride, its row held. */
export const holdOpenPromiseRow = (tx: Queryable, riderId: string): Promise<StoredPayment | null> =>
  one(tx, `rider_id = $1 AND trip_id IS NULL AND debt_of IS NULL AND state IN ('hold_pending', 'held') FOR UPDATE`, [
    riderId,
  ])

export type FreshPayment = Pick<
  StoredPayment,
  'paymentId' | 'riderId' | 'provider' | 'currency' | 'holdKey' | 'expiresAtMs' | 'way' | 'debt' | 'payment'
>

export async function insertPayment(
  tx: Queryable,
  fresh: FreshPayment,
  at: { readonly cityMs: EpochMs; readonly pollAtMs: RealMs },
): Promise<void> {
  await tx.query(
    `INSERT INTO payment (payment_id, rider_id, provider, state, currency, held_minor, hold_key, next_action, expires_at,
                          poll_at, created_at, updated_at, way, debt_of, debt_trip_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14)`,
    [
      fresh.paymentId,
      fresh.riderId,
      fresh.provider,
      fresh.payment.status,
      fresh.currency,
      fresh.payment.heldMinor,
      fresh.holdKey,
      JSON.stringify({ kind: 'none' } satisfies NextAction),
      new Date(fresh.expiresAtMs),
      new Date(at.pollAtMs),
      new Date(at.cityMs),
      fresh.way,
      fresh.debt?.paymentId ?? null,
      fresh.debt?.tripId ?? null,
    ],
  )
}

/** Saves what a step decided. `pollAtMs` null: nothing to ask the provider about. */
export async function savePayment(
  tx: Queryable,
  next: StoredPayment,
  at: { readonly cityMs: EpochMs; readonly pollAtMs: RealMs | null; readonly resetPolls: boolean },
): Promise<void> {
  const { payment } = next
  await tx.query(
    `UPDATE payment SET state = $2, trip_id = $3, due_minor = $4, capture_minor = $5, captured_minor = $6,
            refund_asked_minor = $7, refunded_minor = $8, hold_gone = $9, provider_ref = $10, transaction_ref = $11,
            next_action = $12, vat_percent = $13, updated_at = $14, way = $17, closed_why = $18, waits_for_other = $19,
            elsewhere_minor = $20, elsewhere_back_minor = $21, unanswered_at = NULL,
            poll_at = CASE WHEN $16 OR $15::timestamptz IS NULL THEN $15::timestamptz ELSE coalesce(poll_at, $15) END,
            polls = CASE WHEN $16 THEN 0 ELSE polls END
     WHERE payment_id = $1`,
    [
      next.paymentId,
      payment.status,
      next.tripId,
      payment.dueMinor,
      payment.captureMinor,
      payment.capturedMinor,
      payment.refundAskedMinor,
      payment.refundedMinor,
      payment.holdGone,
      next.providerRef,
      next.transactionRef,
      JSON.stringify(next.next),
      next.vatPercent,
      new Date(at.cityMs),
      at.pollAtMs === null ? null : new Date(at.pollAtMs),
      at.resetPolls,
      next.way,
      payment.closedWhy,
      payment.waitsForOther,
      payment.elsewhereMinor,
      payment.elsewhereBackMinor,
    ],
  )
}

/** Ids of unattached promises whose time is over. */
export async function promisesToExpire(db: Queryable, cityMs: EpochMs, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ payment_id: string }>(
    `SELECT payment_id FROM payment WHERE trip_id IS NULL AND state IN ('hold_pending', 'held') AND expires_at <= $1
     ORDER BY expires_at LIMIT $2`,
    [new Date(cityMs), limit],
  )
  return rows.map((row) => row.payment_id)
}

/** Payments that are due to be asked about. */
export async function paymentsToPoll(
  db: Queryable,
  realMs: RealMs,
  limit: number,
): Promise<readonly { readonly paymentId: string; readonly polls: number }[]> {
  const { rows } = await db.query<{ payment_id: string; polls: number }>(
    'SELECT payment_id, polls FROM payment WHERE poll_at <= $1 ORDER BY poll_at LIMIT $2',
    [new Date(realMs), limit],
  )
  return rows.map((row) => ({ paymentId: row.payment_id, polls: row.polls }))
}

/** Takes the turn to ask about a payment; false when somebody asked since `notSinceMs`. */
export async function claimPoll(
  db: Queryable,
  paymentId: string,
  turn: { readonly realMs: RealMs; readonly notSinceMs: RealMs; readonly nextPollMs: RealMs },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE payment SET polled_at = $2, poll_at = $4, polls = polls + 1
     WHERE payment_id = $1 AND poll_at IS NOT NULL AND (polled_at IS NULL OR polled_at <= $3)`,
    [paymentId, new Date(turn.realMs), new Date(turn.notSinceMs), new Date(turn.nextPollMs)],
  )
  return rowCount === 1
}

export async function isInDebt(db: Queryable, riderId: string): Promise<boolean> {
  const { rows } = await db.query(`SELECT 1 FROM payment WHERE rider_id = $1 AND state = 'debt' LIMIT 1`, [riderId])
  return rows.length > 0
}

export interface StoredRefund {
  readonly refundId: string
  readonly paymentId: string
  readonly amountMinor: MinorUnits
  readonly reason: string
  readonly isDone: boolean
}

export async function insertRefund(
  tx: Queryable,
  refund: Omit<StoredRefund, 'isDone'> & { readonly actId: string | null },
  cityMs: EpochMs,
): Promise<void> {
  await tx.query(
    `INSERT INTO refund (refund_id, payment_id, amount_minor, reason, state, created_at, act_id)
     VALUES ($1, $2, $3, $4, 'pending', $5, $6)`,
    [refund.refundId, refund.paymentId, refund.amountMinor, refund.reason, new Date(cityMs), refund.actId],
  )
}

export async function readRefund(db: Queryable, refundId: string): Promise<StoredRefund | null> {
  const { rows } = await db.query<{
    payment_id: string
    amount_minor: number
    reason: string
    state: string
  }>('SELECT payment_id, amount_minor, reason, state FROM refund WHERE refund_id = $1', [refundId])
  const row = rows[0]
  if (!row) return null
  return {
    refundId,
    paymentId: row.payment_id,
    amountMinor: minor(row.amount_minor),
    reason: row.reason,
    isDone: row.state === 'done',
  }
}

/** Marks a refund as done and tells what has been given back of its payment so far. */
export async function confirmRefund(tx: Queryable, refund: StoredRefund, cityMs: EpochMs): Promise<MinorUnits> {
  await tx.query(`UPDATE refund SET state = 'done', done_at = coalesce(done_at, $2) WHERE refund_id = $1`, [
    refund.refundId,
    new Date(cityMs),
  ])
  const { rows } = await tx.query<{ total: number }>(
    `SELECT coalesce(sum(amount_minor), 0)::int8 AS total FROM refund WHERE payment_id = $1 AND state = 'done'`,
    [refund.paymentId],
  )
  return minor(rows[0]?.total ?? 0)
}

/** Stores a provider's message as it came; false when it was here before. */
export async function storeMessage(
  tx: Queryable,
  provider: string,
  message: Pick<Notification, 'eventId'> & { readonly body: Uint8Array },
  realMs: RealMs,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO provider_message (provider, event_id, body, received_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (provider, event_id) DO NOTHING`,
    [provider, message.eventId, Buffer.from(message.body), new Date(realMs)],
  )
  return rowCount === 1
}

export async function markMessageApplied(
  db: Queryable,
  provider: string,
  eventId: string,
  realMs: RealMs,
): Promise<void> {
  await db.query('UPDATE provider_message SET applied_at = $3 WHERE provider = $1 AND event_id = $2', [
    provider,
    eventId,
    new Date(realMs),
  ])
}
