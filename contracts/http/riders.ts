import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { EpochMsSchema } from '../units.ts'
import { ReservationView } from './reservations.ts'

/** Phone number (E.164) or e-mail address: where the one-time code goes. */
export const Address = Type.String({
  pattern: '^(\\+[1-9][0-9]{6,14}|[^\\s@]{1,64}@[^\\s@]{1,190}\\.[^\\s@]{2,24})$',
  maxLength: 254,
  description: 'E.164 phone number or e-mail address',
})
export const Language = Type.Union([Type.Literal('en'), Type.Literal('nl'), Type.Literal('zh')])
export type Language = Type.Static<typeof Language>

/** POST /v1/login/codes → 202, the same answer whether or not the account exists. */
export const CodeRequest = Type.Object(
  { to: Address, language: Type.Optional(Language) },
  { additionalProperties: false },
)
export const CodeSent = Type.Object({ expiresInS: Type.Integer(), resendAfterS: Type.Integer() })

/** POST /v1/login/sessions → 201, and the cookie `zwerm_rider` for browsers. */
export const SessionRequest = Type.Object(
  { to: Address, code: Type.String({ pattern: '^[0-9]{6}$' }) },
  { additionalProperties: false },
)
export const RiderSession = Type.Object({ riderId: Uuid, token: Type.String(), expiresInS: Type.Integer() })

/** GET /v1/me */
export const Me = Type.Object({
  riderId: Uuid,
  standing: Type.Union([Type.Literal('good'), Type.Literal('in_debt'), Type.Literal('blocked')]),
  /** Kept for codes and receipts. PATCH /v1/me changes it. */
  language: Language,
  addressHint: Type.String({ description: 'where codes go, masked: +31 ••• 78' }),
  /** Real time. */
  memberSince: EpochMsSchema,
  activeTripId: Type.Union([Uuid, Type.Null()]),
  openPromiseId: Type.Union([Uuid, Type.Null()]),
  /** The open one; or for some minutes one that ended without my doing. */
  reservation: Type.Union([ReservationView, Type.Null()]),
})
export type Me = Type.Static<typeof Me>

/** PATCH /v1/me → 200, the same. */
export const MeChange = Type.Object({ language: Language }, { additionalProperties: false })
