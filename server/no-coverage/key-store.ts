import { asId, type LockId, type TripId } from '../../contracts/ids.ts'
import type { PhoneKey } from '../../contracts/no-coverage.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

/** The newest key of a trip that nothing has revoked: an unlock with a higher counter does. */
export async function keyOfTrip(
  tx: Queryable,
  tripId: TripId,
  lockId: LockId,
  nowMs: EpochMs,
): Promise<PhoneKey | null> {
  const { rows } = await tx.query<{ frame: PhoneKey }>(
    `SELECT k.frame FROM no_coverage_key k
      WHERE k.trip_id = $1 AND k.lock_id = $2 AND k.expires_at > $3
        AND NOT EXISTS (SELECT 1 FROM command c WHERE c.lock_id = $2 AND c.op = 'unlock' AND c.counter > k.counter)
        AND NOT EXISTS (SELECT 1 FROM no_coverage_grant g WHERE g.lock_id = $2 AND g.counter > k.counter)
      ORDER BY k.counter DESC LIMIT 1`,
    [tripId, lockId, new Date(nowMs)],
  )
  return rows[0]?.frame ?? null
}

export async function insertKey(
  tx: Queryable,
  made: {
    readonly key: PhoneKey
    readonly tripId: TripId
    readonly lockId: LockId
    readonly issuedAt: EpochMs
    readonly expiresAt: EpochMs
  },
): Promise<void> {
  const { key, tripId, lockId } = made
  await tx.query(
    `INSERT INTO no_coverage_key (key_id, trip_id, lock_id, counter, frame, issued_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [key.id, tripId, lockId, key.s, JSON.stringify(key), new Date(made.issuedAt), new Date(made.expiresAt)],
  )
}

export async function tripOfKey(tx: Queryable, lockId: LockId, keyId: string): Promise<TripId | null> {
  const { rows } = await tx.query<{ trip_id: string }>(
    'SELECT trip_id FROM no_coverage_key WHERE key_id = $1 AND lock_id = $2',
    [keyId, lockId],
  )
  return rows[0] ? asId<TripId>(rows[0].trip_id) : null
}
