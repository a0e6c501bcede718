import { Type } from 'typebox'

const when = Type.Union([Type.Literal('before'), Type.Literal('after')])
/** Long enough to outlast any client's time-out, short enough that a test ends. */
const delayMs = Type.Integer({ minimum: 1, maximum: 120_000 })
const strict = { additionalProperties: false } as const

const FaultSchema = Type.Union([
  Type.Object({ kind: Type.Literal('delay-answer'), delayMs }, strict),
  Type.Object({ kind: Type.Literal('drop-answer'), when }, strict),
  Type.Object({ kind: Type.Literal('http-500'), when }, strict),
  Type.Object({ kind: Type.Literal('system-error'), when }, strict),
  Type.Object({ kind: Type.Literal('corrupt-answer-signature') }, strict),
  Type.Object({ kind: Type.Literal('insufficient-funds') }, strict),
  Type.Object({ kind: Type.Literal('drop-notification') }, strict),
  Type.Object({ kind: Type.Literal('duplicate-notification') }, strict),
  Type.Object({ kind: Type.Literal('reorder-notification') }, strict),
  Type.Object({ kind: Type.Literal('delay-notification'), delayMs }, strict),
  Type.Object({ kind: Type.Literal('corrupt-notification-signature') }, strict),
  Type.Object({ kind: Type.Literal('old-notification-timestamp') }, strict),
])

const target = Type.String({ minLength: 1, maxLength: 128, pattern: '^(\\*|[a-z_.]+)$' })

const number = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }))

/** `POST /control/faults`: a fault for a method or notify type, for the next n times or with a probability. */
export const NewFault = Type.Union([
  Type.Object({ fault: FaultSchema, target, number, next: Type.Integer({ minimum: 1, maximum: 10_000 }) }, strict),
  Type.Object({ fault: FaultSchema, target, number, probability: Type.Number({ minimum: 0, maximum: 1 }) }, strict),
])

/** `?after=…&limit=…` */
export const Page = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  strict,
)

export const OrderParams = Type.Object({ outOrderNo: Type.String({ minLength: 1, maxLength: 64 }) }, strict)
export const FaultParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, strict)
