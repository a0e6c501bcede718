import { Type } from 'typebox'
import { longestAppealAnswer, longestAppealText } from '../appeal-limits.ts'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { AmountMinor, Currency, EpochMsSchema } from '../units.ts'
import { Cursor } from './alarms.ts'
import { PhotoIds } from './photos.ts'

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

export const AppealAbout = Type.Enum(['wrong_place', 'price', 'lock', 'not_my_ride', 'other'])
export type AppealAbout = Type.Static<typeof AppealAbout>
export const AppealState = Type.Enum(['open', 'accepted', 'partly', 'denied', 'withdrawn'])
export type AppealState = Type.Static<typeof AppealState>

/** POST /v1/trips/{tripId}/appeals. The page makes `appealId`: a repeat is the same appeal. */
export const NewAppeal = Type.Object(
  {
    appealId: Uuid,
    about: AppealAbout,
    /** May be empty, except about `other`. */
    text: Type.String({ maxLength: longestAppealText }),
    photoIds: PhotoIds,
  },
  closed,
)
export type NewAppeal = Type.Static<typeof NewAppeal>

/** GET /v1/appeals/{appealId}: what the rider said, and what became of it. */
export const AppealView = Type.Object({
  appealId: Uuid,
  tripId: Uuid,
  bikeNumber: BikeNumberSchema,
  rideEndedAt: orNull(EpochMsSchema),
  about: AppealAbout,
  text: Type.String({ maxLength: longestAppealText }),
  photoIds: PhotoIds,
  state: AppealState,
  createdAt: EpochMsSchema,
  /** Not decided by then, it is accepted by itself. */
  decideBy: EpochMsSchema,
  decidedAt: orNull(EpochMsSchema),
  bySystem: Type.Boolean({ description: 'nobody decided in time' }),
  answer: orNull(Type.String({ maxLength: longestAppealAnswer })),
  /** What it asks for, and what it came to. */
  disputedMinor: AmountMinor,
  refundMinor: AmountMinor,
  currency: Currency,
  /** Of the ride's payment as a whole, by now: so that the rider can tell *on its way* from *arrived*. */
  refundedMinor: AmountMinor,
  owes: Type.Boolean({
    description: 'nothing was taken for the ride, or not all: what is accepted is no longer asked',
  }),
  cityTime: EpochMsSchema,
})
export type AppealView = Type.Static<typeof AppealView>

/** GET /v1/appeals, newest first. */
export const AppealsQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })), before: Type.Optional(Cursor) },
  closed,
)
export type AppealsQuery = Type.Static<typeof AppealsQuery>
export const Appeals = Type.Object({ appeals: Type.Array(AppealView, { maxItems: 100 }), next: orNull(Cursor) })
export type Appeals = Type.Static<typeof Appeals>

/** Part of TripView: the newest appeal of the ride. */
export const AppealOfTrip = Type.Object({ appealId: Uuid, state: AppealState, decideBy: EpochMsSchema })
export type AppealOfTrip = Type.Static<typeof AppealOfTrip>

/** GET /v1/staff/appeals. Open ones: the nearest deadline first; `decided` are all others, newest first. */
export const StaffAppealsQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'decided'])),
    tripId: Type.Optional(Uuid),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    before: Type.Optional(Cursor),
  },
  closed,
)
export type StaffAppealsQuery = Type.Static<typeof StaffAppealsQuery>

export const StaffAppeal = Type.Object({
  ...AppealView.properties,
  bikeId: Uuid,
  /** A colleague's name; null: nobody's, the rider's own, or the deadline's. */
  decidedBy: orNull(Type.String({ maxLength: 200 })),
  /** Appeals of this ride before this one. */
  earlier: Count,
})
export type StaffAppeal = Type.Static<typeof StaffAppeal>
export const StaffAppeals = Type.Object({
  at: EpochMsSchema,
  appeals: Type.Array(StaffAppeal, { maxItems: 100 }),
  next: orNull(Cursor),
  /** `soon` are open ones whose deadline is within twelve hours. */
  totals: Type.Object({ open: Count, soon: Count }),
})
export type StaffAppeals = Type.Static<typeof StaffAppeals>

/** Shown to the rider as it is. */
const AppealAnswer = Type.String({ minLength: 3, maxLength: longestAppealAnswer, pattern: '\\S.*\\S.*\\S' })
export const AppealDecision = Type.Union([
  Type.Object({ verdict: Type.Literal('accept'), answer: Type.Optional(AppealAnswer) }, closed),
  Type.Object(
    {
      verdict: Type.Literal('partly'),
      amountMinor: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
      answer: AppealAnswer,
    },
    closed,
  ),
  Type.Object({ verdict: Type.Literal('deny'), answer: AppealAnswer }, closed),
])
export type AppealDecision = Type.Static<typeof AppealDecision>
/** POST /v1/staff/appeals/{appealId}/decision: once; the same again is the same decision. */
export const DecideAppeal = Type.Object({ decision: AppealDecision }, closed)
