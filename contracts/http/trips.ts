import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { AmountMinor, Currency, EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { AppealOfTrip } from './appeals.ts'
import { TripParking } from './parking.ts'
import { PaymentStatus } from './payments.ts'

export const TripState = Type.Union([
  Type.Literal('promised'),
  Type.Literal('unlocking'),
  Type.Literal('riding'),
  Type.Literal('paused'),
  Type.Literal('ending'),
  Type.Literal('ended'),
  Type.Literal('charged'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type TripState = Type.Static<typeof TripState>

export const CommandState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('sent'),
  Type.Literal('accepted'),
  Type.Literal('done'),
  Type.Literal('rejected'),
  Type.Literal('failed'),
  Type.Literal('expired'),
  Type.Literal('unknown'),
])
export type CommandState = Type.Static<typeof CommandState>

/** POST /v1/trips (Idempotency-Key) → 201. The promise must be held. */
export const StartTrip = Type.Object(
  {
    bikeCode: Type.String({
      pattern: '^[A-Za-z0-9]{4,32}$',
      description: 'code of the QR sticker, or the bike number',
    }),
    promiseId: Uuid,
  },
  { additionalProperties: false },
)
export const EndReason = Type.Union([
  Type.Literal('lock_will_not_close'),
  Type.Literal('lock_closed_but_ride_goes_on'),
  Type.Literal('other'),
])
export type EndReason = Type.Static<typeof EndReason>
/** POST /v1/trips/{tripId}/end: when the lock's own *closed* does not do it. */
export const EndTrip = Type.Object({ reason: EndReason }, { additionalProperties: false })
export const FreeExitReason = Type.Union([
  Type.Literal('brakes'),
  Type.Literal('tyre'),
  Type.Literal('chain'),
  Type.Literal('saddle'),
  Type.Literal('lock'),
  Type.Literal('changed_my_mind'),
])
export type FreeExitReason = Type.Static<typeof FreeExitReason>
/** POST /v1/trips/{tripId}/free-exit: in the first minutes, with a reason; works until shortly after the end too. */
export const FreeExit = Type.Object({ reason: FreeExitReason }, { additionalProperties: false })

/** One line of the price, and why it is there. `key` is a text key: `fare.<key>`. */
export const FareLine = Type.Object({
  key: Type.Union([
    Type.Literal('unlock'),
    Type.Literal('ride_minutes'),
    Type.Literal('pause_minutes'),
    Type.Literal('day_cap'),
    Type.Literal('free_exit'),
    Type.Literal('lock_fault'),
    Type.Literal('waived_unlock'),
    Type.Literal('waived_ride_minutes'),
    Type.Literal('waived_pause_minutes'),
    Type.Literal('given_back'),
    Type.Literal('wrong_place'),
    Type.Literal('no_parking'),
    Type.Literal('hotspot_reward'),
    Type.Literal('put_right'),
    Type.Literal('waived_wrong_place'),
    Type.Literal('waived_no_parking'),
  ]),
  quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  unitAmount: AmountMinor,
  amount: AmountMinor,
})
export type FareLine = Type.Static<typeof FareLine>

export const TripPrice = Type.Object({
  currency: Currency,
  total: AmountMinor,
  lines: Type.Array(FareLine),
  final: Type.Boolean({ description: 'false while the ride runs' }),
})
export type TripPrice = Type.Static<typeof TripPrice>

export const TripView = Type.Object({
  tripId: Uuid,
  state: TripState,
  bikeNumber: BikeNumberSchema,
  bikePlace: Type.Union([Type.Object({ lon: Longitude, lat: Latitude }), Type.Null()], {
    description: 'where the bike stands while it is asked to open, if known; null at any other time',
  }),
  createdAt: EpochMsSchema,
  startedAt: Type.Union([EpochMsSchema, Type.Null()]),
  endedAt: Type.Union([EpochMsSchema, Type.Null()]),
  pausedMs: Type.Integer({ minimum: 0 }),
  pauseWanted: Type.Boolean({ description: 'the next closing pauses instead of ending' }),
  command: Type.Union([
    Type.Object({
      state: CommandState,
      resultCode: Type.Union([Type.String(), Type.Null()]),
      deadlineAt: EpochMsSchema,
    }),
    Type.Null(),
  ]),
  closingFailedAt: Type.Union([EpochMsSchema, Type.Null()], {
    description: 'the lock tried to close and could not: time stops there when the rider says that it will not close',
  }),
  riderFree: Type.Boolean({ description: 'the unlock was not answered: the rider may take another bike' }),
  failure: Type.Union([Type.String(), Type.Null()], { description: 'text key `failure.<key>`' }),
  price: TripPrice,
  payment: Type.Object({ state: PaymentStatus, held: AmountMinor, captured: AmountMinor, refunded: AmountMinor }),
  holdReleaseAt: Type.Union([EpochMsSchema, Type.Null()], { description: 'when money is released at the latest' }),
  receiptPath: Type.Union([Type.String(), Type.Null()]),
  parking: Type.Union([TripParking, Type.Null()], { description: 'null until the ride has ended' }),
  appeal: Type.Union([AppealOfTrip, Type.Null()], { description: 'the newest one against this ride' }),
  mayAppealUntil: Type.Union([EpochMsSchema, Type.Null()], { description: 'null: there is nothing to appeal now' }),
  cityTime: EpochMsSchema,
})
export type TripView = Type.Static<typeof TripView>

/** GET /v1/trips?limit&before, newest first. */
export const TripsQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    before: Type.Optional(EpochMsSchema),
  },
  { additionalProperties: false },
)
export const Trips = Type.Object({ trips: Type.Array(TripView) })

/** GET /v1/receipts/{token} (JSON), /r/{token} (page). The token is the only key. */
export const Receipt = Type.Object({
  number: Type.String(),
  issuedAt: EpochMsSchema,
  bikeNumber: BikeNumberSchema,
  startedAt: EpochMsSchema,
  endedAt: EpochMsSchema,
  pausedMs: Type.Integer({ minimum: 0 }),
  currency: Currency,
  lines: Type.Array(FareLine),
  total: AmountMinor,
  vat: Type.Object({ ratePercent: Type.Integer({ minimum: 0, maximum: 100 }), amount: AmountMinor }),
  captured: AmountMinor,
  refunded: AmountMinor,
  /** What made it cheaper after it was issued, oldest first: the receipt itself never changes. */
  corrections: Type.Optional(
    Type.Array(
      Type.Object({
        kind: Type.Union([Type.Literal('refund'), Type.Literal('forgiven')]),
        at: EpochMsSchema,
        amount: AmountMinor,
        vat: AmountMinor,
      }),
    ),
  ),
  tariffId: Type.String(),
  paymentReference: Type.String(),
  url: Type.String(),
})
export type Receipt = Type.Static<typeof Receipt>
