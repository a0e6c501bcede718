import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { AmountMinor, EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { PaymentStatus } from './payments.ts'
import { CommandState, TripPrice, TripState } from './trips.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

/** 3 to 200 characters, written down with the name of who acts. */
export const ActReason = Type.String({ minLength: 3, maxLength: 200, pattern: '\\S.*\\S.*\\S' })

/** Where a page of a list goes on: opaque, from the answer before. */
const Cursor = Type.String({ pattern: '^[0-9]{10,15}_[0-9a-f-]{36}$' })

/** GET /v1/staff/trips, newest first. `from` and `to` are of the moment when the ride was asked for. */
export const StaffTripsQuery = Type.Object(
  {
    state: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('ended'), Type.Literal('debt')])),
    bikeId: Type.Optional(Uuid),
    number: Type.Optional(BikeNumberSchema),
    from: Type.Optional(EpochMsSchema),
    to: Type.Optional(EpochMsSchema),
    before: Type.Optional(Cursor),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  },
  { additionalProperties: false },
)
export type StaffTripsQuery = Type.Static<typeof StaffTripsQuery>

/** A trip as staff see it. `rider` is a name made for this trip alone: no two trips of one rider can be told. */
export const StaffTripRow = Type.Object({
  tripId: Uuid,
  state: TripState,
  bikeId: Uuid,
  bikeNumber: BikeNumberSchema,
  rider: Type.String(),
  createdAt: EpochMsSchema,
  startedAt: orNull(EpochMsSchema),
  endedAt: orNull(EpochMsSchema),
  pausedMs: Type.Integer({ minimum: 0 }),
  failure: orNull(Type.String()),
  endedBy: orNull(Type.String()),
  allowedUntil: orNull(EpochMsSchema),
  isLong: Type.Boolean({ description: 'it lasts longer than rides do, and nobody allowed it' }),
  price: TripPrice,
  payment: Type.Object({
    state: PaymentStatus,
    held: AmountMinor,
    due: AmountMinor,
    captured: AmountMinor,
    refundAsked: AmountMinor,
    refunded: AmountMinor,
  }),
})
export type StaffTripRow = Type.Static<typeof StaffTripRow>

export const StaffTrips = Type.Object({
  trips: Type.Array(StaffTripRow),
  next: orNull(Cursor),
  cityTime: EpochMsSchema,
})
export type StaffTrips = Type.Static<typeof StaffTrips>

/** GET /v1/staff/trips/search?q: a receipt's number, a payment reference, a bike's number or a trip's id. */
export const StaffTripSearch = Type.Object(
  { q: Type.String({ minLength: 4, maxLength: 64, pattern: '^[A-Za-z0-9 -]+$' }) },
  { additionalProperties: false },
)
export const StaffTripsFound = Type.Object({
  by: orNull(
    Type.Union([Type.Literal('trip'), Type.Literal('receipt'), Type.Literal('payment'), Type.Literal('bike')]),
  ),
  trips: Type.Array(StaffTripRow),
  cityTime: EpochMsSchema,
})
export type StaffTripsFound = Type.Static<typeof StaffTripsFound>

/** A hotspot's or a zone's name, else the place on a grid of about a hundred metres. */
export const RoughPlace = Type.Object({ name: orNull(Type.String()), lon: Longitude, lat: Latitude })

export const TripActKind = Type.Union([
  Type.Literal('end'),
  Type.Literal('extend'),
  Type.Literal('refund'),
  Type.Literal('reprice'),
  Type.Literal('forgive'),
  Type.Literal('replay'),
])
export type TripActKind = Type.Static<typeof TripActKind>

/** What an act came to: null where it has no say. Amounts are minor units of the trip's currency. */
export const TripActResult = Type.Object({
  totalBefore: orNull(AmountMinor),
  totalAfter: orNull(AmountMinor),
  endedAt: orNull(EpochMsSchema),
  allowedUntil: orNull(EpochMsSchema),
})
export type TripActResult = Type.Static<typeof TripActResult>

/** What a colleague did to a trip; the same answer for every repeat under its id. */
export const TripAct = Type.Object({
  actId: Uuid,
  act: TripActKind,
  at: EpochMsSchema,
  by: Type.Object({ staffId: Uuid, name: Type.String() }),
  reason: Type.String(),
  result: TripActResult,
})
export type TripAct = Type.Static<typeof TripAct>

/** One thing of a trip's story. `detail` is a key of its kind; `amount` is in minor units. */
export const TripMoment = Type.Object({
  kind: Type.Union([
    Type.Literal('asked'),
    Type.Literal('unlock_sent'),
    Type.Literal('unlock_ended'),
    Type.Literal('opened'),
    Type.Literal('closed'),
    Type.Literal('jammed'),
    Type.Literal('ended'),
    Type.Literal('not_ridden'),
    Type.Literal('priced'),
    Type.Literal('made_cheaper'),
    Type.Literal('captured'),
    Type.Literal('refund_asked'),
    Type.Literal('refunded'),
    Type.Literal('forgiven'),
    Type.Literal('receipt'),
    Type.Literal('act'),
  ]),
  at: EpochMsSchema,
  detail: orNull(Type.String()),
  amount: orNull(AmountMinor),
  by: orNull(Type.String()),
  reason: orNull(Type.String()),
})
export type TripMoment = Type.Static<typeof TripMoment>

