import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'

/** The night of a date begins in its evening: `2026-11-21` is the night to the 22nd. */
export const Night = Type.String({ pattern: '^20[0-9]{2}-[01][0-9]-[0-3][0-9]$' })
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: "the operator's own time" })
const Key = Type.String({ pattern: '^[a-z0-9-]{1,40}$' })
const Name = Type.String({ minLength: 1, maxLength: 80 })
const Rides = Type.Number({ minimum: -1_000_000, maximum: 1_000_000, description: 'trips of riders' })
const DistanceM = Type.Number({ minimum: 0, maximum: 10_000_000, description: 'metres' })
const Count = Type.Integer({ minimum: 0, maximum: 100_000 })
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const NightVan = Type.Object({
  vanId: Key,
  name: Name,
  capacity: Type.Integer({ minimum: 1, maximum: 100 }),
  depotId: Key,
  startsAt: TimeOfDay,
  endsAt: TimeOfDay,
  goesOut: Type.Boolean(),
})
export const NightDepot = Type.Object({
  depotId: Key,
  name: Name,
  lon: Longitude,
  lat: Latitude,
  isWorkshop: Type.Boolean(),
})

/** GET, PUT /v1/staff/night/settings */
export const NightSettings = Type.Object(
  {
    planAt: { ...TimeOfDay, description: 'when the job plans, each evening' } as typeof TimeOfDay,
    reportAt: { ...TimeOfDay, description: 'when the morning is looked at' } as typeof TimeOfDay,
    /** How long the search may take, seconds of real time. */
    planSeconds: Type.Integer({ minimum: 2, maximum: 600 }),
    /** A new plan goes to the crews by itself; otherwise a crew lead publishes it. */
    publishBySelf: Type.Boolean(),
    depots: Type.Array(NightDepot, { minItems: 1, maxItems: 20 }),
    vans: Type.Array(NightVan, { minItems: 1, maxItems: 50 }),
    stopMinutes: Type.Number({ minimum: 0, maximum: 60 }),
    minutesPerBike: Type.Number({ minimum: 0, maximum: 30 }),
    ridesPerKm: Type.Number({ minimum: 0, maximum: 10 }),
    ridesPerHour: Type.Number({ minimum: 0, maximum: 100 }),
    ridesPerVan: Type.Number({ minimum: 0, maximum: 100 }),
    /** A bike outside every hotspot is a stray after so long without a ride. */
    idleHours: Type.Number({ minimum: 0, maximum: 720 }),
    lowBatteryPercent: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  { additionalProperties: false },
)
export type NightSettings = Type.Static<typeof NightSettings>

export const PlanState = Type.Union([
  Type.Literal('planning'),
  Type.Literal('draft'),
  Type.Literal('published'),
  Type.Literal('ended'),
  Type.Literal('failed'),
  Type.Literal('superseded'),
])
export type PlanState = Type.Static<typeof PlanState>

export const PlanFigures = Type.Object({
  value: Rides,
  cost: Rides,
  objective: Rides,
  bikesMoved: Count,
  distanceM: DistanceM,
})
export type PlanFigures = Type.Static<typeof PlanFigures>

/** GET /v1/staff/plans: newest night first. */
export const PlanSummary = Type.Object({
  planId: Uuid,
  night: Night,
  depotId: Key,
  state: PlanState,
  figures: OrNull(PlanFigures),
  createdAt: EpochMsSchema,
})
export type PlanSummary = Type.Static<typeof PlanSummary>
export const PlanList = Type.Object({
  plans: Type.Array(PlanSummary, { maxItems: 100 }),
  /** What staff must know: tonight has no plan because planning failed. */
  alarm: Type.Optional(OrNull(Type.String({ maxLength: 500 }))),
})
export type PlanList = Type.Static<typeof PlanList>

/** POST /v1/staff/plans: plan tonight now. A draft is replaced by it, a published plan is not. */
export const NewPlan = Type.Object(
  {
    depotId: Type.Optional(Key),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    seconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 600 })),
  },
  { additionalProperties: false },
)
export type NewPlan = Type.Static<typeof NewPlan>

export const StrayReason = Type.Union([
  Type.Literal('outside_hotspot'),
  Type.Literal('outside_service_area'),
  Type.Literal('idle'),
  Type.Literal('blocked'),
  Type.Literal('complaint'),
  Type.Literal('low_battery'),
  Type.Literal('broken'),
  Type.Literal('silent'),
  Type.Literal('not_needed_there'),
])
export type StrayReason = Type.Static<typeof StrayReason>

