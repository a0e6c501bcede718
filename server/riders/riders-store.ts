import { asId, type RiderId } from '../../contracts/ids.ts'
import { type RealMs, realMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { IssuedCode } from './core/one-time-code.ts'

export async function codeHeld(
  tx: Queryable,
  addressIndex: Buffer,
): Promise<{ code: IssuedCode; hash: Buffer } | null> {
  const { rows } = await tx.query<{ code_hash: Uint8Array; expires_at: number; tries_left: number; sent_at: number }>(
    'SELECT code_hash, expires_at, tries_left, sent_at FROM login_code WHERE address_index = $1 FOR UPDATE',
    [addressIndex],
  )
  const row = rows[0]
  if (!row) return null
  const code = { expiresAt: realMs(row.expires_at), triesLeft: row.tries_left, sentAt: realMs(row.sent_at) }
  return { code, hash: Buffer.from(row.code_hash) }
}

export async function saveCode(tx: Queryable, addressIndex: Buffer, hash: Buffer, code: IssuedCode): Promise<void> {
  await tx.query(
    `INSERT INTO login_code (address_index, code_hash, expires_at, tries_left, sent_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (address_index) DO UPDATE SET code_hash = $2, expires_at = $3, tries_left = $4, sent_at = $5`,
    [addressIndex, hash, new Date(code.expiresAt), code.triesLeft, new Date(code.sentAt)],
  )
}

export async function countTry(tx: Queryable, addressIndex: Buffer): Promise<void> {
  await tx.query('UPDATE login_code SET tries_left = tries_left - 1 WHERE address_index = $1 AND tries_left > 0', [
    addressIndex,
  ])
}

export async function forgetCode(tx: Queryable, addressIndex: Buffer): Promise<void> {
  await tx.query('DELETE FROM login_code WHERE address_index = $1', [addressIndex])
}

/** The rider of an address; made when there is none. Two first log-ins at once get the same rider. */
export async function riderOf(
  tx: Queryable,
  rider: { riderId: string; index: Buffer; sealed: Buffer; language: string; nowMs: RealMs },
): Promise<RiderId> {
  await tx.query(
    `INSERT INTO rider (rider_id, address_index, address_sealed, language, blocked, created_at)
     VALUES ($1, $2, $3, $4, false, $5) ON CONFLICT (address_index) DO NOTHING`,
    [rider.riderId, rider.index, rider.sealed, rider.language, new Date(rider.nowMs)],
  )
  const { rows } = await tx.query<{ rider_id: string }>('SELECT rider_id FROM rider WHERE address_index = $1', [
    rider.index,
  ])
  return asId<RiderId>(rows[0]?.rider_id ?? rider.riderId)
}

/** Every rider's sealed address; for the demo, which tells its simulated riders from people by it. */
export async function sealedAddresses(db: Queryable): Promise<{ riderId: RiderId; sealed: Uint8Array }[]> {
  const { rows } = await db.query<{ rider_id: string; address_sealed: Uint8Array }>(
    'SELECT rider_id, address_sealed FROM rider',
  )
  return rows.map((row) => ({ riderId: asId<RiderId>(row.rider_id), sealed: row.address_sealed }))
}

export async function isBlocked(db: Queryable, riderId: RiderId): Promise<boolean> {
  const { rows } = await db.query<{ blocked: boolean }>('SELECT blocked FROM rider WHERE rider_id = $1', [riderId])
  return rows[0]?.blocked ?? true
}
