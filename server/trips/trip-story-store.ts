import type { StaffTrip, TripAct, TripActKind, TripActResult, TripMoment } from '../../contracts/http/staff-trips.ts'
import type { CommandState } from '../../contracts/http/trips.ts'
import type { CommandId, LockId, PaymentId, StaffId, TripId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { SettledPrice } from './trip-store.ts'

/** A ride has a handful of each; a broken lock that talks without end is not listened to. */
const mostOfAKind = 100

export async function commandsOf(db: Queryable, tripId: TripId): Promise<StaffTrip['commands']> {
  const { rows } = await db.query<{
    command_id: CommandId
    op: string
    state: CommandState
    result_code: string | null
    issued_at: number
    ended_at: number | null
  }>(
    `SELECT command_id, op, state, result_code, issued_at, ended_at FROM command WHERE trip_id = $1
     ORDER BY issued_at LIMIT $2`,
    [tripId, mostOfAKind],
  )
  return rows.map((row) => ({
    commandId: row.command_id,
    op: row.op,
    state: row.state,
    resultCode: row.result_code,
    issuedAt: row.issued_at,
    endedAt: row.ended_at,
  }))
}

/** What the bolt did between two moments, by the lock's own reports. */
export async function boltMomentsOf(
  db: Queryable,
  lockId: LockId,
  fromMs: EpochMs,
  toMs: EpochMs,
): Promise<readonly { readonly at: EpochMs; readonly to: string }[]> {
  const { rows } = await db.query<{ made_at: number; to: string }>(
    `SELECT made_at, body ->> 'to' AS to FROM lock_report
     WHERE lock_id = $1 AND kind = 'evt' AND made_at >= $2 AND made_at <= $3 AND body ->> 'k' = 'bolt'
     ORDER BY made_at LIMIT $4`,
    [lockId, new Date(fromMs), new Date(toMs), mostOfAKind],
  )
  return rows.map((row) => ({ at: epochMs(row.made_at), to: row.to }))
}

/** What the books say of a payment, as moments of its trip. */
export async function moneyMomentsOf(db: Queryable, paymentId: PaymentId): Promise<TripMoment[]> {
  const { rows } = await db.query<{ event: string; posted_at: number; amount_minor: number; nth: number }>(
    `SELECT journal.event, journal.posted_at, entry.amount_minor,
            row_number() OVER (PARTITION BY journal.event ORDER BY abs(entry.amount_minor) DESC)::int4 AS nth
     FROM journal JOIN entry USING (journal_id) WHERE journal.payment_id = $1 AND entry.line = 0
     ORDER BY journal.posted_at LIMIT $2`,
    [paymentId, mostOfAKind],
  )
  return rows.flatMap(({ event, posted_at, amount_minor, nth }): TripMoment[] => {
    const kind = momentKindOf(event, nth)
    return kind === null ? [] : [{ ...quiet, kind, at: posted_at, amount: amount_minor }]
  })
}

const quiet = { detail: null, amount: null, by: null, reason: null } as const

function momentKindOf(event: string, nth: number): TripMoment['kind'] | null {
  if (event === 'trip_priced') return nth === 1 ? 'priced' : 'made_cheaper'
  if (event === 'captured' || event === 'refunded') return event
  return event === 'written_off' ? 'forgiven' : null
}

export async function refundsOf(db: Queryable, paymentId: PaymentId): Promise<StaffTrip['refunds']> {
  const { rows } = await db.query<{
    refund_id: string
    amount_minor: number
    state: 'pending' | 'done'
    why: string
    created_at: number
    done_at: number | null
    name: string | null
    reason: string | null
  }>(
    `SELECT r.refund_id, r.amount_minor, r.state, r.reason AS why, r.created_at, r.done_at, s.name, a.reason
     FROM refund r LEFT JOIN trip_act a USING (act_id) LEFT JOIN staff s USING (staff_id)
     WHERE r.payment_id = $1 ORDER BY r.created_at, r.refund_id LIMIT $2`,
    [paymentId, mostOfAKind],
  )
  return rows.map((row) => ({
    refundId: row.refund_id,
    amount: row.amount_minor,
    state: row.state,
    why: row.why,
    at: row.created_at,
    doneAt: row.done_at,
    by: row.name,
    reason: row.reason,
  }))
}

export async function receiptOfTrip(
  db: Queryable,
  tripId: TripId,
): Promise<{ readonly number: string; readonly path: string; readonly at: EpochMs } | null> {
  const { rows } = await db.query<{ number: string; token: string; issued_at: number }>(
    'SELECT number, token, issued_at FROM receipt WHERE trip_id = $1',
    [tripId],
  )
  const row = rows[0]
  return row ? { number: row.number, path: `/r/${row.token}`, at: epochMs(row.issued_at) } : null
}

interface ActRow {
  act_id: string
  trip_id: string
  act: TripActKind
  at: number
  staff_id: string
  name: string
  reason: string
  asked: Record<string, unknown>
  result: TripActResult
}
const actColumns = 'a.act_id, a.trip_id, a.act, a.at, a.staff_id, s.name, a.reason, a.asked, a.result'

const toAct = (row: ActRow): TripAct => ({
  actId: row.act_id,
  act: row.act,
  at: row.at,
  by: { staffId: row.staff_id, name: row.name },
  reason: row.reason,
  result: row.result,
})

/** Oldest first. */
export async function actsOf(db: Queryable, tripId: TripId): Promise<TripAct[]> {
  const { rows } = await db.query<ActRow>(
    `SELECT ${actColumns} FROM trip_act a JOIN staff s USING (staff_id) WHERE a.trip_id = $1
     ORDER BY a.real_at, a.act_id LIMIT $2`,
    [tripId, mostOfAKind],
  )
  return rows.map(toAct)
}

/** An act that was done before under this id, with what was asked for then. */
export async function actBefore(
  db: Queryable,
  actId: string,
): Promise<{ readonly tripId: string; readonly asked: Record<string, unknown>; readonly act: TripAct } | null> {
  const { rows } = await db.query<ActRow>(
    `SELECT ${actColumns} FROM trip_act a JOIN staff s USING (staff_id) WHERE a.act_id = $1`,
    [actId],
  )
  const row = rows[0]
  return row ? { tripId: row.trip_id, asked: row.asked, act: toAct(row) } : null
}

/** Throws a unique violation (`trip_act_pkey`) when the id is taken. */
export async function insertAct(
  tx: Queryable,
  act: Pick<TripAct, 'actId' | 'act' | 'at' | 'reason' | 'result'> & {
    readonly tripId: TripId
    readonly staffId: StaffId
    readonly asked: object
    readonly realMs: number
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO trip_act (act_id, trip_id, staff_id, act, reason, asked, result, at, real_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      act.actId,
      act.tripId,
      act.staffId,
      act.act,
      act.reason,
      JSON.stringify(act.asked),
      JSON.stringify(act.result),
      new Date(act.at),
      new Date(act.realMs),
    ],
  )
}

/** How many trips a colleague has watched since a moment of real time, counted no further than `most`. */
export async function replaysSince(db: Queryable, staffId: StaffId, sinceRealMs: number, most: number) {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int4 AS count FROM (SELECT 1 FROM trip_act WHERE staff_id = $1 AND act = 'replay'
       AND real_at > $2 LIMIT $3) AS recent`,
    [staffId, new Date(sinceRealMs), most],
  )
  return rows[0]?.count ?? 0
}

/** As it was settled; null before that. */
export async function settledPrice(tx: Queryable, tripId: TripId): Promise<SettledPrice | null> {
  const { rows } = await tx.query<{ price: SettledPrice | null }>('SELECT price FROM trip WHERE trip_id = $1', [tripId])
  return rows[0]?.price ?? null
}
