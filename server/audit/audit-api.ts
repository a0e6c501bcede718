import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type AuditEntry, AuditFileQuery, AuditPage, AuditQuery } from '../../contracts/http/audit.ts'
import { epochMs } from '../../contracts/units.ts'
import { csvHeaders, csvOf } from '../platform/csv.ts'
import type { Audit } from './audit-service.ts'
import type { AuditFilter, AuditRow } from './audit-store.ts'

const usualLimit = 50
/** Rows of one file; who needs more asks for less time. */
const mostFileRows = 20_000
const rowsAtOnce = 1_000

interface Asked {
  readonly staffId?: string
  readonly action?: string
  readonly subject?: string
  readonly from?: number
  readonly to?: number
  readonly before?: number
}

/** What colleagues did, for those who may look: and that they looked is in it too. */
export const auditApi: (deps: { audit: Audit }) => FastifyPluginAsyncTypebox =
  ({ audit }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'audit.see', audited: true } as const
    const tags = ['audit']

    app.get(
      '/v1/staff/audit',
      {
        config,
        schema: {
          tags,
          summary: 'What colleagues did, newest first',
          querystring: AuditQuery,
          response: { 200: AuditPage },
        },
      },
      async ({ query }) => {
        const limit = query.limit ?? usualLimit
        const rows = await audit.rows(filterOf(query), limit + 1)
        const entries = rows.slice(0, limit).map(entryOf)
        return { entries, next: rows.length > limit ? (entries.at(-1)?.auditId ?? null) : null }
      },
    )

    app.get(
      '/v1/staff/audit.csv',
      { config, schema: { tags, summary: 'The same as a file, at most 20000 rows', querystring: AuditFileQuery } },
      async ({ query }, reply) => {
        const rows: AuditRow[] = []
        let before: number | undefined
        while (rows.length < mostFileRows) {
          const more = await audit.rows({ ...filterOf(query), ...(before === undefined ? {} : { before }) }, rowsAtOnce)
          rows.push(...more)
          before = more.at(-1)?.auditId
          if (more.length < rowsAtOnce) break
        }
        return reply.headers(csvHeaders('audit')).send(csvOf(header, rows.map(lineOf)))
      },
    )
  }

const filterOf = ({ from, to, ...rest }: Asked): AuditFilter => ({
  ...rest,
  ...(from === undefined ? {} : { fromMs: from }),
  ...(to === undefined ? {} : { toMs: to }),
})

const entryOf = (row: AuditRow): AuditEntry => ({
  auditId: row.auditId,
  at: epochMs(row.atMs),
  cityAt: epochMs(row.cityAtMs),
  who: row.staffId === null ? null : { staffId: row.staffId, name: row.name ?? '', role: row.role },
  action: row.action,
  subject: row.subjectId === null || row.subjectKind === null ? null : { kind: row.subjectKind, id: row.subjectId },
  reason: row.reason,
  detail: row.detail,
  requestId: row.requestId,
  status: row.status,
  code: row.code,
  outcome: row.outcome,
})

const header = [
  ...['audit_id', 'at', 'city_at', 'staff_id', 'name', 'role', 'action', 'subject_kind', 'subject_id', 'reason'],
  ...['status', 'code', 'request_id', 'detail', 'outcome'],
]
const lineOf = (row: AuditRow) => [
  ...[row.auditId, new Date(row.atMs).toISOString(), new Date(row.cityAtMs).toISOString(), row.staffId, row.name],
  ...[row.role, row.action, row.subjectKind, row.subjectId, row.reason, row.status, row.code, row.requestId],
  JSON.stringify(row.detail),
  row.outcome === null ? null : JSON.stringify(row.outcome),
]
