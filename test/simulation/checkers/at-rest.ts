import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { Database } from '../../../server/platform/database.ts'
import { type Checker, violation } from './evidence.ts'

/** Whether nothing is left to be done anywhere: a cheap look, before the checkers look closely. */
export async function isAtRest(db: Database, locks: readonly Lock[]): Promise<boolean> {
  if (locks.some((lock) => lock.outbox().events > 0 || !lock.isConnected())) return false
  const { rows } = await db.query<{ left: number }>(
    `SELECT (SELECT count(*) FROM trip WHERE state NOT IN ('charged', 'failed', 'cancelled'))
          + (SELECT count(*) FROM command WHERE state IN ('queued', 'sent', 'accepted'))
          + (SELECT count(*) FROM staff_command WHERE state IN ('queued', 'sent', 'accepted'))
          + (SELECT count(*) FROM outbox WHERE done_at IS NULL)
          + (SELECT count(*) FROM no_coverage_grant WHERE state = 'outstanding')
          + (SELECT count(*) FROM lock_report WHERE applied_at IS NULL)
          + (SELECT count(*) FROM refund WHERE state <> 'done')
          + (SELECT count(*) FROM payment WHERE state IN
              ('hold_pending', 'held', 'capture_pending', 'release_pending', 'refund_pending', 'debt')) AS left`,
  )
  return rows[0]?.left === 0
}

const restingTrips: ReadonlySet<string> = new Set(['charged', 'failed', 'cancelled'])
const endedCommands: ReadonlySet<string> = new Set(['done', 'rejected', 'failed', 'expired', 'unknown'])
const movingMoney: ReadonlySet<string> = new Set([
  ...['hold_pending', 'held', 'capture_pending', 'release_pending', 'refund_pending'],
])

/** After healing: every command ended, every hold resolved, every outbox drained, every trip over. */
export const everythingRests: Checker = ({ trips, commands, payments, reports, locks, undone }) => {
  const owing = new Set(payments.filter(({ state }) => state === 'debt').map(({ trip_id }) => trip_id))
  const moving = payments.filter(({ state, hold_gone }) => movingMoney.has(state) || (state === 'debt' && !hold_gone))
  return [
    ...trips
      .filter(({ state, trip_id }) => !restingTrips.has(state) && !(state === 'ended' && owing.has(trip_id)))
      .map(({ trip_id, state }) => violation('trips-rest', `${trip_id} is ${state}`)),
    ...commands
      .filter(({ state }) => !endedCommands.has(state))
      .map(({ command_id, state }) => violation('commands-end', `${command_id} is ${state}`)),
    ...moving.map(({ payment_id, state }) => violation('holds-are-resolved', `${payment_id} is ${state}`)),
    ...(undone.effects + undone.refunds + undone.messages === 0
      ? []
      : [violation('outbox-drains', JSON.stringify(undone))]),
    ...reports
      .filter(({ applied_at }) => applied_at === null)
      .map((row) => violation('reports-are-applied', `${row.lock_id} ${row.boot_id}/${row.sequence}`)),
    ...locks
      .filter(({ waiting }) => waiting > 0)
      .map(({ lockId, waiting }) => violation('locks-tell-everything', `${lockId} has ${waiting} events`)),
  ]
}