/** GET /v1/staff/trips/{tripId} */
export const StaffTrip = Type.Object({
  trip: StaffTripRow,
  start: orNull(RoughPlace),
  end: orNull(RoughPlace),
  freeExit: orNull(Type.String()),
  riderFree: Type.Boolean(),
  tariffId: Type.String(),
  paymentReference: orNull(Type.String()),
  provider: Type.String(),
  forgiven: AmountMinor,
  refunds: Type.Array(
    Type.Object({
      refundId: Uuid,
      amount: AmountMinor,
      state: Type.Union([Type.Literal('pending'), Type.Literal('done')]),
      why: Type.String(),
      at: EpochMsSchema,
      doneAt: orNull(EpochMsSchema),
      by: orNull(Type.String()),
      reason: orNull(Type.String()),
    }),
  ),
  commands: Type.Array(
    Type.Object({
      commandId: Uuid,
      op: Type.String(),
      state: CommandState,
      resultCode: orNull(Type.String()),
      issuedAt: EpochMsSchema,
      endedAt: orNull(EpochMsSchema),
    }),
  ),
  receipt: orNull(Type.Object({ number: Type.String(), path: Type.String() })),
  story: Type.Array(TripMoment),
  acts: Type.Array(TripAct),
  /** The newest sign that somebody rode: an end in the past is never before it. */
  lastRiddenAt: orNull(EpochMsSchema),
  trace: Type.Union([Type.Literal('kept'), Type.Literal('gone'), Type.Literal('none')]),
  cityTime: EpochMsSchema,
})
export type StaffTrip = Type.Static<typeof StaffTrip>

const act = { actId: Uuid, reason: ActReason }
/** POST /v1/staff/trips/{tripId}/end: `endedAt` in the past for a ride that went on by mistake; else now. */
export const EndTripAct = Type.Object(
  { ...act, endedAt: Type.Optional(EpochMsSchema) },
  { additionalProperties: false },
)
/** POST …/extend */
export const ExtendTripAct = Type.Object({ ...act, until: EpochMsSchema }, { additionalProperties: false })
/** POST …/refund: minor units of what was taken. */
export const RefundTripAct = Type.Object(
  { ...act, amount: Type.Integer({ minimum: 1, maximum: 100_000_000 }) },
  { additionalProperties: false },
)
export const WaivableLine = Type.Union([
  Type.Literal('unlock'),
  Type.Literal('ride_minutes'),
  Type.Literal('pause_minutes'),
  Type.Literal('wrong_place'),
  Type.Literal('no_parking'),
])
/** POST …/reprice: what is left out stays as it is. `expectedTotal` is what the page showed before it was done. */
export const RepriceTripAct = Type.Object(
  {
    ...act,
    endedAt: Type.Optional(EpochMsSchema),
    pausedMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 31_536_000_000 })),
    waived: Type.Optional(Type.Array(WaivableLine, { maxItems: 5 })),
    expectedTotal: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
  },
  { additionalProperties: false },
)
export type RepriceTripAct = Type.Static<typeof RepriceTripAct>
/** POST …/forgive: a debt is asked of nobody any more. POST …/replay: where the rider went. */
export const ReasonOnlyAct = Type.Object(act, { additionalProperties: false })

/** GET …/preview: what an act would do to the price; nothing changes. */
export const TripPreviewQuery = Type.Object(
  {
    act: Type.Union([Type.Literal('end'), Type.Literal('refund'), Type.Literal('reprice')]),
    endedAt: Type.Optional(EpochMsSchema),
    pausedMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 31_536_000_000 })),
    waived: Type.Optional(Type.Array(WaivableLine, { maxItems: 5 })),
    amount: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000 })),
  },
  { additionalProperties: false },
)
export type TripPreviewQuery = Type.Static<typeof TripPreviewQuery>
export const TripPreview = Type.Object({
  before: TripPrice,
  after: TripPrice,
  /** What goes back to the rider at once; 0 while nothing was taken. */
  back: AmountMinor,
})
export type TripPreview = Type.Static<typeof TripPreview>

/** A point of a ride, from what the lock said. */
export const TracePoint = Type.Object({
  atMs: EpochMsSchema,
  lon: Longitude,
  lat: Latitude,
  accuracyM: orNull(Type.Number({ minimum: 0 })),
  speedMps: orNull(Type.Number({ minimum: 0 })),
  bolt: Type.String(),
})
/** Answer of POST …/replay, in no cache. */
export const TripTrace = Type.Object({
  points: Type.Array(TracePoint),
  events: Type.Array(
    Type.Object({
      atMs: EpochMsSchema,
      kind: Type.Union([Type.Literal('open'), Type.Literal('pause'), Type.Literal('closed')]),
    }),
  ),
  /** Only the first part: the ride has more points than are shown. */
  isCut: Type.Boolean(),
  keptUntil: EpochMsSchema,
})
export type TripTrace = Type.Static<typeof TripTrace>
