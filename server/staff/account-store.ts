import { asId, type StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Queryable } from '../platform/database.ts'
import type { Tries } from './core/log-in-tries.ts'

/** What logs a colleague in, as it is kept. */
export interface Account {
  readonly staffId: StaffId
  readonly name: string
  readonly role: StaffRole
  readonly logInName: string | null
  readonly passwordHash: string | null
  readonly totpSealed: Uint8Array | null
  readonly totpShownSealed: Uint8Array | null
  readonly totpShownAtMs: number | null
  readonly totpStep: number | null
}

const columns = `staff_id AS "staffId", name, role, log_in_name AS "logInName", password_hash AS "passwordHash",
  totp_sealed AS "totpSealed", totp_shown_sealed AS "totpShownSealed", totp_shown_at AS "totpShownAtMs",
  totp_step AS "totpStep"`

const accountIn = (rows: readonly Account[]): Account | null =>
  rows[0] ? { ...rows[0], staffId: asId<StaffId>(rows[0].staffId) } : null

/** Of somebody who works at the desk; a crew has no password. */
export async function accountNamed(db: Queryable, logInName: string): Promise<Account | null> {
  const { rows } = await db.query<Account>(
    `SELECT ${columns} FROM staff WHERE log_in_name = $1 AND ended_at IS NULL AND role <> 'crew'`,
    [logInName],
  )
  return accountIn(rows)
}

/** Null when there is no such person, or not any more. */
export async function accountOf(db: Queryable, staffId: StaffId): Promise<Account | null> {
  const { rows } = await db.query<Account>(`SELECT ${columns} FROM staff WHERE staff_id = $1 AND ended_at IS NULL`, [
    staffId,
  ])
  return accountIn(rows)
}

/** The same, until the end of the transaction nobody else's to change. */
export async function accountHeld(tx: Queryable, staffId: StaffId): Promise<Account | null> {
  const { rows } = await tx.query<Account>(
    `SELECT ${columns} FROM staff WHERE staff_id = $1 AND ended_at IS NULL FOR UPDATE`,
    [staffId],
  )
  return accountIn(rows)
}

export async function savePassword(tx: Queryable, staffId: StaffId, passwordHash: string): Promise<void> {
  await tx.query('UPDATE staff SET password_hash = $2 WHERE staff_id = $1', [staffId, passwordHash])
}

/** A hash with today's parameters in the place of this one, unless the password was changed meanwhile. */
export async function replaceHash(db: Queryable, staffId: StaffId, before: string, after: string): Promise<void> {
  await db.query('UPDATE staff SET password_hash = $3 WHERE staff_id = $1 AND password_hash = $2', [
    staffId,
    before,
    after,
  ])
}

export async function saveShownSecret(tx: Queryable, staffId: StaffId, sealed: Buffer, nowMs: number): Promise<void> {
  await tx.query('UPDATE staff SET totp_shown_sealed = $2, totp_shown_at = $3 WHERE staff_id = $1', [
    staffId,
    sealed,
    new Date(nowMs),
  ])
}

/** The secret that was shown is the second factor from now on. */
export async function turnSecondFactorOn(tx: Queryable, staffId: StaffId, step: number): Promise<void> {
  await tx.query(
    `UPDATE staff SET totp_sealed = totp_shown_sealed, totp_step = $2, totp_shown_sealed = NULL, totp_shown_at = NULL
      WHERE staff_id = $1`,
    [staffId, step],
  )
}

export async function turnSecondFactorOff(tx: Queryable, staffId: StaffId): Promise<void> {
  await tx.query(
    `UPDATE staff SET totp_sealed = NULL, totp_step = NULL, totp_shown_sealed = NULL, totp_shown_at = NULL
      WHERE staff_id = $1`,
    [staffId],
  )
  await tx.query('DELETE FROM staff_recovery_code WHERE staff_id = $1', [staffId])
}

/** False when a code of this step, or of a later one, was used already. */
export async function takeStep(tx: Queryable, staffId: StaffId, step: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE staff SET totp_step = $2 WHERE staff_id = $1 AND (totp_step IS NULL OR totp_step < $2)',
    [staffId, step],
  )
  return rowCount === 1
}

export async function replaceRecoveryCodes(tx: Queryable, staffId: StaffId, hashes: readonly Buffer[]): Promise<void> {
  await tx.query('DELETE FROM staff_recovery_code WHERE staff_id = $1', [staffId])
  for (const hash of hashes) {
    await tx.query('INSERT INTO staff_recovery_code (staff_id, code_hash) VALUES ($1, $2)', [staffId, hash])
  }
}

/** False when there is no such code, or it was used. */
export async function spendRecoveryCode(
  tx: Queryable,
  staffId: StaffId,
  hash: Buffer,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE staff_recovery_code SET used_at = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_at IS NULL',
    [staffId, hash, new Date(nowMs)],
  )
  return rowCount === 1
}

export async function recoveryCodesLeft(db: Queryable, staffId: StaffId): Promise<number> {
  const { rows } = await db.query<{ left: number }>(
    'SELECT count(*)::int AS "left" FROM staff_recovery_code WHERE staff_id = $1 AND used_at IS NULL',
    [staffId],
  )
  return rows[0]?.left ?? 0
}

/** Two who try at once wait for each other. */
export async function triesHeld(tx: Queryable, subject: Buffer, nowMs: number): Promise<Tries | null> {
  await tx.query(
    'INSERT INTO staff_try (subject_index, tries, first_at) VALUES ($1, 0, $2) ON CONFLICT (subject_index) DO NOTHING',
    [subject, new Date(nowMs)],
  )
  const { rows } = await tx.query<Tries>(
    `SELECT tries, first_at AS "firstAtMs", locked_until AS "lockedUntilMs" FROM staff_try
      WHERE subject_index = $1 FOR UPDATE`,
    [subject],
  )
  return rows[0] && rows[0].tries > 0 ? rows[0] : null
}

export async function saveTries(tx: Queryable, subject: Buffer, tries: Tries): Promise<void> {
  await tx.query('UPDATE staff_try SET tries = $2, first_at = $3, locked_until = $4 WHERE subject_index = $1', [
    subject,
    tries.tries,
    new Date(tries.firstAtMs),
    tries.lockedUntilMs === null ? null : new Date(tries.lockedUntilMs),
  ])
}

export async function forgetTries(tx: Queryable, subject: Buffer): Promise<void> {
  await tx.query('DELETE FROM staff_try WHERE subject_index = $1', [subject])
}
