import { asId, type StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Queryable } from '../platform/database.ts'

/** One thing that a colleague did, or tried. */
export interface AuditEntry {
  /** Null: a log-in under a name that nobody has. */
  readonly staffId: StaffId | null
  readonly role: StaffRole | null
  readonly action: string
  readonly subjectKind: string | null
  readonly subjectId: string | null
  readonly reason: string | null
  readonly detail: unknown
  readonly requestId: string
}
export interface AuditEnd {
  readonly status: number
  /** Of a refusal. */
  readonly code: string | null
  readonly outcome: Readonly<Record<string, unknown>> | null
}
export interface AuditRow extends AuditEntry {
  readonly auditId: number
  readonly atMs: number
  readonly cityAtMs: number
  readonly name: string | null
  readonly status: number | null
  readonly code: string | null
  readonly outcome: unknown
}

export interface AuditFilter {
  readonly staffId?: string
  /** The beginning of an action's name. */
  readonly action?: string
  /** The id of what it was about. */
  readonly subject?: string
  readonly fromMs?: number
  readonly toMs?: number
  /** Older than this row. */
  readonly before?: number
}

const longestReason = 500
const longestRequestId = 100

export async function insertAudit(
  db: Queryable,
  entry: AuditEntry,
  at: { readonly atMs: number; readonly cityAtMs: number },
  end: AuditEnd | null,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO audit (at, city_at, staff_id, role, action, subject_kind, subject_id, reason, detail, request_id, status,
        code, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13::jsonb) RETURNING audit_id AS id`,
    [
      new Date(at.atMs),
      new Date(at.cityAtMs),
      entry.staffId,
      entry.role,
      entry.action,
      entry.subjectKind,
      entry.subjectId,
      entry.reason?.slice(0, longestReason) ?? null,
      JSON.stringify(entry.detail ?? {}),
      entry.requestId.slice(0, longestRequestId),
      end?.status ?? null,
      end?.code ?? null,
      end?.outcome ? JSON.stringify(end.outcome) : null,
    ],
  )
  return rows[0]?.id ?? 0
}

/** Once: a row that has a status stays as it is. A subject that only the act could tell is filled in. */
export async function completeAudit(
  db: Queryable,
  auditId: number,
  end: AuditEnd,
  subject: { readonly kind: string; readonly id: string } | null,
): Promise<void> {
  await db.query(
    `UPDATE audit SET status = $2, code = $3, outcome = $4::jsonb, subject_kind = coalesce(subject_kind, $5),
        subject_id = coalesce(subject_id, $6)
      WHERE audit_id = $1 AND status IS NULL`,
    [
      auditId,
      end.status,
      end.code,
      end.outcome ? JSON.stringify(end.outcome) : null,
      subject?.kind ?? null,
      subject?.id ?? null,
    ],
  )
}

/** Newest first. */
export async function auditRows(db: Queryable, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow & { readonly staffId: string | null }>(
    `SELECT a.audit_id AS "auditId", a.at AS "atMs", a.city_at AS "cityAtMs", a.staff_id AS "staffId", s.name, a.role,
        a.action, a.subject_kind AS "subjectKind", a.subject_id AS "subjectId", a.reason, a.detail,
        a.request_id AS "requestId", a.status, a.code, a.outcome
      FROM audit a LEFT JOIN staff s USING (staff_id)
      WHERE ($1::uuid IS NULL OR a.staff_id = $1)
        AND ($2::text IS NULL OR a.action LIKE $2)
        AND ($3::text IS NULL OR a.subject_id = $3)
        AND ($4::timestamptz IS NULL OR a.at >= $4) AND ($5::timestamptz IS NULL OR a.at < $5)
        AND ($6::bigint IS NULL OR a.audit_id < $6)
      ORDER BY a.audit_id DESC LIMIT $7`,
    [
      filter.staffId ?? null,
      filter.action === undefined ? null : `${filter.action.replace(/[\\%_]/g, '\\$&')}%`,
      filter.subject ?? null,
      filter.fromMs === undefined ? null : new Date(filter.fromMs),
      filter.toMs === undefined ? null : new Date(filter.toMs),
      filter.before ?? null,
      limit,
    ],
  )
  return rows.map((row) => ({ ...row, staffId: row.staffId === null ? null : asId<StaffId>(row.staffId) }))
}

/** The table keeps its rows from everybody but a transaction that says that it is the retention. */
export async function forgetAuditBefore(tx: Queryable, beforeMs: number, most: number): Promise<void> {
  await tx.query("SELECT set_config('zwerm.audit_retention', 'on', true)")
  await tx.query('DELETE FROM audit WHERE audit_id IN (SELECT audit_id FROM audit WHERE at < $1 LIMIT $2)', [
    new Date(beforeMs),
    most,
  ])
}
