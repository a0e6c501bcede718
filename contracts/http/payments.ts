import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { EpochMsSchema, MoneySchema } from '../units.ts'

/** What the rider must do now to give the promise. */
export const NextAction = Type.Union([
  Type.Object({ kind: Type.Literal('none') }),
  Type.Object({ kind: Type.Literal('redirect'), url: Type.String() }),
  Type.Object({ kind: Type.Literal('qr'), content: Type.String(), expiresAt: EpochMsSchema }),
])
export type NextAction = Type.Static<typeof NextAction>

/**
 * Where a payment stands. A hold is not money: only `captured` moves any.
 * hold_pending → held → capture_pending → captured → refund_pending → refunded | partially_refunded;
 * hold_pending → failed; held → release_pending → released; held → expired; capture_pending → debt → captured.
 */
export const PaymentStatus = Type.Union([
  Type.Literal('hold_pending'),
  Type.Literal('held'),
  Type.Literal('capture_pending'),
  Type.Literal('captured'),
  Type.Literal('release_pending'),
  Type.Literal('released'),
  Type.Literal('refund_pending'),
  Type.Literal('partially_refunded'),
  Type.Literal('refunded'),
  Type.Literal('failed'),
  Type.Literal('expired'),
  Type.Literal('debt'),
])
export type PaymentStatus = Type.Static<typeof PaymentStatus>

/** POST /v1/promises (Idempotency-Key) → 201; GET and DELETE /v1/promises/{promiseId}. At most one open per rider. */
export const PromiseRequest = Type.Object(
  {
    provider: Type.Union([Type.Literal('alipay')]),
    returnPath: Type.Optional(
      Type.String({ pattern: '^/[A-Za-z0-9/_?=&.-]{0,200}$', description: 'where the payer page leads back to' }),
    ),
  },
  { additionalProperties: false },
)
export const PromiseView = Type.Object({
  promiseId: Uuid,
  state: PaymentStatus,
  tripId: Type.Union([Uuid, Type.Null()]),
  amount: MoneySchema,
  next: NextAction,
  expiresAt: EpochMsSchema,
})
export type PromiseView = Type.Static<typeof PromiseView>

/** GET /v1/payment-methods */
export const PaymentMethods = Type.Object({
  methods: Type.Array(Type.Object({ provider: Type.String(), name: Type.String() })),
})