export const PlanPlace = Type.Object({
  placeId: Type.String({ maxLength: 80 }),
  kind: Type.Union([Type.Literal('depot'), Type.Literal('strays'), Type.Literal('hotspot')]),
  name: Type.String({ maxLength: 120 }),
  lon: Longitude,
  lat: Latitude,
  /** Bikes that stand there now, that the plan leaves there, and that would be best; null where it has no meaning. */
  stock: OrNull(Count),
  planned: OrNull(Count),
  target: OrNull(Count),
  capacity: OrNull(Count),
})
export type PlanPlace = Type.Static<typeof PlanPlace>

export const PlanStop = Type.Object({
  place: Count,
  arriveAt: EpochMsSchema,
  departAt: EpochMsSchema,
  legM: DistanceM,
  take: Count,
  give: Count,
  takeBroken: Count,
  giveBroken: Count,
  loadAfter: Count,
  brokenAfter: Count,
  value: Rides,
  /** What leaving it out would lose, after all that it saves. */
  worth: Rides,
  detourM: Type.Number({ minimum: -10_000_000, maximum: 10_000_000 }),
  detourMinutes: Type.Number({ minimum: -100_000, maximum: 100_000 }),
  isLocked: Type.Boolean(),
})
export type PlanStop = Type.Static<typeof PlanStop>

export const PlanRoute = Type.Object({
  vanId: Key,
  vanName: Name,
  capacity: Count,
  shiftStartAt: EpochMsSchema,
  shiftEndAt: EpochMsSchema,
  endsAt: EpochMsSchema,
  startPlace: Count,
  distanceM: DistanceM,
  value: Rides,
  cost: Rides,
  stops: Type.Array(PlanStop, { maxItems: 500 }),
  /** The way along the streets, as far as it is known: [lon, lat]. */
  line: Type.Array(Type.Tuple([Longitude, Latitude]), { maxItems: 20_000 }),
  /** Once published. */
  routeId: OrNull(Uuid),
  crewName: OrNull(Type.String()),
  progress: OrNull(Type.Object({ stopsDone: Count, stops: Count, bikesLoaded: Count, bikesDelivered: Count })),
})
export type PlanRoute = Type.Static<typeof PlanRoute>

/** Why this bike, why there, what it is worth. */
export const PlanMove = Type.Object({
  bikeId: Uuid,
  number: BikeNumberSchema,
  vanId: Key,
  fromPlace: Count,
  /** Null: it stays in the van until the depot. */
  toPlace: OrNull(Count),
  reasons: Type.Array(StrayReason, { maxItems: 9 }),
  idleHours: OrNull(Type.Number({ minimum: 0, maximum: 1_000_000 })),
  batteryPercent: OrNull(Type.Integer({ minimum: 0, maximum: 100 })),
  /** Rides won by taking it, and by putting one more at the other end. */
  takeValue: Rides,
  giveValue: Rides,
})
export type PlanMove = Type.Static<typeof PlanMove>

export const LeftOutReason = Type.Union([
  Type.Literal('not_worth_the_way'),
  Type.Literal('no_time_left'),
  Type.Literal('vans_full'),
  Type.Literal('no_bikes_to_bring'),
  Type.Literal('nothing_to_gain'),
])
export const LeftOut = Type.Object({
  place: Count,
  take: Count,
  give: Count,
  value: Rides,
  reason: LeftOutReason,
  /** Of the best way to fit it in: what it would cost beside what it would win. */
  extraM: OrNull(DistanceM),
  extraMinutes: OrNull(Type.Number({ minimum: -100_000, maximum: 100_000 })),
  change: OrNull(Rides),
})
export type LeftOut = Type.Static<typeof LeftOut>

export const PlanEditRecord = Type.Object({
  revision: Count,
  kind: Type.String(),
  by: Type.String(),
  at: EpochMsSchema,
  change: Rides,
})

/** GET /v1/staff/plans/{planId} */
export const PlanView = Type.Object({
  planId: Uuid,
  night: Night,
  depotId: Key,
  state: PlanState,
  revision: Count,
  seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  iterations: Type.Integer({ minimum: 0 }),
  planSeconds: Type.Number({ minimum: 0 }),
  createdAt: EpochMsSchema,
  publishedAt: OrNull(EpochMsSchema),
  /** While it is being planned: how far, and the best so far. */
  progress: OrNull(Type.Object({ share: Type.Number({ minimum: 0, maximum: 1 }), objective: Rides })),
  failure: OrNull(Type.String()),
  distances: Type.Union([Type.Literal('streets'), Type.Literal('osrm'), Type.Literal('straight_line')]),
  /** How much the forecast rests on: 0 a guess, 1 as sure as it gets. */
  sureness: Type.Number({ minimum: 0, maximum: 1 }),
  evidenceDays: Type.Number({ minimum: 0, maximum: 10_000 }),
  /** Rides that tomorrow's riders are expected to miss, with nothing done and with this plan. */
  expectedLost: Type.Object({ nothing: Rides, plan: Rides }),
  figures: OrNull(PlanFigures),
  proportional: OrNull(PlanFigures),
  places: Type.Array(PlanPlace, { maxItems: 5_000 }),
  routes: Type.Array(PlanRoute, { maxItems: 50 }),
  moves: Type.Array(PlanMove, { maxItems: 5_000 }),
  leftOut: Type.Array(LeftOut, { maxItems: 5_000 }),
  edits: Type.Array(PlanEditRecord, { maxItems: 500 }),
  canUndo: Type.Boolean(),
})
export type PlanView = Type.Static<typeof PlanView>

