import { asId, type StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Queryable } from '../platform/database.ts'

export interface PersonRow {
  readonly staffId: string
  readonly name: string
  readonly role: StaffRole
  readonly logInName: string | null
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
  readonly sinceMs: number
  readonly seenAtMs: number | null
  readonly endedAtMs: number | null
}

/** The first person of a role who works here, of this name or (null) of any. */
export async function oldestPerson(tx: Queryable, role: StaffRole, name: string | null): Promise<StaffId | null> {
  const { rows } = await tx.query<{ staff_id: string }>(
    `SELECT staff_id FROM staff WHERE role = $1 AND ($2::text IS NULL OR name = $2) AND ended_at IS NULL
      ORDER BY created_at LIMIT 1`,
    [role, name],
  )
  return rows[0] ? asId<StaffId>(rows[0].staff_id) : null
}

export async function insertPerson(
  tx: Queryable,
  person: { staffId: StaffId; name: string; role: StaffRole; logInName: string | null; nowMs: number },
): Promise<void> {
  await tx.query('INSERT INTO staff (staff_id, name, role, log_in_name, created_at) VALUES ($1, $2, $3, $4, $5)', [
    person.staffId,
    person.name,
    person.role,
    person.logInName,
    new Date(person.nowMs),
  ])
}

export async function peopleByName(db: Queryable, most: number): Promise<PersonRow[]> {
  const { rows } = await db.query<PersonRow>(
    `SELECT staff_id AS "staffId", name, role, log_in_name AS "logInName", password_hash IS NOT NULL AS "hasPassword",
        totp_sealed IS NOT NULL AS "hasSecondFactor", created_at AS "sinceMs", seen_at AS "seenAtMs",
        ended_at AS "endedAtMs"
      FROM staff ORDER BY name, staff_id LIMIT $1`,
    [most],
  )
  return rows
}

/** Null when there is no such person. */
export async function personOf(
  db: Queryable,
  staffId: StaffId,
): Promise<{ role: StaffRole; endedAtMs: number | null } | null> {
  const { rows } = await db.query<{ role: StaffRole; endedAtMs: number | null }>(
    'SELECT role, ended_at AS "endedAtMs" FROM staff WHERE staff_id = $1',
    [staffId],
  )
  return rows[0] ?? null
}

/** Everybody who is an admin now; two who take this from somebody wait for each other. */
export async function adminsHeld(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ staff_id: string }>(
    "SELECT staff_id FROM staff WHERE role = 'admin' AND ended_at IS NULL ORDER BY staff_id FOR UPDATE",
  )
  return rows.map((row) => row.staff_id)
}

export async function updateRole(tx: Queryable, staffId: StaffId, role: StaffRole): Promise<void> {
  await tx.query('UPDATE staff SET role = $2 WHERE staff_id = $1', [staffId, role])
}

/** Switches somebody off, or (null) on again. */
export async function updateEnd(tx: Queryable, staffId: StaffId, endedAtMs: number | null): Promise<void> {
  await tx.query('UPDATE staff SET ended_at = $2 WHERE staff_id = $1', [
    staffId,
    endedAtMs === null ? null : new Date(endedAtMs),
  ])
}

export async function updateNames(
  tx: Queryable,
  staffId: StaffId,
  names: { name: string; logInName: string | null },
): Promise<void> {
  await tx.query('UPDATE staff SET name = $2, log_in_name = $3 WHERE staff_id = $1', [
    staffId,
    names.name,
    names.logInName,
  ])
}

export async function insertLink(
  tx: Queryable,
  link: { tokenHash: Buffer; staffId: StaffId; expiresAtMs: number; withoutSecondFactor: boolean },
): Promise<void> {
  await tx.query(
    'INSERT INTO staff_link (token_hash, staff_id, expires_at, without_second_factor) VALUES ($1, $2, $3, $4)',
    [link.tokenHash, link.staffId, new Date(link.expiresAtMs), link.withoutSecondFactor],
  )
}

export interface LinkHeld {
  readonly staffId: StaffId
  readonly name: string
  readonly role: StaffRole
  readonly isOver: boolean
  readonly withoutSecondFactor: boolean
  readonly totpSealed: Uint8Array | null
  readonly totpStep: number | null
}

/** Whose link this is; two who use it at once wait for each other. */
export async function linkHeld(tx: Queryable, tokenHash: Buffer, nowMs: number): Promise<LinkHeld | null> {
  const { rows } = await tx.query<Omit<LinkHeld, 'staffId'> & { staff_id: string }>(
    `SELECT s.staff_id, s.name, s.role, l.used_at IS NOT NULL OR l.expires_at <= $2 OR s.ended_at IS NOT NULL AS "isOver",
        l.without_second_factor AS "withoutSecondFactor", s.totp_sealed AS "totpSealed", s.totp_step AS "totpStep"
      FROM staff_link l JOIN staff s USING (staff_id) WHERE l.token_hash = $1 FOR UPDATE`,
    [tokenHash, new Date(nowMs)],
  )
  const row = rows[0]
  if (!row) return null
  const { staff_id, ...rest } = row
  return { ...rest, staffId: asId<StaffId>(staff_id) }
}

export async function markUsed(tx: Queryable, tokenHash: Buffer, nowMs: number): Promise<void> {
  await tx.query('UPDATE staff_link SET used_at = $2 WHERE token_hash = $1', [tokenHash, new Date(nowMs)])
}

/** Links that were not used yet are used up. */
export async function endLinksOf(tx: Queryable, staffId: StaffId, nowMs: number): Promise<void> {
  await tx.query('UPDATE staff_link SET used_at = $2 WHERE staff_id = $1 AND used_at IS NULL', [
    staffId,
    new Date(nowMs),
  ])
}
