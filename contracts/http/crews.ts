import { Type } from 'typebox'
import { BikeCodeSchema, BikeNumberSchema, Uuid } from '../ids.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { Night, StrayReason } from './nights.ts'

const Count = Type.Integer({ minimum: 0, maximum: 100_000 })
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Note = Type.String({ maxLength: 500 })

/** The roles of contracts/permissions.ts, as a schema. */
export const StaffRole = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('dispatcher'),
  Type.Literal('support'),
  Type.Literal('crew_lead'),
  Type.Literal('finance'),
  Type.Literal('admin'),
  Type.Literal('crew'),
])
export type StaffRole = Type.Static<typeof StaffRole>

/** Of the desk; the crew's app knows links only. Taken as it is meant: small letters, without blanks around it. */
export const LogInName = Type.String({ maxLength: 200 })

/** POST /v1/staff/people: a colleague and a link that logs in once. */
export const NewPerson = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    role: StaffRole,
    logInName: Type.Optional(LogInName),
  },
  { additionalProperties: false },
)
export const PersonLink = Type.Object({ staffId: Uuid, link: Type.String(), url: Type.String() })
export type PersonLink = Type.Static<typeof PersonLink>

/**
 * GET /v1/staff/people, by name. POST /v1/staff/people/{staffId}/links: another link that logs in once; with
 * `?withoutSecondFactor=true` it takes a lost second factor away, and asks for none.
 */
export const People = Type.Object({
  people: Type.Array(
    Type.Object({
      staffId: Uuid,
      name: Type.String(),
      role: StaffRole,
      since: EpochMsSchema,
      /** Null: never. */
      seenAt: OrNull(EpochMsSchema),
      /** Switched off since; null: works here. */
      endedAt: OrNull(EpochMsSchema),
      /** How this colleague logs in: told to those who manage people; null for everybody else. */
      logIn: OrNull(
        Type.Object({ name: OrNull(Type.String()), hasPassword: Type.Boolean(), hasSecondFactor: Type.Boolean() }),
      ),
    }),
    { maxItems: 1_000 },
  ),
})
export type People = Type.Static<typeof People>

/** PUT /v1/staff/people/{staffId}: 204. An empty log-in name takes it away. */
export const PersonChange = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 60 }), logInName: LogInName },
  { additionalProperties: false },
)
const Reason = Type.String({ minLength: 3, maxLength: 200 })
/** POST /v1/staff/people/{staffId}/role: 204. Nobody changes their own; there is always an admin. */
export const RoleChange = Type.Object({ role: StaffRole, reason: Reason }, { additionalProperties: false })
/** POST /v1/staff/people/{staffId}/off: sessions and links end at once; …/on: links work again. Both 204. */
export const AccessChange = Type.Object({ reason: Reason }, { additionalProperties: false })

/** POST /v1/crew/sessions: the link's token, for the cookie `zwerm_crew`. */
export const CrewSessionRequest = Type.Object(
  { link: Type.String({ pattern: '^[A-Za-z0-9_-]{20,64}$' }) },
  { additionalProperties: false },
)
export const CrewSession = Type.Object({ crewId: Uuid, name: Type.String(), token: Type.String() })
export type CrewSession = Type.Static<typeof CrewSession>

export const RouteState = Type.Union([Type.Literal('open'), Type.Literal('claimed'), Type.Literal('done')])

/** GET /v1/crew/routes: tonight's published routes. */
export const RouteSummary = Type.Object({
  routeId: Uuid,
  night: Night,
  vanName: Type.String(),
  capacity: Count,
  state: RouteState,
  /** Who has it. */
  crewName: OrNull(Type.String()),
  isMine: Type.Boolean(),
  startsAt: EpochMsSchema,
  endsAt: EpochMsSchema,
  stops: Count,
  bikes: Count,
  distanceM: Type.Number({ minimum: 0 }),
})
export type RouteSummary = Type.Static<typeof RouteSummary>
export const RouteList = Type.Object({ name: Type.String(), routes: Type.Array(RouteSummary, { maxItems: 50 }) })
export type RouteList = Type.Static<typeof RouteList>

/** `planned` is still to take; `loaded` is in the van; `left` was put down (or brought to the workshop). */
export const CrewBikeState = Type.Union([
  Type.Literal('planned'),
  Type.Literal('loaded'),
  Type.Literal('left'),
  Type.Literal('not_found'),
  Type.Literal('blocked'),
])
export const CrewBike = Type.Object({
  bikeId: Uuid,
  number: BikeNumberSchema,
  /** Of its QR code: a scan is understood without network. */
  code: BikeCodeSchema,
  batteryPercent: OrNull(Type.Integer({ minimum: 0, maximum: 100 })),
  lon: OrNull(Longitude),
  lat: OrNull(Latitude),
  lastHeardAt: OrNull(EpochMsSchema),
  reasons: Type.Array(StrayReason, { maxItems: 9 }),
  /** For the workshop. */
  isBroken: Type.Boolean(),
  state: CrewBikeState,
})
export type CrewBike = Type.Static<typeof CrewBike>