const StopAt = Type.Integer({ minimum: 0, maximum: 500 })
/** What a crew lead may change; `stop` counts from 0 in driving order. */
export const PlanEdit = Type.Union([
  Type.Object({ kind: Type.Literal('drop_stop'), vanId: Key, stop: StopAt }),
  Type.Object({ kind: Type.Literal('move_stop'), vanId: Key, stop: StopAt, toVanId: Key, toStop: StopAt }),
  Type.Object({ kind: Type.Literal('add_stop'), placeId: Type.String({ maxLength: 80 }), vanId: Key, atStop: StopAt }),
  Type.Object({ kind: Type.Literal('lock_stop'), vanId: Key, stop: StopAt }),
  Type.Object({ kind: Type.Literal('unlock_stop'), vanId: Key, stop: StopAt }),
  Type.Object({ kind: Type.Literal('add_van'), van: NightVan }),
  Type.Object({ kind: Type.Literal('remove_van'), vanId: Key }),
  Type.Object({ kind: Type.Literal('change_shift'), vanId: Key, startsAt: TimeOfDay, endsAt: TimeOfDay }),
  Type.Object({ kind: Type.Literal('improve'), seconds: Type.Integer({ minimum: 1, maximum: 120 }) }),
])
export type PlanEdit = Type.Static<typeof PlanEdit>

/** POST /v1/staff/plans/{planId}/edits: `dryRun` only tells the price. Another's edit since `revision` is a refusal. */
export const PlanEditRequest = Type.Object(
  { revision: Count, edit: PlanEdit, dryRun: Type.Boolean() },
  { additionalProperties: false },
)
export type PlanEditRequest = Type.Static<typeof PlanEditRequest>
/** `faults` are sentences that name the van, the stop, the minutes or bikes; then nothing was changed. */
export const PlanEditAnswer = Type.Object({
  done: Type.Boolean(),
  before: PlanFigures,
  after: OrNull(PlanFigures),
  faults: Type.Array(Type.String(), { maxItems: 50 }),
  /** Vans that would come back earlier (below 0) or later, in minutes. */
  ends: Type.Optional(
    Type.Array(Type.Object({ vanName: Name, minutes: Type.Integer({ minimum: -100_000, maximum: 100_000 }) }), {
      maxItems: 50,
    }),
  ),
  plan: OrNull(PlanView),
})
export type PlanEditAnswer = Type.Static<typeof PlanEditAnswer>

/** GET /v1/staff/reports: newest night first. */
export const ReportList = Type.Object({
  reports: Type.Array(Type.Object({ night: Night, depotId: Key, madeAt: EpochMsSchema, bikesMoved: Count }), {
    maxItems: 400,
  }),
})
export type ReportList = Type.Static<typeof ReportList>

/** GET /v1/staff/reports/{night} (JSON) and /v1/staff/reports/{night}.html (to read and to mail). */
export const MorningReport = Type.Object({
  night: Night,
  depotId: Key,
  madeAt: EpochMsSchema,
  planId: OrNull(Uuid),
  hotspots: Type.Array(
    Type.Object({ name: Type.String(), capacity: Count, before: Count, planned: Count, stands: Count }),
    { maxItems: 2_000 },
  ),
  vans: Type.Array(
    Type.Object({
      vanName: Name,
      crewName: OrNull(Type.String()),
      stopsPlanned: Count,
      stopsDone: Count,
      bikesPlanned: Count,
      bikesMoved: Count,
      plannedM: DistanceM,
      drivenM: DistanceM,
      hours: Type.Number({ minimum: 0, maximum: 1_000 }),
    }),
    { maxItems: 50 },
  ),
  bikes: Type.Object({
    planned: Count,
    moved: Count,
    toWorkshop: Count,
    notFound: Count,
    blocked: Count,
    stillInVan: Count,
  }),
  value: Type.Object({ planned: Rides, won: Rides }),
  expectedLost: Type.Object({ nothing: Rides, planned: Rides, now: Rides }),
})
export type MorningReport = Type.Static<typeof MorningReport>
