import type { CredentialKind } from '../../contracts/http/locks.ts'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { Queryable } from '../platform/database.ts'

/** What a lock proves itself with, and whether that still holds. */
export interface StoredCredential {
  readonly lockId: LockId
  readonly bikeId: BikeId
  readonly epoch: number
  readonly keyVersion: number
  readonly credential: CredentialKind
  readonly serial: string | null
  readonly revokedAtMs: number | null
  /** Its bike is gone for good. */
  readonly isRetired: boolean
}

export interface StoredCertificate {
  readonly serial: string
  readonly lockId: LockId
  readonly epoch: number
  readonly certificate: Uint8Array
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

const columns = `l.lock_id AS "lockId", b.bike_id AS "bikeId", l.key_epoch AS epoch, l.key_version AS "keyVersion",
  l.credential, l.certificate_serial AS serial, l.revoked_at AS "revokedAtMs",
  b.retired_at IS NOT NULL AS "isRetired"`

/** Those that are not what a new lock with a password is. */
export async function changedCredentials(db: Queryable): Promise<readonly StoredCredential[]> {
  const { rows } = await db.query<StoredCredential>(
    `SELECT ${columns} FROM lock l JOIN bike b USING (lock_id)
      WHERE l.key_epoch <> 1 OR l.revoked_at IS NOT NULL OR l.credential = 'certificate'`,
  )
  return rows
}

export async function credentialsOf(db: Queryable, lockIds: readonly LockId[]): Promise<readonly StoredCredential[]> {
  const { rows } = await db.query<StoredCredential>(
    `SELECT ${columns} FROM lock l JOIN bike b USING (lock_id) WHERE l.lock_id = ANY ($1) ORDER BY l.lock_id COLLATE "C"`,
    [lockIds],
  )
  return rows
}

/** The bike's row is held by the caller: whoever changes a credential holds that first. */
export async function credentialHeld(tx: Queryable, lockId: LockId): Promise<StoredCredential | null> {
  const { rows } = await tx.query<StoredCredential>(
    `SELECT ${columns} FROM lock l JOIN bike b USING (lock_id) WHERE l.lock_id = $1 FOR UPDATE OF l`,
    [lockId],
  )
  return rows[0] ?? null
}

/** The next epoch: what was derived from this one is void. */
export async function saveRevocation(tx: Queryable, lockId: LockId, reason: string, realMs: number): Promise<void> {
  await tx.query(
    `UPDATE lock SET key_epoch = key_epoch + 1, revoked_at = $2, revoked_reason = $3, certificate_serial = NULL
      WHERE lock_id = $1`,
    [lockId, new Date(realMs), reason],
  )
  await endCertificates(tx, lockId, realMs)
}

export async function saveCredential(
  tx: Queryable,
  lockId: LockId,
  next: { readonly epoch: number; readonly credential: CredentialKind; readonly serial: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE lock SET key_epoch = $2, credential = $3, certificate_serial = $4, revoked_at = NULL, revoked_reason = NULL
      WHERE lock_id = $1`,
    [lockId, next.epoch, next.credential, next.serial],
  )
}

export async function endCertificates(tx: Queryable, lockId: LockId, realMs: number): Promise<void> {
  await tx.query('UPDATE lock_certificate SET revoked_at = $2 WHERE lock_id = $1 AND revoked_at IS NULL', [
    lockId,
    new Date(realMs),
  ])
}

export async function insertCertificate(tx: Queryable, certificate: StoredCertificate): Promise<void> {
  const { serial, lockId, epoch, issuedAtMs, expiresAtMs } = certificate
  await tx.query(
    `INSERT INTO lock_certificate (serial, lock_id, key_epoch, certificate, issued_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [serial, lockId, epoch, Buffer.from(certificate.certificate), new Date(issuedAtMs), new Date(expiresAtMs)],
  )
}

/** By serial. */
export async function certificatesOf(
  db: Queryable,
  serials: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { rows } = await db.query<{ serial: string; certificate: Uint8Array }>(
    'SELECT serial, certificate FROM lock_certificate WHERE serial = ANY ($1)',
    [serials],
  )
  return new Map(rows.map((row) => [row.serial, row.certificate]))
}

/** False: this database was begun with another authority. */
export async function isOwnAuthority(db: Queryable, fingerprint: Buffer): Promise<boolean> {
  await db.query('INSERT INTO lock_authority (only_row, fingerprint) VALUES (true, $1) ON CONFLICT DO NOTHING', [
    fingerprint,
  ])
  const { rows } = await db.query<{ fingerprint: Uint8Array }>('SELECT fingerprint FROM lock_authority')
  return rows[0] !== undefined && fingerprint.equals(rows[0].fingerprint)
}
