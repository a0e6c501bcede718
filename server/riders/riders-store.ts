import type { Language } from '../../contracts/http/riders.ts'
import { asId, type RiderId } from '../../contracts/ids.ts'
import { type RealMs, realMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { IssuedCode } from './core/one-time-code.ts'

export async function codeHeld(
  tx: Queryable,
  addressIndex: Buffer,
): Promise<{ code: IssuedCode; hash: Buffer; language: Language | null } | null> {
  const { rows } = await tx.query<{
    code_hash: Uint8Array
    language: Language | null
    expires_at: number
    tries_left: number
    sent_at: number
  }>(
    'SELECT code_hash, language, expires_at, tries_left, sent_at FROM login_code WHERE address_index = $1 FOR UPDATE',
    [addressIndex],
  )
  const row = rows[0]
  if (!row) return null
  const code = { expiresAt: realMs(row.expires_at), triesLeft: row.tries_left, sentAt: realMs(row.sent_at) }
  return { code, hash: Buffer.from(row.code_hash), language: row.language }
}

export async function saveCode(
  tx: Queryable,
  addressIndex: Buffer,
  { hash, language }: { readonly hash: Buffer; readonly language: Language },
  code: IssuedCode,
): Promise<void> {
  await tx.query(
    `INSERT INTO login_code (address_index, code_hash, expires_at, tries_left, sent_at, language)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (address_index) DO UPDATE
       SET code_hash = $2, expires_at = $3, tries_left = $4, sent_at = $5, language = $6`,
    [addressIndex, hash, new Date(code.expiresAt), code.triesLeft, new Date(code.sentAt), language],
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
    'SELECT rider_id, address_sealed FROM rider WHERE address_sealed IS NOT NULL',
  )
  return rows.map((row) => ({ riderId: asId<RiderId>(row.rider_id), sealed: row.address_sealed }))
}

export async function isBlocked(db: Queryable, riderId: RiderId): Promise<boolean> {
  const { rows } = await db.query<{ blocked: boolean }>('SELECT blocked FROM rider WHERE rider_id = $1', [riderId])
  return rows[0]?.blocked ?? true
}

/** What an account says of itself; null when it is being deleted. */
export interface Account {
  readonly language: Language
  readonly sealed: Uint8Array
  readonly createdAtMs: number
}

export async function accountOf(db: Queryable, riderId: RiderId): Promise<Account | null> {
  const { rows } = await db.query<Account>(
    `SELECT language, address_sealed AS sealed, created_at AS "createdAtMs" FROM rider
      WHERE rider_id = $1 AND address_sealed IS NOT NULL`,
    [riderId],
  )
  return rows[0] ?? null
}

export async function setLanguage(db: Queryable, riderId: RiderId, language: Language): Promise<void> {
  await db.query('UPDATE rider SET language = $2 WHERE rider_id = $1', [riderId, language])
}

/** Of the rider with this address; null when there is none. */
export async function languageOf(db: Queryable, addressIndex: Buffer): Promise<Language | null> {
  const { rows } = await db.query<{ language: Language }>('SELECT language FROM rider WHERE address_index = $1', [
    addressIndex,
  ])
  return rows[0]?.language ?? null
}

/** The row held: no ride, no promise and no log-in of this rider can begin until the transaction ends. */
export async function accountHeld(tx: Queryable, riderId: RiderId): Promise<{ readonly index: Buffer } | null> {
  const { rows } = await tx.query<{ address_index: Uint8Array | null }>(
    'SELECT address_index FROM rider WHERE rider_id = $1 FOR UPDATE',
    [riderId],
  )
  const index = rows[0]?.address_index ?? null
  return index === null ? null : { index: Buffer.from(index) }
}

/** The address is a stranger's from now on, who becomes a new rider by it. */
export async function forgetAddress(tx: Queryable, riderId: RiderId): Promise<void> {
  await tx.query('UPDATE rider SET address_index = NULL, address_sealed = NULL WHERE rider_id = $1', [riderId])
}

export async function deleteRider(tx: Queryable, riderId: RiderId): Promise<void> {
  await tx.query('DELETE FROM rider WHERE rider_id = $1', [riderId])
}
