import { asId, type StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Queryable } from '../platform/database.ts'

/** The first person of a role, of this name or (null) of any. */
export async function oldestPerson(tx: Queryable, role: StaffRole, name: string | null): Promise<StaffId | null> {
  const { rows } = await tx.query<{ staff_id: string }>(
    'SELECT staff_id FROM staff WHERE role = $1 AND ($2::text IS NULL OR name = $2) ORDER BY created_at LIMIT 1',
    [role, name],
  )
  return rows[0] ? asId<StaffId>(rows[0].staff_id) : null
}

export async function insertPerson(
  tx: Queryable,
  person: { staffId: StaffId; name: string; role: StaffRole; nowMs: number },
): Promise<void> {
  await tx.query('INSERT INTO staff (staff_id, name, role, created_at) VALUES ($1, $2, $3, $4)', [
    person.staffId,
    person.name,
    person.role,
    new Date(person.nowMs),
  ])
}

export async function peopleByName(
  db: Queryable,
  most: number,
): Promise<{ staffId: string; name: string; role: StaffRole; sinceMs: number }[]> {
  const { rows } = await db.query<{ staffId: string; name: string; role: StaffRole; sinceMs: number }>(
    `SELECT staff_id AS "staffId", name, role, created_at AS "sinceMs" FROM staff ORDER BY name, staff_id LIMIT $1`,
    [most],
  )
  return rows
}

export async function roleOf(db: Queryable, staffId: StaffId): Promise<StaffRole | null> {
  const { rows } = await db.query<{ role: StaffRole }>('SELECT role FROM staff WHERE staff_id = $1', [staffId])
  return rows[0]?.role ?? null
}

export async function accountOf(
  db: Queryable,
  staffId: StaffId,
): Promise<{ name: string; role: StaffRole; hasPassword: boolean; hasSecondFactor: boolean } | null> {
  const { rows } = await db.query<{ name: string; role: StaffRole; hasPassword: boolean; hasSecondFactor: boolean }>(
    `SELECT name, role, password_hash IS NOT NULL AS "hasPassword", totp_sealed IS NOT NULL AS "hasSecondFactor"
      FROM staff WHERE staff_id = $1 AND ended_at IS NULL`,
    [staffId],
  )
  return rows[0] ?? null
}

export async function insertLink(
  tx: Queryable,
  tokenHash: Buffer,
  staffId: StaffId,
  expiresAtMs: number,
): Promise<void> {
  await tx.query('INSERT INTO staff_link (token_hash, staff_id, expires_at) VALUES ($1, $2, $3)', [
    tokenHash,
    staffId,
    new Date(expiresAtMs),
  ])
}

/** Whose unused link this is; two who use it at once wait for each other. */
export async function linkHeld(
  tx: Queryable,
  tokenHash: Buffer,
  nowMs: number,
): Promise<{ staffId: StaffId; name: string; role: StaffRole } | null> {
  const { rows } = await tx.query<{ staff_id: string; name: string; role: StaffRole }>(
    `SELECT s.staff_id, s.name, s.role FROM staff_link l JOIN staff s USING (staff_id)
      WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 FOR UPDATE OF l`,
    [tokenHash, new Date(nowMs)],
  )
  const row = rows[0]
  return row ? { staffId: asId<StaffId>(row.staff_id), name: row.name, role: row.role } : null
}

export async function markUsed(tx: Queryable, tokenHash: Buffer, nowMs: number): Promise<void> {
  await tx.query('UPDATE staff_link SET used_at = $2 WHERE token_hash = $1', [tokenHash, new Date(nowMs)])
}
