import { Type } from 'typebox'
import { BikeCodeSchema, BikeNumberSchema, LockIdSchema, Uuid } from '../ids.ts'
import { timelineKinds } from '../live/timeline-kinds.ts'
import { Operation } from '../mqtt/commands.ts'
import { PowerMode, RadioTechnology } from '../mqtt/reports.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { BikeState } from './staff.ts'
import { CommandState, TripState } from './trips.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Colleague = Type.Object({ staffId: Uuid, name: Type.String() })
export const Reason = Type.String({ minLength: 3, maxLength: 200, pattern: '\\S[^]*\\S', description: 'why, in words' })

/** States of a command that staff ask for; `queued`: it waits for its lock to speak, `cancelled`: it was taken back. */
export const StaffCommandState = Type.Union([CommandState, Type.Literal('cancelled')])
export type StaffCommandState = Type.Static<typeof StaffCommandState>

/** POST /v1/staff/bikes/{bikeId}/commands. `commandId` is made by the page: sent again, it is the same command. */
export const NewStaffCommand = Type.Object(
  {
    commandId: Uuid,
    op: Operation,
    reason: Reason,
    leavesOpen: Type.Optional(
      Type.Literal(true, { description: 'op unlock: I know that the bike is then open without a ride' }),
    ),
    endsRide: Type.Optional(
      Type.Literal(true, { description: 'op lock: I know that somebody has the bike, and that the ride ends by it' }),
    ),
  },
  { additionalProperties: false },
)
export type NewStaffCommand = Type.Static<typeof NewStaffCommand>

export const CommandStep = Type.Object({ state: StaffCommandState, at: EpochMsSchema })
export type CommandStep = Type.Static<typeof CommandStep>

export const StaffCommand = Type.Object({
  commandId: Uuid,
  bikeId: Uuid,
  op: Operation,
  reason: Type.String(),
  state: StaffCommandState,
  resultCode: orNull(
    Type.String({
      description:
        "the lock's own code, `never_sent`, or `bike_in_use`: a ride began before it was sent, or the bike rolled on",
    }),
  ),
  steps: Type.Array(CommandStep, { maxItems: 10, description: 'states that it has been in, oldest first' }),
  by: Colleague,
  askedAt: EpochMsSchema,
  expiresAt: { ...EpochMsSchema, description: 'until then it waits for the lock to speak' } as typeof EpochMsSchema,
})
export type StaffCommand = Type.Static<typeof StaffCommand>
/** GET /v1/staff/bikes/{bikeId}/commands: the last 50, newest first. */
export const StaffCommands = Type.Object({ commands: Type.Array(StaffCommand, { maxItems: 50 }) })
export type StaffCommands = Type.Static<typeof StaffCommands>

export const ServiceReason = Type.Union([
  Type.Literal('broken'),
  Type.Literal('stolen'),
  Type.Literal('stored'),
  Type.Literal('cleaning'),
  Type.Literal('other'),
])
export type ServiceReason = Type.Static<typeof ServiceReason>
export const ServiceState = Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('retired')])
export type ServiceState = Type.Static<typeof ServiceState>
const Note = Type.String({ minLength: 1, maxLength: 500 })

