import { countMissing, doubledRecords, readRecords } from '../scripts/start/stored-records.ts'
import { ledgerSums } from '../server/payments/ledger-store.ts'
import type { Database } from '../server/platform/database.ts'

/** What the database says after all kills, beside what locks, riders and the payment provider were told. */
export interface Verdict {
  readonly acknowledged: number
  /** Acknowledged to a lock, and not in the database. */
  readonly missing: number
  readonly doubled_records: number
  readonly trips: number
  /** Told to a rider as begun, and not in the database. */
  readonly missing_trips: number
  /** In the database, and told to no rider: a start that was sent again has begun another ride. */
  readonly doubled_trips: number
  readonly captures: number
  readonly doubled_charges: number
  /** Money that the provider has taken and our books have not, or the other way round; smallest units. */
  readonly books_off: number
  /** Trips, payments, commands, reports and orders to the outside that nothing moves any more; and which. */
  readonly stuck: number
  readonly stuck_kinds: Readonly<Record<string, number>>
}

export async function judge(
  db: Database,
  told: {
    readonly acknowledged: readonly string[]
    readonly tripsStarted: readonly string[]
    readonly sandboxUrl: string
  },
): Promise<Verdict> {
  const records = await readRecords(told.acknowledged)
  const one = async (text: string, values: readonly unknown[] = []): Promise<number> => {
    const { rows } = await db.query<{ count: number }>(text, values)
    return Number(rows[0]?.count ?? 0)
  }
  const trips = await one('SELECT count(*) AS count FROM trip')
  const known = await one('SELECT count(*) AS count FROM trip WHERE trip_id::text = ANY($1)', [told.tripsStarted])
  const captured = await one('SELECT coalesce(sum(captured_minor), 0) AS count FROM payment')
  const totals = (await (await fetch(`${told.sandboxUrl}/control/totals`)).json()) as { readonly capturedFen: number }
  const sums = await ledgerSums(db)
  return {
    acknowledged: records.length,
    missing: await countMissing(db, records),
    doubled_records: await one(doubledRecords),
    trips,
    missing_trips: told.tripsStarted.length - known,
    doubled_trips: trips - known,
    captures: await one(`SELECT count(*) AS count FROM journal WHERE event = 'captured'`),
    doubled_charges: await one(
      `SELECT count(*) AS count FROM
         (SELECT 1 FROM journal WHERE event = 'captured' GROUP BY payment_id HAVING count(*) > 1) AS twice`,
    ),
    books_off:
      Math.abs(captured - totals.capturedFen) + sums.reduce((soFar, { sumMinor }) => soFar + Math.abs(sumMinor), 0),
    ...(await whatIsStuck(one)),
  }
}

const stillOpen = {
  trips: `SELECT count(*) AS count FROM trip WHERE state NOT IN ('charged', 'failed', 'cancelled')`,
  payments: `SELECT count(*) AS count FROM payment
              WHERE trip_id IS NOT NULL AND state IN ('hold_pending', 'held', 'capture_pending', 'release_pending')`,
  commands: 'SELECT count(*) AS count FROM command WHERE ended_at IS NULL',
  reports: 'SELECT count(*) AS count FROM lock_report WHERE applied_at IS NULL',
  outbox: 'SELECT count(*) AS count FROM outbox WHERE done_at IS NULL',
}

async function whatIsStuck(count: (text: string) => Promise<number>): Promise<Pick<Verdict, 'stuck' | 'stuck_kinds'>> {
  const kinds: Record<string, number> = {}
  for (const [kind, text] of Object.entries(stillOpen)) {
    const open = await count(text)
    if (open > 0) kinds[kind] = open
  }
  return { stuck: Object.values(kinds).reduce((soFar, open) => soFar + open, 0), stuck_kinds: kinds }
}
