import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { EpochMsSchema } from '../units.ts'
import { StaffRole } from './crews.ts'

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const filter = {
  staffId: Type.Optional(Uuid),
  /** The beginning of an action's name: `bike.command:`, `log_in:`. */
  action: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  /** The id, or the number, of what it was about. */
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  from: Type.Optional(EpochMsSchema),
  to: Type.Optional(EpochMsSchema),
}

/** GET /v1/staff/audit.csv: the same filters, a file. */
export const AuditFileQuery = Type.Object(filter, { additionalProperties: false })
/** GET /v1/staff/audit */
export const AuditQuery = Type.Object(
  {
    ...filter,
    /** `next` of the page before. */
    before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
)

export const AuditEntry = Type.Object({
  auditId: Type.Integer({ minimum: 1 }),
  /** The machine's time; log-ins and audit do not follow a city's clock. */
  at: EpochMsSchema,
  cityAt: EpochMsSchema,
  /** Null: a log-in under a name that nobody has. */
  who: OrNull(Type.Object({ staffId: Uuid, name: Type.String(), role: OrNull(StaffRole) })),
  /** `bike.command:post bikes/commands`: the permission, and the route without its parameters. */
  action: Type.String(),
  subject: OrNull(Type.Object({ kind: Type.String(), id: Type.String() })),
  reason: OrNull(Type.String()),
  /** What was asked, without secrets. */
  detail: Type.Unknown(),
  requestId: Type.String(),
  /** Null: the server stopped while it was being done. */
  status: OrNull(Type.Integer({ minimum: 100, maximum: 599 })),
  /** Of the refusal. */
  code: OrNull(Type.String()),
  /** What the act said of itself. */
  outcome: Type.Unknown(),
})
export type AuditEntry = Type.Static<typeof AuditEntry>

/** Newest first. */
export const AuditPage = Type.Object({
  entries: Type.Array(AuditEntry, { maxItems: 200 }),
  /** For `before`; null: there is no more. */
  next: OrNull(Type.Integer({ minimum: 1 })),
})
export type AuditPage = Type.Static<typeof AuditPage>
