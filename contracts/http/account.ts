import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { type Permission, permissions } from '../permissions.ts'
import { EpochMsSchema } from '../units.ts'
import { StaffRole } from './crews.ts'

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const names = Object.keys(permissions) as readonly Permission[]
const PermissionName = Type.Unsafe<Permission>(Type.Union(names.map((name) => Type.Literal(name))))

/** GET /v1/staff/me: who is logged in at the desk, and what this person may do. */
export const Me = Type.Object({
  staffId: Uuid,
  name: Type.String(),
  role: StaffRole,
  permissions: Type.Array(PermissionName, { maxItems: 100 }),
  hasPassword: Type.Boolean(),
  hasSecondFactor: Type.Boolean(),
  /** Null: only links log in. */
  logInName: OrNull(Type.String()),
  /** Nothing but the own account is open until there is a second factor. */
  needsSecondFactor: Type.Boolean(),
  /** A new password or second factor asks for the old password: there is one, and this is no fresh log-in by link. */
  asksPassword: Type.Boolean(),
  recoveryCodesLeft: Type.Integer({ minimum: 0, maximum: 10 }),
})
export type Me = Type.Static<typeof Me>

/** As it is typed; the rules of a new one are the server's (server/staff/core/password-rules.ts). */
const Password = Type.String({ minLength: 1, maxLength: 400 })
/** Six digits of the phone, or a recovery code. */
export const TypedCode = Type.String({ minLength: 6, maxLength: 24 })

/**
 * PUT /v1/staff/me/password: 204, and the person's other sessions are over. `password`, the old one, is not asked for
 * where there is none, nor within an hour of a log-in by link (that is how a forgotten one is replaced).
 */
export const NewPassword = Type.Object(
  { password: Type.Optional(Password), newPassword: Password },
  { additionalProperties: false },
)

/** POST /v1/staff/me/second-factor: a secret to show once. It counts after a code of it. */
export const SecondFactorRequest = Type.Object({ password: Type.Optional(Password) }, { additionalProperties: false })
export const SecondFactorSecret = Type.Object({
  /** Base32, for typing. */
  secret: Type.String(),
  /** otpauth://totp/… */
  uri: Type.String(),
  /** The same as a picture: a whole SVG document. */
  qrSvg: Type.String(),
})
export type SecondFactorSecret = Type.Static<typeof SecondFactorSecret>

/** PUT /v1/staff/me/second-factor: the first code turns it on. */
export const SecondFactorCode = Type.Object({ code: TypedCode }, { additionalProperties: false })
/** Shown once; each works once, in the place of a code. */
export const RecoveryCodes = Type.Object({ codes: Type.Array(Type.String(), { minItems: 10, maxItems: 10 }) })
export type RecoveryCodes = Type.Static<typeof RecoveryCodes>

/** POST /v1/staff/me/second-factor/off: 204. POST /v1/staff/me/recovery-codes: ten new ones, the old ones are over. */
export const SecondFactorProof = Type.Object(
  { password: Type.Optional(Password), code: TypedCode },
  { additionalProperties: false },
)

/**
 * GET /v1/staff/sessions: where this person is logged in. DELETE /v1/staff/sessions/{sessionId} ends one, DELETE
 * /v1/staff/sessions all but this one, DELETE /v1/staff/sessions/current this one.
 */
export const OwnSessions = Type.Object({
  sessions: Type.Array(
    Type.Object({
      sessionId: Uuid,
      app: Type.Union([Type.Literal('desk'), Type.Literal('crew')]),
      by: Type.Union([Type.Literal('link'), Type.Literal('password')]),
      /** What the browser said of itself. */
      agent: OrNull(Type.String()),
      since: EpochMsSchema,
      seenAt: EpochMsSchema,
      isThis: Type.Boolean(),
    }),
    { maxItems: 100 },
  ),
})
export type OwnSessions = Type.Static<typeof OwnSessions>

/** DELETE /v1/staff/sessions */
export const EndedSessions = Type.Object({ ended: Type.Integer({ minimum: 0, maximum: 100_000 }) })
