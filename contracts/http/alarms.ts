import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { alarmKinds, alarmResolutions, alarmSeverities, alarmStates } from '../live/alarm-kinds.ts'
import { EpochMsSchema } from '../units.ts'

/** The lists of contracts/live/alarm-kinds.ts, as schemas. */
export const AlarmKind = Type.Enum([...alarmKinds])
export const AlarmSeverity = Type.Enum([...alarmSeverities])
export const AlarmState = Type.Enum([...alarmStates])
const Resolution = Type.Enum([...alarmResolutions])

const Colleague = Type.Object({ staffId: Uuid, name: Type.String() })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Note = Type.String({ minLength: 1, maxLength: 500 })
const Count = Type.Integer({ minimum: 0 })

/** Pages of lists of the desk: where the next page begins, as it was told with the page before. */
export const Cursor = Type.String({ pattern: '^[0-9]{1,2}_[0-9]{1,15}_[0-9a-f-]{36}$' })

/** GET /v1/staff/alarms. `live` is everything but the resolved; `none` is nobody's. */
export const AlarmsQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...alarmStates, 'live'])),
    kind: Type.Optional(AlarmKind),
    assignee: Type.Optional(Type.Union([Type.Literal('me'), Type.Literal('none'), Uuid])),
    bikeId: Type.Optional(Uuid),
    /** Worst first, else newest first. */
    sort: Type.Optional(Type.Enum(['newest', 'worst'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    before: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)
export type AlarmsQuery = Type.Static<typeof AlarmsQuery>

export const AlarmView = Type.Object({
  alarmId: Uuid,
  kind: AlarmKind,
  severity: AlarmSeverity,
  state: AlarmState,
  blocksRental: Type.Boolean(),
  bikeId: Uuid,
  bikeNumber: BikeNumberSchema,
  tripId: orNull(Uuid),
  raisedAt: EpochMsSchema,
  lastSeenAt: EpochMsSchema,
  /** How often it was told. */
  times: Type.Integer({ minimum: 1 }),
  assignedTo: orNull(Colleague),
  snoozedUntil: orNull(EpochMsSchema),
  resolvedAt: orNull(EpochMsSchema),
  resolution: orNull(Type.Enum([...alarmResolutions, 'by_itself'])),
  /** To be sent with an act: another one than the newest comes too late. */
  version: Type.Integer({ minimum: 1 }),
  /** What is known besides, by kind: numbers and short texts. */
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export type AlarmView = Type.Static<typeof AlarmView>

export const AlarmList = Type.Object({
  /** City time when it was read: ages count from it. */
  at: EpochMsSchema,
  alarms: Type.Array(AlarmView, { maxItems: 200 }),
  /** Where the next page begins; null: this was the last. */
  next: orNull(Cursor),
  /** Open alarms (nobody has acknowledged them) by kind; kinds without any are left out. */
  counts: Type.Record(Type.String(), Count),
  /** All alarms that are not resolved. */
  totals: Type.Object({ open: Count, acknowledged: Count, snoozed: Count, mine: Count, unassigned: Count }),
})
export type AlarmList = Type.Static<typeof AlarmList>

/** One line of its history. Without a person it happened by itself. `act` is a text key: `alarms.act.<act>`. */
export const AlarmActView = Type.Object({
  at: EpochMsSchema,
  act: Type.String(),
  by: orNull(Type.String()),
  note: orNull(Type.String()),
  /** Of an assignment. */
  to: orNull(Type.String()),
  /** Of a snooze. */
  until: orNull(EpochMsSchema),
  /** Of an end. */
  how: orNull(Type.String()),
})
export type AlarmActView = Type.Static<typeof AlarmActView>

/** GET /v1/staff/alarms/{alarmId} */
export const AlarmStory = Type.Object({
  at: EpochMsSchema,
  alarm: AlarmView,
  history: Type.Array(AlarmActView, { maxItems: 200 }),
  tasks: Type.Array(Type.Object({ taskId: Uuid, title: Type.String(), state: Type.String() }), { maxItems: 20 }),
})
export type AlarmStory = Type.Static<typeof AlarmStory>

const closed = { additionalProperties: false } as const
/** What a person does to an alarm. */
export const AlarmDeed = Type.Union([
  Type.Object({ act: Type.Literal('acknowledge') }, closed),
  /** `me`, a colleague, or null: nobody. */
  Type.Object({ act: Type.Literal('assign'), to: Type.Union([Type.Literal('me'), Uuid, Type.Null()]) }, closed),
  /** Minutes of city time, or until the next morning (7:00 of the operator's time). */
  Type.Object(
    {
      act: Type.Literal('snooze'),
      wait: Type.Union([Type.Literal('morning'), Type.Integer({ minimum: 1, maximum: 20_160 })]),
      note: Type.Optional(Note),
    },
    closed,
  ),
  Type.Object({ act: Type.Literal('resolve'), how: Resolution, note: Type.Optional(Note) }, closed),
  Type.Object({ act: Type.Literal('reopen') }, closed),
  Type.Object({ act: Type.Literal('note'), note: Note }, closed),
])
export type AlarmDeed = Type.Static<typeof AlarmDeed>

const Version = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
/** POST /v1/staff/alarms/{alarmId}/acts. Notes need no version. */
export const AlarmActRequest = Type.Object({ version: Type.Optional(Version), deed: AlarmDeed }, closed)

/** POST /v1/staff/alarms/acts: the same on many, each on its own. */
export const AlarmBatch = Type.Object(
  {
    alarms: Type.Array(Type.Object({ alarmId: Uuid, version: Version }, closed), { minItems: 1, maxItems: 100 }),
    deed: AlarmDeed,
  },
  closed,
)
export const AlarmBatchAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      alarmId: Uuid,
      /** Null: it was done. */
      code: orNull(Type.String()),
      /** Who was first. */
      by: orNull(Type.String()),
    }),
    { maxItems: 100 },
  ),
})
export type AlarmBatchAnswer = Type.Static<typeof AlarmBatchAnswer>

