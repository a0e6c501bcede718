import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { Cursor } from './alarms.ts'
import { PhotoIds } from './photos.ts'

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Note = Type.String({ minLength: 1, maxLength: 500 })
const Count = Type.Integer({ minimum: 0 })
const Colleague = Type.Object({ staffId: Uuid, name: Type.String() })
const Limit = Type.Integer({ minimum: 1, maximum: 200 })
const Version = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })

export const TaskKind = Type.Enum(['look', 'repair', 'collect', 'swap_battery', 'move', 'other'])
export type TaskKind = Type.Static<typeof TaskKind>
export const TaskPriority = Type.Enum(['now', 'today', 'later'])
export type TaskPriority = Type.Static<typeof TaskPriority>
export const TaskState = Type.Enum(['open', 'doing', 'done', 'dropped'])
export type TaskState = Type.Static<typeof TaskState>

/** POST /v1/staff/tasks. Of a bike, of an alarm (and its bike), from a rider's report, or free. */
export const NewTask = Type.Object(
  {
    kind: TaskKind,
    title: Type.String({ minLength: 1, maxLength: 120 }),
    note: Type.Optional(Note),
    priority: TaskPriority,
    bikeId: Type.Optional(Uuid),
    alarmId: Type.Optional(Uuid),
    reportId: Type.Optional(Uuid),
    assignedTo: Type.Optional(Uuid),
    dueAt: Type.Optional(EpochMsSchema),
  },
  closed,
)
export type NewTask = Type.Static<typeof NewTask>

/** GET /v1/staff/tasks. `live` is open and being done; `none` is nobody's. */
export const TasksQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'doing', 'done', 'dropped', 'live'])),
    bikeId: Type.Optional(Uuid),
    assignee: Type.Optional(Type.Union([Type.Literal('me'), Type.Literal('none'), Uuid])),
    limit: Type.Optional(Limit),
    before: Type.Optional(Cursor),
  },
  closed,
)
export type TasksQuery = Type.Static<typeof TasksQuery>

export const TaskView = Type.Object({
  taskId: Uuid,
  kind: TaskKind,
  title: Type.String(),
  note: orNull(Type.String()),
  priority: TaskPriority,
  state: TaskState,
  bikeId: orNull(Uuid),
  bikeNumber: orNull(BikeNumberSchema),
  alarmId: orNull(Uuid),
  /** Whether its alarm is still to be resolved: then the end of the task may do it. */
  alarmIsOpen: Type.Boolean(),
  assignedTo: orNull(Colleague),
  dueAt: orNull(EpochMsSchema),
  createdAt: EpochMsSchema,
  createdBy: orNull(Type.String()),
  endedAt: orNull(EpochMsSchema),
  endedBy: orNull(Type.String()),
  version: Type.Integer({ minimum: 1 }),
})
export type TaskView = Type.Static<typeof TaskView>

export const TaskList = Type.Object({
  at: EpochMsSchema,
  tasks: Type.Array(TaskView, { maxItems: 200 }),
  next: orNull(Cursor),
  totals: Type.Object({ open: Count, doing: Count, mine: Count }),
})
export type TaskList = Type.Static<typeof TaskList>

/** One line of its history: text key `work.act.<act>`. */
export const TaskActView = Type.Object({
  at: EpochMsSchema,
  act: Type.String(),
  by: orNull(Type.String()),
  note: orNull(Type.String()),
  to: orNull(Type.String()),
})
export type TaskActView = Type.Static<typeof TaskActView>

/** GET /v1/staff/tasks/{taskId} */
export const TaskStory = Type.Object({
  at: EpochMsSchema,
  task: TaskView,
  history: Type.Array(TaskActView, { maxItems: 200 }),
})
export type TaskStory = Type.Static<typeof TaskStory>