export const CrewStop = Type.Object({
  stopId: Uuid,
  kind: Type.Union([Type.Literal('strays'), Type.Literal('hotspot'), Type.Literal('depot')]),
  name: Type.String(),
  lon: Longitude,
  lat: Latitude,
  arriveAt: EpochMsSchema,
  legM: Type.Number({ minimum: 0 }),
  state: Type.Union([Type.Literal('planned'), Type.Literal('done'), Type.Literal('skipped')]),
  take: Type.Array(CrewBike, { maxItems: 200 }),
  /** Bikes to put down here, and put down so far. At the depot and the workshop everything that is left in the van. */
  give: Count,
  given: Count,
  giveBroken: Count,
})
export type CrewStop = Type.Static<typeof CrewStop>

/** GET /v1/crew/routes/{routeId}: everything that a night without network needs. */
export const CrewRoute = Type.Object({
  routeId: Uuid,
  night: Night,
  vanName: Type.String(),
  capacity: Count,
  state: RouteState,
  crewName: OrNull(Type.String()),
  isMine: Type.Boolean(),
  /** One more with each change by the server: the rest was planned anew. */
  revision: Count,
  startsAt: EpochMsSchema,
  endsAt: EpochMsSchema,
  depot: Type.Object({ name: Type.String(), lon: Longitude, lat: Latitude }),
  stops: Type.Array(CrewStop, { maxItems: 500 }),
  /** In the van now, wherever they were loaded. */
  load: Type.Array(CrewBike, { maxItems: 100 }),
})
export type CrewRoute = Type.Static<typeof CrewRoute>

const act = {
  /** Made on the phone: a repeat changes nothing. */
  actId: Uuid,
  routeId: Uuid,
  /** When it was done, by the phone's clock brought to city time. */
  atMs: EpochMsSchema,
  lon: OrNull(Longitude),
  lat: OrNull(Latitude),
}
/** The number on the bike, or the code of its QR sticker. */
const bike = Type.String({ pattern: '^[A-Za-z0-9]{4,32}$' })
const stopId = OrNull(Uuid)
const photoId = Type.Optional(Uuid)
const note = Type.Optional(Note)

/** What a crew did. Kept on the phone until the server has it. */
export const CrewAct = Type.Union([
  Type.Object({ ...act, act: Type.Literal('load'), bike, stopId }),
  Type.Object({ ...act, act: Type.Literal('unload'), bike, stopId }),
  Type.Object({ ...act, act: Type.Literal('not_found'), bike, stopId, photoId }),
  Type.Object({ ...act, act: Type.Literal('blocked'), bike, stopId, photoId, note }),
  Type.Object({ ...act, act: Type.Literal('broken'), bike, stopId, photoId, note }),
  Type.Object({ ...act, act: Type.Literal('finish_stop'), stopId: Uuid }),
  Type.Object({
    ...act,
    act: Type.Literal('skip_stop'),
    stopId: Uuid,
    reason: Type.Union([
      Type.Literal('no_access'),
      Type.Literal('unsafe'),
      Type.Literal('no_time'),
      Type.Literal('other'),
    ]),
    note,
  }),
  /** Another crew goes on; what is in the van stays in the van. */
  Type.Object({ ...act, act: Type.Literal('hand_over') }),
  Type.Object({ ...act, act: Type.Literal('end_shift') }),
])
export type CrewAct = Type.Static<typeof CrewAct>

/** POST /v1/crew/acts: in the order in which they were done. */
export const CrewActs = Type.Object(
  { acts: Type.Array(CrewAct, { minItems: 1, maxItems: 200 }) },
  { additionalProperties: false },
)
export const CrewActResult = Type.Object({
  actId: Uuid,
  outcome: Type.Union([Type.Literal('applied'), Type.Literal('repeated'), Type.Literal('refused')]),
  /** A refusal's code and who has it. */
  code: OrNull(Type.String()),
  by: OrNull(Type.String()),
})
export type CrewActResult = Type.Static<typeof CrewActResult>
/** Fewer results than acts: the server broke at the first act without one. Send it and those after it again. */
export const CrewActsAnswer = Type.Object({ results: Type.Array(CrewActResult), route: OrNull(CrewRoute) })
export type CrewActsAnswer = Type.Static<typeof CrewActsAnswer>

/**
 * POST /v1/crew/routes/{routeId}/claim answers with the route; 409 `route_taken` names who has it, 409
 * `route_too_early` the operator's local time (`21:00`) from which on it may be taken: an hour before its shift.
 */
export const ClaimRequest = Type.Object({ actId: Uuid }, { additionalProperties: false })

/**
 * POST /v1/staff/bikes/{bikeId}/free: 204, no crew has the bike any more; `not_found` when none had it.
 * POST /v1/staff/routes/{routeId}/take-back: 204, the claimed route is open to the next crew and its van stays as it is;
 * `route_ended` when it is over. Both without a body.
 */

/** PUT /v1/crew/photos/{photoId}: the picture itself, image/jpeg, png or webp, up to 3 MB. */
export const PhotoKept = Type.Object({ photoId: Uuid, bytes: Count })
export type PhotoKept = Type.Static<typeof PhotoKept>
