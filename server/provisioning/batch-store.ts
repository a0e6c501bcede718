import type { LockBatch, LockRow, NewLockBatch } from '../../contracts/http/locks.ts'
import { labelsOfSheet } from '../../contracts/http/locks.ts'
import type { BikeCode, BikeId, BikeNumber, LockId } from '../../contracts/ids.ts'
import type { Queryable } from '../platform/database.ts'

const dayMs = 86_400_000
/** A certificate that ends within it wants a new one at the next service. */
const endingMs = 30 * dayMs

interface BatchRow extends Omit<LockBatch, 'labelSheets'> {}

/** Newest first, older than `before`; or the one. */
export async function readBatches(
  db: Queryable,
  asked: { readonly batchId?: string; readonly before?: string | undefined; readonly limit: number },
): Promise<LockBatch[]> {
  const { rows } = await db.query<BatchRow>(
    `SELECT o.batch_id AS "batchId", o.prefix, o.first, o.size, o.model, o.credential, o.created_at AS "createdAt",
            count(l.lock_id)::int AS made, count(s.last_heard_at)::int AS heard, count(l.revoked_at)::int AS revoked
       FROM (SELECT * FROM lock_batch WHERE ($1::text IS NULL OR batch_id = $1)
                AND ($2::text IS NULL OR (created_at, batch_id) <
                     (SELECT created_at, batch_id FROM lock_batch WHERE batch_id = $2))
              ORDER BY created_at DESC, batch_id DESC LIMIT $3) o
       LEFT JOIN lock l ON l.batch_id = o.batch_id
       LEFT JOIN bike b ON b.lock_id = l.lock_id LEFT JOIN bike_latest s ON s.bike_id = b.bike_id
      GROUP BY o.batch_id, o.prefix, o.first, o.size, o.model, o.credential, o.created_at
      ORDER BY o.created_at DESC, o.batch_id DESC`,
    [asked.batchId ?? null, asked.before ?? null, asked.limit],
  )
  return rows.map((row) => ({ ...row, labelSheets: Math.ceil(row.size / labelsOfSheet) }))
}

export async function insertBatch(
  tx: Queryable,
  batch: Required<NewLockBatch>,
  atMs: number,
): Promise<Required<NewLockBatch>> {
  const { batchId, prefix, first, size, model, credential } = batch
  await tx.query(
    `INSERT INTO lock_batch (batch_id, prefix, first, size, model, credential, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [batchId, prefix, first, size, model, credential, new Date(atMs)],
  )
  const { rows } = await tx.query<Required<NewLockBatch>>(
    'SELECT batch_id AS "batchId", prefix, first, size, model, credential FROM lock_batch WHERE batch_id = $1',
    [batchId],
  )
  return rows[0] ?? batch
}

/** The first of these locks that exists and belongs to something else. */
export async function takenBySomethingElse(
  db: Queryable,
  lockIds: readonly LockId[],
  batchId: string,
): Promise<LockId | null> {
  const { rows } = await db.query<{ lock_id: LockId }>(
    'SELECT lock_id FROM lock WHERE lock_id = ANY ($1) AND batch_id IS DISTINCT FROM $2 ORDER BY lock_id LIMIT 1',
    [lockIds, batchId],
  )
  return rows[0]?.lock_id ?? null
}

export interface BatchLock {
  readonly lockId: LockId
  readonly bikeId: BikeId
  readonly number: BikeNumber
  readonly code: BikeCode
}

/** In the order of their ids. */
export async function locksOfBatch(
  db: Queryable,
  asked: { readonly batchId: string; readonly after: string | null; readonly limit: number },
): Promise<BatchLock[]> {
  const { rows } = await db.query<BatchLock>(
    `SELECT l.lock_id AS "lockId", b.bike_id AS "bikeId", b.number, b.code FROM lock l JOIN bike b USING (lock_id)
      WHERE l.batch_id = $1 AND ($2::text IS NULL OR l.lock_id COLLATE "C" > $2)
      ORDER BY l.lock_id COLLATE "C" LIMIT $3`,
    [asked.batchId, asked.after, asked.limit],
  )
  return rows
}

export interface LockFilter {
  readonly q?: string
  readonly batch?: string
  readonly revoked?: boolean
  readonly after?: string
}

/** Locks with what they prove themselves with; whether they are connected is known elsewhere. */
export async function readLocks(
  db: Queryable,
  filter: LockFilter,
  limit: number,
  realMs: number,
): Promise<Omit<LockRow, 'connected'>[]> {
  const { rows } = await db.query<Omit<LockRow, 'connected' | 'state'>>(
    `SELECT l.lock_id AS "lockId", b.bike_id AS "bikeId", b.number, l.batch_id AS "batchId", l.credential,
            l.key_epoch AS epoch, c.expires_at AS "expiresAt", l.revoked_at AS "revokedAt",
            l.revoked_reason AS "revokedReason", s.last_heard_at AS "lastHeardAt"
       FROM lock l JOIN bike b USING (lock_id) LEFT JOIN bike_latest s USING (bike_id)
       LEFT JOIN lock_certificate c ON c.serial = l.certificate_serial
      WHERE ($1::text IS NULL OR b.number = $1 OR l.lock_id COLLATE "C" LIKE $1 || '%')
        AND ($2::text IS NULL OR l.batch_id = $2) AND ($3::boolean IS NULL OR (l.revoked_at IS NOT NULL) = $3)
        AND ($4::text IS NULL OR l.lock_id COLLATE "C" > $4)
      ORDER BY l.lock_id COLLATE "C" LIMIT $5`,
    [filter.q ?? null, filter.batch ?? null, filter.revoked ?? null, filter.after ?? null, limit],
  )
  return rows.map((row) => ({ ...row, state: stateOf(row, realMs) }))
}

function stateOf(row: Pick<LockRow, 'revokedAt' | 'expiresAt'>, realMs: number): LockRow['state'] {
  if (row.revokedAt !== null) return 'revoked'
  if (row.expiresAt === null || row.expiresAt > realMs + endingMs) return 'active'
  return row.expiresAt > realMs ? 'ending' : 'expired'
}