export const TaskDeed = Type.Union([
  Type.Object({ act: Type.Literal('assign'), to: Type.Union([Type.Literal('me'), Uuid, Type.Null()]) }, closed),
  Type.Object({ act: Type.Literal('start') }, closed),
  /** `resolveAlarm`: what its alarm told of is fixed too. */
  Type.Object(
    { act: Type.Literal('done'), note: Type.Optional(Note), resolveAlarm: Type.Optional(Type.Boolean()) },
    closed,
  ),
  Type.Object({ act: Type.Literal('drop'), note: Type.Optional(Note) }, closed),
  Type.Object({ act: Type.Literal('reopen') }, closed),
  Type.Object({ act: Type.Literal('note'), note: Note }, closed),
])
export type TaskDeed = Type.Static<typeof TaskDeed>
/** POST /v1/staff/tasks/{taskId}/acts. `version` is what the person saw; notes need none. */
export const TaskActRequest = Type.Object({ version: Type.Optional(Version), deed: TaskDeed }, closed)

/** GET /v1/crew/tasks: what is to do near a place, the most urgent first and then the nearest. */
export const CrewTasksQuery = Type.Object({ lon: Type.Optional(Longitude), lat: Type.Optional(Latitude) }, closed)
export const CrewTasks = Type.Object({
  tasks: Type.Array(
    Type.Object({
      taskId: Uuid,
      kind: TaskKind,
      title: Type.String(),
      note: orNull(Type.String()),
      priority: TaskPriority,
      state: TaskState,
      bikeNumber: orNull(BikeNumberSchema),
      lon: orNull(Longitude),
      lat: orNull(Latitude),
      distanceM: orNull(Type.Integer({ minimum: 0, maximum: 20_100_000 })),
      isMine: Type.Boolean(),
      dueAt: orNull(EpochMsSchema),
    }),
    { maxItems: 100 },
  ),
})
export type CrewTasks = Type.Static<typeof CrewTasks>
/** POST /v1/crew/tasks/{taskId}/done: a repeat changes nothing. */
export const CrewTaskDone = Type.Object(
  { note: Type.Optional(Note), resolveAlarm: Type.Optional(Type.Boolean()) },
  closed,
)

export const ReportKind = Type.Enum([
  'brakes',
  'tyre',
  'chain',
  'saddle',
  'lock',
  'lights',
  'parked_badly',
  'sticker',
  'other',
])
export type ReportKind = Type.Static<typeof ReportKind>
export const ReportState = Type.Enum(['new', 'seen', 'closed'])

/** POST /v1/bikes/{code}/reports: a rider says that something is wrong with a bike, on a ride or not. */
export const NewReport = Type.Object(
  {
    kind: ReportKind,
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    photoIds: Type.Optional(PhotoIds),
  },
  closed,
)
export type NewReport = Type.Static<typeof NewReport>
export const ReportKept = Type.Object({ reportId: Uuid })

/** GET /v1/staff/rider-reports. Who said it is not told. */
export const ReportsQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['new', 'seen', 'closed', 'live'])),
    bikeId: Type.Optional(Uuid),
    limit: Type.Optional(Limit),
    before: Type.Optional(Cursor),
  },
  closed,
)
export type ReportsQuery = Type.Static<typeof ReportsQuery>
export const ReportView = Type.Object({
  reportId: Uuid,
  bikeId: Uuid,
  bikeNumber: BikeNumberSchema,
  /** Of the ride on which it was said. */
  tripId: orNull(Uuid),
  kind: ReportKind,
  /** By hand, or made from what was answered at the end of a ride. */
  source: Type.Enum(['rider', 'free_exit', 'ended_ride']),
  text: orNull(Type.String()),
  photoIds: PhotoIds,
  at: EpochMsSchema,
  state: ReportState,
  closedAt: orNull(EpochMsSchema),
  closedBy: orNull(Type.String()),
})
export type ReportView = Type.Static<typeof ReportView>
export const ReportList = Type.Object({
  at: EpochMsSchema,
  reports: Type.Array(ReportView, { maxItems: 200 }),
  next: orNull(Cursor),
  totals: Type.Object({ new: Count, seen: Count }),
})
export type ReportList = Type.Static<typeof ReportList>

/** POST /v1/staff/rider-reports/{reportId}/acts. `raise` makes an alarm of it, which keeps the bike from riders. */
export const ReportDeed = Type.Object({ act: Type.Enum(['seen', 'close', 'raise']) }, closed)
export type ReportDeed = Type.Static<typeof ReportDeed>
