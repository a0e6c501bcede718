import { epochMs } from '../contracts/units.ts'
import { forgetAppellantsBefore } from './appeals/personal-data.ts'
import { createAudit } from './audit/audit-service.ts'
import { dropPositionsBefore } from './fleet/position-partitions.ts'
import { forgetGrantsBefore } from './no-coverage/grant-store.ts'
import { forgetPayersBefore } from './payments/personal-data.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { forgetRidersBefore, roundPlacesBefore } from './trips/trip-places.ts'

const dayMs = 86_400_000
/** Where bikes were is personal as long as somebody rode them: kept for complaints about a ride, no longer. */
const keepPositionsMs = 7 * dayMs
/** Done effects, first answers, used links and messages of a provider: long after anybody repeats them. */
const keepTracesMs = 30 * dayMs
/** How often bikes were wanted where: a year ago today is worth a look, older ones are not. */
const keepDemandMs = 400 * dayMs
/** Where a crew's phone was: for a complaint about a bike that it left somewhere, as long as its pictures. */
const keepCrewPlacesMs = 90 * dayMs
/** What a plan was made from, some megabytes: as long as anybody asks why. Routes, acts and reports stay. */
const keepPlanInputsMs = 60 * dayMs
/** What colleagues did: as long as somebody may ask who opened that lock or paid that money back. */
const keepAuditMs = 2 * 365 * dayMs
/** Who wanted which bike: a day counts for the limits, the rest is for questions. */
const keepReservationsMs = 30 * dayMs
/** Who opened a bike by phone, and with which key: as long as its ride may be disputed by what the lock said. */
const keepGrantsMs = 30 * dayMs
/** Where a ride began and ended, to the metre: for complaints and fees of parking. */
const keepExactPlacesMs = 90 * dayMs
/** Whose ride it was: for complaints, about thirteen months. The books are kept longer, and name nobody. */
const keepRidersMs = 396 * dayMs
const plansAtOnce = 20
/** Who reported a bike: so that one rider counts as one while the fault is mended, no longer. */
const keepReportersMs = 30 * dayMs
/** Rows of one statement: a long one would make unlocks wait on the embedded database. */
const rowsAtOnce = 2_000
/** Small rows, and a large city makes ten thousand an hour. */
const demandRowsAtOnce = 20_000

/** Each table with the condition under which a row is over; `$1` is the moment before which traces are. */
const traces: readonly (readonly [table: string, key: string, condition: string])[] = [
  ['outbox', 'outbox_id', 'done_at < $1'],
  ['idempotent_answer', 'ctid', 'created_at < $1'],
  ['login_code', 'address_index', 'expires_at < $1'],
  ['session', 'token_hash', 'expires_at < $1'],
  ['staff_link', 'token_hash', 'expires_at < $1'],
  ['staff_try', 'subject_index', 'first_at < $1'],
  ['rider_ring', 'command_id', 'rung_at < $1'],
  ['provider_message', 'ctid', 'received_at < $1'],
]

/** Forgets what nobody needs any more, bounded; what is left over goes at the next turn. */
export async function forgetWhatIsOver(db: Database, clock: Clock): Promise<void> {
  await dropPositionsBefore(db, epochMs(clock.nowMs() - keepPositionsMs))
  await db.query(
    'DELETE FROM demand_count WHERE ctid IN (SELECT ctid FROM demand_count WHERE local_day < $1 LIMIT $2)',
    [new Date(clock.nowMs() - keepDemandMs).toISOString().slice(0, 10), demandRowsAtOnce],
  )
  await db.query(
    `UPDATE crew_act SET geom = NULL, body = body - 'lon' - 'lat' WHERE act_id IN (
       SELECT act_id FROM crew_act WHERE received_at < $1 AND geom IS NOT NULL LIMIT $2)`,
    [new Date(clock.nowMs() - keepCrewPlacesMs), rowsAtOnce],
  )
  await db.query(
    `UPDATE night_plan SET problem = NULL, facts = NULL WHERE plan_id IN (
       SELECT plan_id FROM night_plan WHERE created_at < $1 AND problem IS NOT NULL LIMIT $2)`,
    [new Date(clock.nowMs() - keepPlanInputsMs), plansAtOnce],
  )
  await db.query(
    'DELETE FROM reservation WHERE reservation_id IN (SELECT reservation_id FROM reservation WHERE ended_at < $1 LIMIT $2)',
    [new Date(clock.nowMs() - keepReservationsMs), rowsAtOnce],
  )
  await forgetGrantsBefore(db, new Date(clock.nowMs() - keepGrantsMs), rowsAtOnce)
  await roundPlacesBefore(db, new Date(clock.nowMs() - keepExactPlacesMs), rowsAtOnce)
  const noRiders = new Date(clock.nowMs() - keepRidersMs)
  await forgetAppellantsBefore(db, noRiders, rowsAtOnce)
  await forgetRidersBefore(db, noRiders, rowsAtOnce)
  await forgetPayersBefore(db, noRiders, rowsAtOnce)
  await createAudit({ db, clock }).forgetBefore(clock.realNowMs() - keepAuditMs, rowsAtOnce)
  await db.query(
    `UPDATE rider_report SET rider_id = NULL WHERE report_id IN (
       SELECT report_id FROM rider_report WHERE at < $1 AND rider_id IS NOT NULL LIMIT $2)`,
    [new Date(clock.nowMs() - keepReportersMs), rowsAtOnce],
  )
  const before = new Date(clock.realNowMs() - keepTracesMs)
  for (const [table, key, condition] of traces) {
    await db.query(`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT $2)`, [
      before,
      rowsAtOnce,
    ])
  }
}
