import { asId, type LockId, type RiderId, type TripId } from '../../contracts/ids.ts'
import type { Grant } from '../../contracts/no-coverage.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { GrantState } from './core/grant-machine.ts'

export interface StoredGrant {
  readonly grantId: string
  readonly tripId: TripId
  readonly lockId: LockId
  readonly nonce: string
  readonly bootId: number
  readonly challengedUptime: number
  readonly counter: number
  readonly ttlMs: number
  readonly state: GrantState
  readonly frame: Grant
}

interface GrantRow {
  grant_id: string
  trip_id: string
  lock_id: string
  nonce: string
  boot_id: number
  challenged_uptime: number
  counter: number
  ttl_ms: number
  state: GrantState
  frame: Grant
}
const columns = 'grant_id, trip_id, lock_id, nonce, boot_id, challenged_uptime, counter, ttl_ms, state, frame'

const toGrant = (row: GrantRow): StoredGrant => ({
  grantId: row.grant_id,
  tripId: asId<TripId>(row.trip_id),
  lockId: asId<LockId>(row.lock_id),
  nonce: row.nonce,
  bootId: row.boot_id,
  challengedUptime: row.challenged_uptime,
  counter: row.counter,
  ttlMs: row.ttl_ms,
  state: row.state,
  frame: row.frame,
})

/** Unsettled ones of a lock that are looked at; it has one outstanding, and few that nobody heard of again. */
const mostUnsettled = 20

/** The epoch and the version of a lock's keys, its row held: two orders for one lock come one after the other. */
export async function lockHeld(
  tx: Queryable,
  lockId: LockId,
): Promise<{ readonly keyEpoch: number; readonly keyVersion: number } | null> {
  const { rows } = await tx.query<{ keyEpoch: number; keyVersion: number }>(
    'SELECT key_epoch AS "keyEpoch", key_version AS "keyVersion" FROM lock WHERE lock_id = $1 FOR UPDATE',
    [lockId],
  )
  return rows[0] ?? null
}

export async function keysOfLock(
  db: Queryable,
  lockId: LockId,
): Promise<{ readonly keyEpoch: number; readonly keyVersion: number } | null> {
  const { rows } = await db.query<{ keyEpoch: number; keyVersion: number }>(
    'SELECT key_epoch AS "keyEpoch", key_version AS "keyVersion" FROM lock WHERE lock_id = $1',
    [lockId],
  )
  return rows[0] ?? null
}

/** Newest first: those that are not settled, the newest of all, and the one that answers `nonce`. */
export async function earlierGrants(tx: Queryable, lockId: LockId, nonce: string): Promise<StoredGrant[]> {
  const { rows } = await tx.query<GrantRow>(
    `SELECT ${columns} FROM no_coverage_grant
      WHERE lock_id = $1 AND (state IN ('outstanding', 'unanswered') OR nonce = $2
         OR counter = (SELECT max(counter) FROM no_coverage_grant WHERE lock_id = $1))
      ORDER BY counter DESC LIMIT $3`,
    [lockId, nonce, mostUnsettled],
  )
  return rows.map(toGrant)
}

export async function grantsOfTrip(tx: Queryable, tripId: TripId): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM no_coverage_grant WHERE trip_id = $1',
    [tripId],
  )
  return rows[0]?.count ?? 0
}

