import { asId, type RiderId, type StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Queryable } from '../platform/database.ts'
import type { SessionTimes } from './core/session-life.ts'

export type SessionOwner =
  | { readonly kind: 'rider'; readonly riderId: RiderId }
  | { readonly kind: 'staff'; readonly staffId: StaffId; readonly role: StaffRole }

/** How a colleague logged in. */
export interface StaffWay {
  readonly app: 'desk' | 'crew'
  readonly by: 'link' | 'password'
  /** What the browser says of itself. */
  readonly agent: string | null
}

/** How a rider did. */
export interface RiderWay {
  readonly app: null
  readonly by: null
  readonly agent: string | null
}

export interface StoredSession {
  readonly owner: SessionOwner
  readonly times: SessionTimes
  readonly hasSecondFactor: boolean
}

/** One row of a person's own list. */
export interface StaffSessionRow extends StaffWay {
  readonly sessionId: string
  readonly tokenHash: Uint8Array
  readonly createdAtMs: number
  readonly seenAtMs: number
  readonly expiresAtMs: number
}

export type RiderSessionRow = Omit<StaffSessionRow, 'app' | 'by'>

const longestAgent = 200

export async function insertSession(
  tx: Queryable,
  session: {
    tokenHash: Buffer
    sessionId: string
    owner: SessionOwner
    way: StaffWay | RiderWay | null
    nowMs: number
    expiresAtMs: number
  },
): Promise<void> {
  const { owner, way } = session
  const now = new Date(session.nowMs)
  await tx.query(
    `INSERT INTO session (token_hash, session_id, rider_id, staff_id, app, began_by, agent, seen_at, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      session.tokenHash,
      session.sessionId,
      owner.kind === 'rider' ? owner.riderId : null,
      owner.kind === 'staff' ? owner.staffId : null,
      way?.app ?? null,
      way?.by ?? null,
      way?.agent?.slice(0, longestAgent) ?? null,
      now,
      now,
      new Date(session.expiresAtMs),
    ],
  )
  if (owner.kind === 'staff') await tx.query('UPDATE staff SET seen_at = $2 WHERE staff_id = $1', [owner.staffId, now])
}

/** Null when there is none, or its owner was switched off. */
export async function storedSession(db: Queryable, tokenHash: Buffer): Promise<StoredSession | null> {
  const { rows } = await db.query<{
    rider_id: string | null
    staff_id: string | null
    app: 'desk' | 'crew' | null
    role: StaffRole | null
    expires_at: number
    seen_at: number | null
    has_second_factor: boolean
    is_off: boolean
  }>(
    `SELECT s.rider_id, s.staff_id, s.app, p.role, s.expires_at, s.seen_at,
        p.totp_sealed IS NOT NULL AS has_second_factor, p.ended_at IS NOT NULL AS is_off
      FROM session s LEFT JOIN staff p USING (staff_id) WHERE s.token_hash = $1`,
    [tokenHash],
  )
  const row = rows[0]
  if (!row || row.is_off) return null
  const owner: SessionOwner =
    row.rider_id === null
      ? { kind: 'staff', staffId: asId<StaffId>(row.staff_id ?? ''), role: row.role ?? 'crew' }
      : { kind: 'rider', riderId: asId<RiderId>(row.rider_id) }
  const times = { place: row.app ?? 'rider', expiresAtMs: row.expires_at, seenAtMs: row.seen_at } as const
  return { owner, times, hasSecondFactor: row.has_second_factor }
}

/** Somebody's request, now and then. */
export async function markSeen(db: Queryable, tokenHash: Buffer, nowMs: number): Promise<void> {
  await db.query(
    `WITH seen AS (UPDATE session SET seen_at = $2 WHERE token_hash = $1 RETURNING staff_id)
     UPDATE staff SET seen_at = $2 FROM seen WHERE staff.staff_id = seen.staff_id`,
    [tokenHash, new Date(nowMs)],
  )
}

export async function deleteSession(db: Queryable, tokenHash: Buffer): Promise<void> {
  await db.query('DELETE FROM session WHERE token_hash = $1', [tokenHash])
}

/** Ends a person's sessions: one of them, or all but one; the hashes of those that were ended. */
export async function deleteSessionsOf(
  tx: Queryable,
  staffId: StaffId,
  which: { readonly only?: string; readonly except?: Buffer },
): Promise<Uint8Array[]> {
  const { rows } = await tx.query<{ token_hash: Uint8Array }>(
    `DELETE FROM session WHERE staff_id = $1 AND ($2::uuid IS NULL OR session_id = $2)
       AND ($3::bytea IS NULL OR token_hash <> $3) RETURNING token_hash`,
    [staffId, which.only ?? null, which.except ?? null],
  )
  return rows.map((row) => row.token_hash)
}

/** Newest use first. */
export async function sessionsOf(
  db: Queryable,
  staffId: StaffId,
  nowMs: number,
  most: number,
): Promise<StaffSessionRow[]> {
  const { rows } = await db.query<StaffSessionRow>(
    `SELECT session_id AS "sessionId", token_hash AS "tokenHash", app, began_by AS "by", agent,
        created_at AS "createdAtMs", coalesce(seen_at, $2) AS "seenAtMs", expires_at AS "expiresAtMs"
      FROM session WHERE staff_id = $1 AND expires_at > $2 ORDER BY coalesce(seen_at, $2) DESC, session_id LIMIT $3`,
    [staffId, new Date(nowMs), most],
  )
  return rows
}

/** How this session began; null when it is over. */
export async function beginningOf(
  db: Queryable,
  tokenHash: Buffer,
): Promise<{ by: 'link' | 'password' | null; atMs: number } | null> {
  const { rows } = await db.query<{ by: 'link' | 'password' | null; atMs: number }>(
    'SELECT began_by AS "by", created_at AS "atMs" FROM session WHERE token_hash = $1',
    [tokenHash],
  )
  return rows[0] ?? null
}

/** A rider's, newest use first. */
export async function riderSessionsOf(
  db: Queryable,
  riderId: RiderId,
  nowMs: number,
  most: number,
): Promise<RiderSessionRow[]> {
  const { rows } = await db.query<RiderSessionRow>(
    `SELECT session_id AS "sessionId", token_hash AS "tokenHash", agent, created_at AS "createdAtMs",
        coalesce(seen_at, created_at) AS "seenAtMs", expires_at AS "expiresAtMs"
      FROM session WHERE rider_id = $1 AND expires_at > $2
      ORDER BY coalesce(seen_at, created_at) DESC, session_id LIMIT $3`,
    [riderId, new Date(nowMs), most],
  )
  return rows
}

/** Ends a rider's sessions: one of them, or all; the hashes of those that were ended. */
export async function deleteRiderSessions(tx: Queryable, riderId: RiderId, only: string | null): Promise<Uint8Array[]> {
  const { rows } = await tx.query<{ token_hash: Uint8Array }>(
    'DELETE FROM session WHERE rider_id = $1 AND ($2::uuid IS NULL OR session_id = $2) RETURNING token_hash',
    [riderId, only],
  )
  return rows.map((row) => row.token_hash)
}
