import { assert } from '../../contracts/assert.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { type DayCounts, type MoneySums, noCounts } from './core/day-counts.ts'
import { countDay, countMoney, lockSumsSql, type Span } from './count-day.ts'

/** Counts a day anew and keeps that in place of what was there. */
export async function makeDay(db: Database, span: Span, nowMs: number): Promise<void> {
  await db.transaction(async (tx) => {
    const counts = await countDay(tx, span)
    await tx.query(
      `INSERT INTO day_figures (local_day, counts, made_at) VALUES ($1, $2, $3)
       ON CONFLICT (local_day) DO UPDATE SET counts = excluded.counts, made_at = excluded.made_at`,
      [span.day, JSON.stringify(counts), new Date(nowMs)],
    )
    await tx.query('DELETE FROM day_money WHERE local_day = $1', [span.day])
    for (const money of await countMoney(tx, span)) {
      await tx.query('INSERT INTO day_money VALUES ($1, $2, $3, $4, $5, $6)', [
        span.day,
        ...[money.currency, money.netMinor, money.vatMinor, money.refundedMinor, money.writtenOffMinor],
      ])
    }
    await tx.query('DELETE FROM day_lock WHERE local_day = $1', [span.day])
    await tx.query(
      `INSERT INTO day_lock (local_day, lock_id, asked, opened, refused, jammed, unanswered, opening_ms)
       SELECT $3::date, s.* FROM (${lockSumsSql}) AS s`,
      [new Date(span.fromMs), new Date(span.toMs), span.day],
    )
  })
}

/** Days that are kept, by date. */
export async function keptDays(db: Queryable, from: string, to: string): Promise<ReadonlyMap<string, DayCounts>> {
  const { rows } = await db.query<{ day: string; counts: DayCounts }>(
    'SELECT local_day AS day, counts FROM day_figures WHERE local_day BETWEEN $1 AND $2 ORDER BY local_day',
    [from, to],
  )
  return new Map(
    rows.map(({ day, counts }) => {
      assert(typeof counts.rides === 'number' && Array.isArray(counts.openings), 'the counts of a day are as written')
      // A figure that came later counts as nothing in days before it.
      return [day, { ...noCounts, ...counts }]
    }),
  )
}

export async function keptMoney(
  db: Queryable,
  from: string,
  to: string,
): Promise<readonly (MoneySums & { readonly day: string; readonly currency: string })[]> {
  const { rows } = await db.query<MoneySums & { day: string; currency: string }>(
    `SELECT local_day AS day, currency, net_minor AS "netMinor", vat_minor AS "vatMinor",
            refunded_minor AS "refundedMinor", written_off_minor AS "writtenOffMinor"
       FROM day_money WHERE local_day BETWEEN $1 AND $2 ORDER BY currency, local_day`,
    [from, to],
  )
  return rows
}

/** When the first of anything was; null: nothing yet. The day of a sample, or the moment of a trip. */
export async function firstOfAll(
  db: Queryable,
): Promise<{ readonly tripMs: number | null; readonly sampleDay: string | null }> {
  const { rows } = await db.query<{ tripMs: number | null; sampleDay: string | null }>(
    `SELECT (SELECT min(created_at) FROM trip) AS "tripMs",
            least((SELECT min(local_day) FROM fleet_hour), (SELECT min(local_day) FROM day_figures)) AS "sampleDay"`,
  )
  return rows[0] ?? { tripMs: null, sampleDay: null }
}

/** Beginnings of the quarter hours in which trips were asked for that have changed in [`sinceMs`, `toMs`). */
export async function changedQuarters(
  db: Queryable,
  span: { readonly sinceMs: number; readonly toMs: number; readonly beforeMs: number },
): Promise<readonly number[]> {
  const { rows } = await db.query<{ quarter: number }>(
    `SELECT DISTINCT floor(extract(epoch FROM created_at) / 900)::int8 AS quarter FROM trip
      WHERE updated_at >= $1 AND updated_at < $2 AND created_at < $3`,
    [new Date(span.sinceMs), new Date(span.toMs), new Date(span.beforeMs)],
  )
  return rows.map(({ quarter }) => quarter * 900_000)
}

export async function tripsSeenAt(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ at: number }>('SELECT trips_seen_at AS at FROM numbers_mark')
  return rows[0]?.at ?? 0
}

export async function setTripsSeenAt(db: Queryable, atMs: number): Promise<void> {
  await db.query('UPDATE numbers_mark SET trips_seen_at = $1', [new Date(atMs)])
}
