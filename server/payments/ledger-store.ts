import { assert } from '../../contracts/assert.ts'
import { type EpochMs, epochMs, type MinorUnits, minor } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { Account, AccountKind, Journal, LedgerEntry } from './core/ledger.ts'

/**
 * Posts a journal once: a repeat with the same `idemKey` changes nothing and returns false. Accounts come into being
 * with their first entry. `nowMs` is city time.
 */
export async function post(
  tx: Queryable,
  journal: Journal,
  made: { readonly ids: Pick<Ids, 'uuid'>; readonly nowMs: number },
): Promise<boolean> {
  assert(
    journal.entries.reduce((sum, entry) => sum + entry.amountMinor, 0) === 0,
    'the entries of a journal sum to zero',
  )
  const journalId = made.ids.uuid()
  const { rowCount } = await tx.query(
    `INSERT INTO journal (journal_id, idem_key, event, trip_id, payment_id, reverses, posted_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (idem_key) DO NOTHING`,
    [
      journalId,
      journal.idemKey,
      journal.event,
      journal.tripId,
      journal.paymentId,
      journal.reverses,
      new Date(made.nowMs),
    ],
  )
  if (rowCount === 0) return false
  const accounts = [...new Map(journal.entries.map(({ account }) => [account.code, account])).values()]
  await tx.query(
    `INSERT INTO account (code, kind) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT (code) DO NOTHING`,
    [accounts.map(({ code }) => code), accounts.map(({ kind }) => kind)],
  )
  const written = await tx.query(
    `INSERT INTO entry (journal_id, line, account_id, amount_minor, currency)
     SELECT $1, new.line, account.account_id, new.amount_minor, $2
     FROM unnest($3::int[], $4::text[], $5::int8[]) AS new (line, code, amount_minor) JOIN account USING (code)`,
    [
      journalId,
      journal.currency,
      journal.entries.map((_, line) => line),
      journal.entries.map(({ account }) => account.code),
      journal.entries.map(({ amountMinor }) => amountMinor),
    ],
  )
  assert(written.rowCount === journal.entries.length, 'every entry of a journal has its account')
  return true
}

export interface StoredJournal {
  readonly journalId: string
  readonly entries: readonly LedgerEntry[]
}

/** The price of a payment's trip that holds now: the last one posted that was not reversed. */
export async function currentPriceJournal(tx: Queryable, paymentId: string): Promise<StoredJournal | null> {
  const { rows } = await tx.query<{ journal_id: string; code: string; kind: AccountKind; amount_minor: number }>(
    `SELECT journal.journal_id, account.code, account.kind, entry.amount_minor
     FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
     WHERE journal.payment_id = $1 AND journal.event = 'trip_priced'
       AND NOT EXISTS (SELECT 1 FROM journal AS undone WHERE undone.reverses = journal.journal_id)
     ORDER BY entry.line`,
    [paymentId],
  )
  const first = rows[0]
  if (!first) return null
  assert(
    rows.every((row) => row.journal_id === first.journal_id),
    'a trip has one price at a time',
  )
  return {
    journalId: first.journal_id,
    entries: rows.map((row) => ({
      account: { code: row.code, kind: row.kind } satisfies Account,
      amountMinor: minor(row.amount_minor),
    })),
  }
}

/** What was written off of a payment's trip: it stays earned and taxed, and is asked of nobody. */
export async function writtenOffMinor(tx: Queryable, paymentId: string): Promise<MinorUnits> {
  const { rows } = await tx.query<{ sum: number }>(
    `SELECT coalesce(sum(entry.amount_minor), 0)::int8 AS sum FROM journal JOIN entry USING (journal_id)
     WHERE journal.payment_id = $1 AND journal.event = 'written_off' AND entry.line = 0`,
    [paymentId],
  )
  return minor(rows[0]?.sum ?? 0)
}

/** A journal of a payment: what happened, when, and how much its first line debits. */
export interface PaymentJournal {
  readonly event: Journal['event']
  readonly atMs: EpochMs
  readonly amountMinor: MinorUnits
}

/** Everything that was posted for a payment, oldest first; a handful. */
export async function journalsOf(db: Queryable, paymentId: string): Promise<readonly PaymentJournal[]> {
  const { rows } = await db.query<{ event: Journal['event']; posted_at: number; amount_minor: number }>(
    `SELECT journal.event, journal.posted_at, entry.amount_minor FROM journal JOIN entry USING (journal_id)
     WHERE journal.payment_id = $1 AND entry.line = 0 ORDER BY journal.posted_at LIMIT $2`,
    [paymentId, mostJournalsOfPayment],
  )
  return rows.map((row) => ({
    event: row.event,
    atMs: epochMs(row.posted_at),
    amountMinor: minor(row.amount_minor),
  }))
}

/** A price can be lowered by one minor unit at a time; nobody does. */
const mostJournalsOfPayment = 500

/** The sum of all entries per currency that is sold or booked: zero, or money appeared out of nothing. For the metric. */
export async function ledgerSums(
  db: Queryable,
): Promise<readonly { readonly currency: string; readonly sumMinor: number }[]> {
  const { rows } = await db.query<{ currency: string; sum: number }>(
    `SELECT currency, coalesce(sum(amount_minor), 0)::int8 AS sum
     FROM (SELECT DISTINCT currency FROM tariff) AS sold FULL JOIN entry USING (currency)
     GROUP BY currency ORDER BY currency`,
  )
  return rows.map((row) => ({ currency: row.currency, sumMinor: row.sum }))
}

/** What stands on an account, debit positive, in minor units; 0 for one that does not exist yet. */
export async function accountBalance(db: Queryable, code: string, currency: string): Promise<number> {
  const { rows } = await db.query<{ sum: number }>(
    `SELECT coalesce(sum(entry.amount_minor), 0)::int8 AS sum FROM entry JOIN account USING (account_id)
     WHERE account.code = $1 AND entry.currency = $2`,
    [code, currency],
  )
  return rows[0]?.sum ?? 0
}
