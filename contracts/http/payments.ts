import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { EpochMsSchema, MoneySchema } from '../units.ts'

/** What the rider must do now to give the promise. */
export const NextAction = Type.Union([
  Type.Object({ kind: Type.Literal('none') }),
  Type.Object({ kind: Type.Literal('redirect'), url: Type.String() }),
  Type.Object({ kind: Type.Literal('qr'), content: Type.String(), expiresAt: EpochMsSchema }),
  Type.Object({
    kind: Type.Literal('app'),
    url: Type.String({ description: 'opens the payment app where it is installed' }),
    fallbackUrl: Type.String({ description: 'the same request as a page' }),
  }),
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

/** How the rider gets to the payer's question: a page in this browser, a code for another phone, the payment app. */
export const WayToPay = Type.Union([Type.Literal('page'), Type.Literal('qr'), Type.Literal('app')])
export type WayToPay = Type.Static<typeof WayToPay>

/**
 * Why a promise holds nothing, or why nobody can say yet. `declined`: it was not approved. `cancelled`: the rider took
 * it back. `expired`: its time was over. `unknown`: the provider does not answer; we go on asking, and nothing is
 * taken meanwhile.
 */
export const PromiseReason = Type.Union([
  Type.Literal('declined'),
  Type.Literal('cancelled'),
  Type.Literal('expired'),
  Type.Literal('unknown'),
])
export type PromiseReason = Type.Static<typeof PromiseReason>

/**
 * POST /v1/promises (Idempotency-Key) → 201; GET and DELETE /v1/promises/{promiseId}. At most one open per rider:
 * asked again, the open one is told, in the way that was asked for last.
 */
export const PromiseRequest = Type.Object(
  {
    provider: Type.Union([Type.Literal('alipay')]),
    way: Type.Optional(WayToPay),
    returnPath: Type.Optional(
      Type.String({ pattern: '^/[A-Za-z0-9/_?=&.-]{0,200}$', description: 'where the payer page leads back to' }),
    ),
  },
  { additionalProperties: false },
)
export const PromiseView = Type.Object({
  promiseId: Uuid,
  /** `debt`: it pays what is owed for an earlier ride, at once when it is held. */
  purpose: Type.Union([Type.Literal('ride'), Type.Literal('debt')]),
  state: PaymentStatus,
  reason: Type.Union([PromiseReason, Type.Null()]),
  tripId: Type.Union([Uuid, Type.Null()]),
  amount: MoneySchema,
  next: NextAction,
  expiresAt: EpochMsSchema,
})
export type PromiseView = Type.Static<typeof PromiseView>

/** GET /v1/payment-methods: the providers that are switched on, and the ways that each of them has. */
export const PaymentMethods = Type.Object({
  methods: Type.Array(
    Type.Object({ provider: Type.String(), name: Type.String(), ways: Type.Array(WayToPay, { minItems: 1 }) }),
  ),
})
export type PaymentMethods = Type.Static<typeof PaymentMethods>

/** GET /v1/debts: what this rider owes, oldest first. POST /v1/debts/{tripId}/promises (Idempotency-Key) → 201. */
export const Debts = Type.Object({
  debts: Type.Array(Type.Object({ tripId: Uuid, amount: MoneySchema, since: EpochMsSchema }), { maxItems: 20 }),
})
export type Debts = Type.Static<typeof Debts>
