import type { LockId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { type StoredTrip, type TripRow, toTrip, tripColumns } from './trip-store.ts'

/**
 * What a lock did first and what after it. Boots and words are counted, and the count is believed over the times: those are
 * the server's until a boot has heard satellites, and either may be wrong, or as late as a word came in.
 */
export interface WordName {
  readonly b: number
  readonly q: number
}

/**
 * Of a lock's reports those after the word `($2, $3)` of the moment `$4`. Only a lock that was reset in a factory counts its
 * boots anew, under another high byte.
 */
const isAfter = `((boot_id, sequence) > ($2::int8, $3::int8) AND boot_id < (($2::int8 >> 24) + 1) << 24
       OR made_at > $4 AND boot_id >> 24 <> $2::int8 >> 24)`

/** So many rides of a lock may have begun before a closing is told that was before them. */
const ridesOvertakenAtMost = 8

/**
 * Whether a lock told of an opening, or of a closing that failed, after a word that says *closed* and comes in only now:
 * phones, answers and the network's own ways overtake it. Then that word ended nothing of what is so now.
 */
export async function movedAfter(db: Queryable, lockId: LockId, word: WordName, atMs: EpochMs): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM lock_report
     WHERE lock_id = $1 AND ${isAfter}
       AND kind = 'evt' AND body ->> 'k' = 'bolt' AND body ->> 'to' IN ('unlocked', 'jam_close') LIMIT 1`,
    [lockId, word.b, word.q, new Date(atMs)],
  )
  return rowCount > 0
}

/** When the lock closed first after an opening, by a report that was applied before the opening was. */
export async function alreadyClosedAfter(
  tx: Queryable,
  lockId: LockId,
  opening: WordName,
  atMs: EpochMs,
): Promise<EpochMs | null> {
  const { rows } = await tx.query<{ made_at: number }>(
    `SELECT made_at FROM lock_report
     WHERE lock_id = $1 AND ${isAfter} AND kind = 'evt' AND applied_at IS NOT NULL
       AND body ->> 'k' = 'bolt' AND body ->> 'to' = 'locked'
     ORDER BY boot_id >> 24 <> $2::int8 >> 24, boot_id, sequence LIMIT 1`,
    [lockId, opening.b, opening.q, new Date(atMs)],
  )
  return rows[0] === undefined ? null : epochMs(rows[0].made_at)
}

/** The ride that a closing at `atMs` belongs to: the newest one that had started by then, and was not opened after it. */
export async function rideClosedHeld(
  tx: Queryable,
  lockId: LockId,
  closing: WordName,
  atMs: EpochMs,
): Promise<StoredTrip | null> {
  const { rows } = await tx.query<TripRow>(
    `SELECT ${tripColumns} FROM trip WHERE trip_id = (
       SELECT trip_id FROM (
         SELECT trip_id, started_at FROM trip WHERE lock_id = $1 AND started_at <= $4 ORDER BY started_at DESC LIMIT $5
       ) AS newest
       WHERE (SELECT bool_and((boot_id, sequence) > ($2::int8, $3::int8)) FROM lock_report
               WHERE lock_id = $1 AND made_at = newest.started_at AND boot_id >> 24 = $2::int8 >> 24
                 AND kind = 'evt' AND body ->> 'k' = 'bolt' AND body ->> 'to' = 'unlocked') IS NOT TRUE
       ORDER BY started_at DESC LIMIT 1
     ) FOR UPDATE`,
    [lockId, closing.b, closing.q, new Date(atMs), ridesOvertakenAtMost],
  )
  return rows[0] ? toTrip(rows[0]) : null
}
