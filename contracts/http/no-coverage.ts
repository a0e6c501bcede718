import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { AdvertisedId, Challenge, Grant, LockReceipt, PhoneKey } from '../no-coverage.ts'
import { mostCodes } from '../no-coverage-words.ts'

/** POST /v1/no-coverage/grants (Idempotency-Key) → 201. The lock's own challenge, as it was heard. */
export const GrantRequest = Type.Object({ tripId: Uuid, challenge: Challenge }, { additionalProperties: false })
export type GrantRequest = Type.Static<typeof GrantRequest>
export const GrantAnswer = Type.Object({ grant: Grant })
export type GrantAnswer = Type.Static<typeof GrantAnswer>

/** POST /v1/no-coverage/receipts → 200. What the lock said its bolt did, under its own MAC; a repeat changes nothing. */
export const ReceiptRequest = Type.Object({ tripId: Uuid, receipt: LockReceipt }, { additionalProperties: false })
export type ReceiptRequest = Type.Static<typeof ReceiptRequest>
export const ReceiptAnswer = Type.Object({ stored: Type.Literal(true) })
export type ReceiptAnswer = Type.Static<typeof ReceiptAnswer>

/** PUT /v1/no-coverage/passes/{tripId}: how this ride's phone finds its lock, and once the ride runs the key to it. */
export const PhonePass = Type.Object({
  tripId: Uuid,
  advertisedAs: Type.Array(AdvertisedId, {
    minItems: 1,
    maxItems: 4,
    description: 'what the lock may call itself on the air: its clock may be a day off, or unset',
  }),
  key: Type.Union([PhoneKey, Type.Null()], {
    description: 'null before the ride has begun: nobody begins one with it',
  }),
  codes: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{11}$', description: '8 bytes, base64url' }), {
    maxItems: mostCodes,
    description: 'code i is at i − 1',
  }),
})
export type PhonePass = Type.Static<typeof PhonePass>