/** POST /v1/staff/bikes/{bikeId}/service */
export const ServiceAct = Type.Union([
  Type.Object(
    { to: Type.Literal('out'), reason: ServiceReason, note: Type.Optional(Note) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      to: Type.Literal('in'),
      note: Type.Optional(Note),
      resolveAlarms: Type.Optional(
        Type.Boolean({ description: 'resolves the alarms that keep it from riders; refused without it' }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Object({ to: Type.Literal('retired'), note: Note }, { additionalProperties: false }),
])
export type ServiceAct = Type.Static<typeof ServiceAct>

export const ServiceChange = Type.Object({
  state: ServiceState,
  reason: orNull(ServiceReason),
  note: orNull(Type.String()),
  by: orNull(Type.String({ description: 'name of a colleague' })),
  at: EpochMsSchema,
  inRide: Type.Boolean({ description: 'somebody rode it: riders feel it when that ride ends' }),
})
export type ServiceChange = Type.Static<typeof ServiceChange>

/** POST /v1/staff/bikes/{bikeId}/notes and PUT …/notes/{noteId}. `noteId` is made by the page. */
export const NewNote = Type.Object({ noteId: Uuid, text: Note }, { additionalProperties: false })
export type NewNote = Type.Static<typeof NewNote>
export const NoteText = Type.Object({ text: Note }, { additionalProperties: false })
export const BikeNote = Type.Object({
  noteId: Uuid,
  text: orNull(Type.String({ description: 'null: deleted' })),
  by: Colleague,
  at: EpochMsSchema,
  isEdited: Type.Boolean(),
  deletedBy: orNull(Type.String()),
  editableMs: Type.Integer({ minimum: 0, description: 'real time for which its writer may still edit it' }),
})
export type BikeNote = Type.Static<typeof BikeNote>
/** GET /v1/staff/bikes/{bikeId}/notes: the last 50, newest first. */
export const BikeNotes = Type.Object({ notes: Type.Array(BikeNote, { maxItems: 50 }) })
export type BikeNotes = Type.Static<typeof BikeNotes>

/** The list of contracts/live/timeline-kinds.ts, as a schema. */
export const TimelineKind = Type.Enum([...timelineKinds])

/** GET /v1/staff/bikes/{bikeId}/timeline */
export const TimelineQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before' })),
    kinds: Type.Optional(
      Type.String({ maxLength: 120, pattern: '^[a-z]+(,[a-z]+)*$', description: 'comma-separated' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
)
const Fact = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
export const TimelineItem = Type.Object({
  id: Type.String({ description: 'kind and id: once in a timeline' }),
  at: EpochMsSchema,
  kind: TimelineKind,
  title: Type.String({ description: 'text key `bikes.t.<title>`' }),
  facts: Type.Record(Type.String(), Fact),
  by: orNull(Type.String({ description: 'name of a colleague' })),
  steps: Type.Array(
    Type.Object({ state: Type.String(), at: EpochMsSchema, by: orNull(Type.String()), note: orNull(Type.String()) }),
    { maxItems: 20, description: 'what became of it, oldest first' },
  ),
  link: orNull(
    Type.String({ description: 'id of what it tells of: report of a lock, command, trip, alarm, task, report, note' }),
  ),
})
export type TimelineItem = Type.Static<typeof TimelineItem>
export const Timeline = Type.Object({
  items: Type.Array(TimelineItem, { maxItems: 100 }),
  next: orNull(Type.String({ description: 'ask with it as `before`; null: this was the oldest' })),
})
export type Timeline = Type.Static<typeof Timeline>

/** GET /v1/staff/bikes/{bikeId}/messages/{reportId}: what the lock sent, as it came. */
export const RawMessage = Type.Object({
  reportId: Type.Integer({ minimum: 1 }),
  kind: Type.Union([Type.Literal('hello'), Type.Literal('evt'), Type.Literal('ack')]),
  madeAt: EpochMsSchema,
  receivedAt: EpochMsSchema,
  appliedAt: orNull(EpochMsSchema),
  body: Type.Record(Type.String(), Type.Unknown()),
})
export type RawMessage = Type.Static<typeof RawMessage>

/** One hour of a battery, from telemetry. */
export const BatteryHour = Type.Object({
  at: EpochMsSchema,
  percent: Type.Number({ minimum: 0, maximum: 100 }),
  milliVolts: orNull(Type.Integer({ minimum: 0, maximum: 60_000 })),
})
export type BatteryHour = Type.Static<typeof BatteryHour>

const Found = Type.Boolean({ description: 'true: well' })
/** What a lock found when it last looked at its own parts. */
export const SelfTestResult = Type.Object({
  ...{ bolt: Found, gnss: Found, modem: Found, imu: Found, flash: Found, batt: Found },
  at: EpochMsSchema,
})
export type SelfTestResult = Type.Static<typeof SelfTestResult>

/** What a lock tells of itself beside bolt, charge and place; null: it has not said. */
export const LockHealth = Type.Object({
  mode: orNull(PowerMode),
  parts: orNull(Type.Array(Type.String(), { maxItems: 16, description: 'lock, ble, cable, imu, solar, dynamo' })),
  network: orNull(
    Type.Object({ technology: RadioTechnology, dbm: orNull(Type.Integer({ minimum: -150, maximum: 0 })) }),
  ),
  milliVolts: orNull(Type.Integer({ minimum: 0, maximum: 60_000 })),
  charging: orNull(Type.Union([Type.Literal('none'), Type.Literal('dyn'), Type.Literal('sol')])),
  selfTest: orNull(SelfTestResult),
})
export type LockHealth = Type.Static<typeof LockHealth>

/** GET /v1/staff/bikes/by-number/{number} */
export const BikePage = Type.Object({
  now: { ...EpochMsSchema, description: 'city time when it was read: ages count from it' } as typeof EpochMsSchema,
  bikeId: Uuid,
  number: BikeNumberSchema,
  code: BikeCodeSchema,
  stickerUrl: Type.String({ description: 'what the QR sticker says' }),
  lockId: LockIdSchema,
  model: Type.String(),
  addedAt: EpochMsSchema,
  state: BikeState,
  service: ServiceChange,
  custody: orNull(Type.Union([Type.Literal('claimed'), Type.Literal('in_van')])),
  lon: orNull(Longitude),
  lat: orNull(Latitude),
  accuracyM: orNull(Type.Number({ minimum: 0 })),
  batteryPercent: orNull(Type.Integer({ minimum: 0, maximum: 100 })),
  bolt: orNull(Type.String()),
  connected: Type.Boolean(),
  lastHeardAt: orNull(EpochMsSchema),
  firmware: orNull(Type.String()),
  bootId: orNull(Type.Integer({ minimum: 0 })),
  lock: LockHealth,
  trip: orNull(Type.Object({ tripId: Uuid, state: TripState, startedAt: orNull(EpochMsSchema) })),
  battery: Type.Object({
    hours: Type.Array(BatteryHour, { maxItems: 200, description: 'of the last 7 days, oldest first' }),
    percentPerDay: orNull(Type.Number({ description: 'since it was last charged; negative: it empties' })),
    emptyAt: orNull({
      ...EpochMsSchema,
      description: 'when it cannot open any more, if it goes on so',
    } as typeof EpochMsSchema),
  }),
})
export type BikePage = Type.Static<typeof BikePage>