/** GET and PUT /v1/staff/alarm-settings: from when on rules raise an alarm. */
export const AlarmSettings = Type.Object(
  {
    lowBatteryPercent: Type.Integer({ minimum: 5, maximum: 60, default: 20, description: 'a notice below' }),
    veryLowBatteryPercent: Type.Integer({ minimum: 1, maximum: 50, default: 10, description: 'a warning below' }),
    silentMinutes: Type.Integer({
      minimum: 15,
      maximum: 1_440,
      default: 20,
      description: 'a parked lock speaks every 5',
    }),
    lostHours: Type.Integer({ minimum: 2, maximum: 720, default: 24, description: 'of silence' }),
    movedMetres: Type.Integer({
      minimum: 50,
      maximum: 5_000,
      default: 200,
      description: 'without a ride, plus accuracies',
    }),
    longTripHours: Type.Integer({ minimum: 1, maximum: 48, default: 4 }),
    outsideMetres: Type.Integer({
      minimum: 0,
      maximum: 1_000,
      default: 20,
      description: 'beyond the line, plus accuracy',
    }),
    shortTrips: Type.Integer({ minimum: 2, maximum: 10, default: 3, description: 'in a row' }),
    shortTripMinutes: Type.Integer({ minimum: 1, maximum: 15, default: 2 }),
    shortTripMetres: Type.Integer({ minimum: 20, maximum: 2_000, default: 200 }),
    notMovedDays: Type.Integer({ minimum: 1, maximum: 90, default: 7 }),
    brownOuts: Type.Integer({
      minimum: 1,
      maximum: 20,
      default: 2,
      description: 'resets for want of voltage, in 24 hours',
    }),
    restarts: Type.Integer({ minimum: 2, maximum: 50, default: 4, description: 'that nobody asked for, in an hour' }),
    /** Rules that raise nothing. */
    off: Type.Array(AlarmKind, { maxItems: alarmKinds.length, uniqueItems: true }),
  },
  closed,
)
export type AlarmSettings = Type.Static<typeof AlarmSettings>

/** POST /v1/staff/alarm-settings/try: how many bikes each rule would tell of with these settings, and does now. */
export const AlarmTrial = Type.Object({
  kinds: Type.Array(Type.Object({ kind: AlarmKind, would: Count, now: Count }), { maxItems: alarmKinds.length }),
})
export type AlarmTrial = Type.Static<typeof AlarmTrial>