export async function insertGrant(
  tx: Queryable,
  grant: StoredGrant & { readonly issuedAt: EpochMs; readonly expiresAt: EpochMs },
): Promise<void> {
  await tx.query(
    `INSERT INTO no_coverage_grant (grant_id, trip_id, lock_id, nonce, boot_id, challenged_uptime, counter, ttl_ms, state,
                                    frame, issued_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      grant.grantId,
      grant.tripId,
      grant.lockId,
      grant.nonce,
      grant.bootId,
      grant.challengedUptime,
      grant.counter,
      grant.ttlMs,
      grant.state,
      JSON.stringify(grant.frame),
      new Date(grant.issuedAt),
      new Date(grant.expiresAt),
    ],
  )
}

export async function saveGrant(tx: Queryable, grantId: string, state: GrantState, nowMs: EpochMs): Promise<void> {
  await tx.query(
    `UPDATE no_coverage_grant SET state = $2, ended_at = CASE WHEN $2 = 'outstanding' THEN NULL ELSE coalesce(ended_at, $3) END
      WHERE grant_id = $1`,
    [grantId, state, new Date(nowMs)],
  )
}

export async function grantHeld(tx: Queryable, grantId: string): Promise<StoredGrant | null> {
  const { rows } = await tx.query<GrantRow>(`SELECT ${columns} FROM no_coverage_grant WHERE grant_id = $1 FOR UPDATE`, [
    grantId,
  ])
  return rows[0] ? toGrant(rows[0]) : null
}

/** Which challenge a grant of this lock answered, and when. */
export async function grantAnswered(
  db: Queryable,
  lockId: LockId,
  grantId: string,
): Promise<{ readonly bootId: number; readonly challengedUptime: number; readonly issuedAt: EpochMs } | null> {
  const { rows } = await db.query<{ bootId: number; challengedUptime: number; issuedAt: EpochMs }>(
    `SELECT boot_id AS "bootId", challenged_uptime AS "challengedUptime", issued_at AS "issuedAt"
       FROM no_coverage_grant WHERE grant_id = $1 AND lock_id = $2`,
    [grantId, lockId],
  )
  return rows[0] ?? null
}

/** Unsettled grants of a lock. */
export async function unsettledGrants(tx: Queryable, lockId: LockId): Promise<StoredGrant[]> {
  const { rows } = await tx.query<GrantRow>(
    `SELECT ${columns} FROM no_coverage_grant WHERE lock_id = $1 AND state IN ('outstanding', 'unanswered')
      ORDER BY counter LIMIT $2`,
    [lockId, mostUnsettled],
  )
  return rows.map(toGrant)
}

/** Whether a phone may still open this trip's lock, or has opened it and nobody told. */
export async function hasUnsettledGrant(tx: Queryable, tripId: TripId): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM no_coverage_grant WHERE trip_id = $1 AND state IN ('outstanding', 'unanswered') LIMIT 1`,
    [tripId],
  )
  return rowCount > 0
}

export async function dueGrants(db: Queryable, nowMs: EpochMs, limit: number): Promise<StoredGrant[]> {
  const { rows } = await db.query<GrantRow>(
    `SELECT ${columns} FROM no_coverage_grant WHERE state = 'outstanding' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`,
    [new Date(nowMs), limit],
  )
  return rows.map(toGrant)
}

/** Whether a command of this trip may still be answered. */
export async function hasUnsettledCommand(tx: Queryable, tripId: TripId, alsoUnknown: boolean): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM command WHERE trip_id = $1
        AND (state IN ('queued', 'sent', 'accepted') OR ($2 AND state = 'unknown')) LIMIT 1`,
    [tripId, alsoUnknown],
  )
  return rowCount > 0
}

/** The trip that a grant or a key of this lock was made for. */
export async function tripOfGrant(tx: Queryable, lockId: LockId, grantId: string): Promise<TripId | null> {
  const { rows } = await tx.query<{ trip_id: string }>(
    'SELECT trip_id FROM no_coverage_grant WHERE grant_id = $1 AND lock_id = $2',
    [grantId, lockId],
  )
  return rows[0] ? asId<TripId>(rows[0].trip_id) : null
}

/** Rows of rides that are long over, and keys that have ended. */
export async function forgetGrantsBefore(db: Queryable, before: Date, most: number): Promise<void> {
  await db.query(
    `DELETE FROM no_coverage_grant WHERE grant_id IN (
       SELECT grant_id FROM no_coverage_grant WHERE issued_at < $1 AND state <> 'outstanding' LIMIT $2)`,
    [before, most],
  )
  await db.query(
    'DELETE FROM no_coverage_key WHERE key_id IN (SELECT key_id FROM no_coverage_key WHERE expires_at < $1 LIMIT $2)',
    [before, most],
  )
}

export interface ExportedGrant {
  readonly askedAt: number
  readonly state: GrantState
  readonly tripId: string
}

export async function grantsOfRider(
  db: Queryable,
  riderId: RiderId,
  offset: number,
  limit: number,
): Promise<ExportedGrant[]> {
  const { rows } = await db.query<ExportedGrant>(
    `SELECT g.issued_at AS "askedAt", g.state, g.trip_id AS "tripId"
       FROM no_coverage_grant g JOIN trip t USING (trip_id) WHERE t.rider_id = $1
      ORDER BY g.issued_at DESC, g.grant_id LIMIT $3 OFFSET $2`,
    [riderId, offset, limit],
  )
  return rows
}
