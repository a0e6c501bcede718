import type { EpochMs } from '../contracts/units.ts'
import { ledgerSums } from './payments/ledger-store.ts'
import type { Queryable } from './platform/database.ts'
import type { Metrics } from './platform/metrics.ts'
import type { TripChange } from './trips/trip-mover.ts'

/** Trips that are still alive this long after their machine should have moved them are stuck. */
const patienceMs = 120_000
/** An unlock is answered or given up well before this, city time. */
const longestUnlockMs = 900_000
/** A ride that ended is charged by then, unless its rider owes it. */
const longestChargeMs = 3_600_000

/** Active longer than their machine allows: zero, or somebody must look. */
export async function countStuckTrips(db: Queryable, nowMs: EpochMs): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM trip t JOIN payment p USING (payment_id)
     WHERE t.due_at < $1
        OR (t.state = 'unlocking' AND t.updated_at < $2)
        OR (t.state = 'ended' AND p.state NOT IN ('debt', 'expired') AND t.updated_at < $3)`,
    [new Date(nowMs - patienceMs), new Date(nowMs - longestUnlockMs), new Date(nowMs - longestChargeMs)],
  )
  return rows[0]?.count ?? 0
}

/** The gauges that are asked at the scrape. */
export function watchDatabase(metrics: Metrics, db: Queryable, nowMs: () => EpochMs): void {
  metrics.gauge('zwerm_trips_stuck', 'Trips active longer than their machine allows', () =>
    countStuckTrips(db, nowMs()),
  )
  metrics.gauges('zwerm_ledger_sum_minor', 'Sum of all ledger entries: always 0', 'currency', async () => {
    const sums = await ledgerSums(db)
    return new Map(sums.map(({ currency, sumMinor }) => [currency, sumMinor]))
  })
}

/** Trips whose unlock is being timed at most; the rest go untimed. */
const timedUnlocks = 10_000

/** Counts what becomes of trips, and how long an opening takes in real time. */
export function countTrips(metrics: Metrics, realNowMs: () => number): (change: TripChange) => void {
  const begun = new Map<string, number>()
  return ({ tripId, state }) => {
    if ((state === 'promised' || state === 'unlocking') && !begun.has(tripId) && begun.size < timedUnlocks) {
      begun.set(tripId, realNowMs())
      return
    }
    const since = begun.get(tripId)
    if (state === 'promised' || state === 'unlocking') return
    begun.delete(tripId)
    if (state === 'riding' && since !== undefined) metrics.unlockSeconds.observe((realNowMs() - since) / 1_000)
    if (state === 'charged') metrics.tripsTotal.inc({ outcome: 'completed' })
    if (state === 'failed' || state === 'cancelled') metrics.tripsTotal.inc({ outcome: state })
  }
}
