import type { CrewTasks, NewTask, TaskActView, TaskList, TasksQuery, TaskView } from '../../contracts/http/tasks.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import type { EpochMs, RealMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { cursorOf, placeOf } from '../platform/list-cursor.ts'
import type { TaskFacts } from './core/task-machine.ts'

export interface StoredTask {
  readonly taskId: string
  readonly bikeId: BikeId | null
  readonly alarmId: string | null
  readonly facts: TaskFacts
}

type TaskRow = TaskFacts & { readonly taskId: string; readonly bikeId: string | null; readonly alarmId: string | null }

/** A task that nobody else changes before the transaction ends. */
export async function taskHeld(tx: Queryable, taskId: string): Promise<StoredTask | null> {
  const { rows } = await tx.query<TaskRow>(
    `SELECT task_id AS "taskId", bike_id AS "bikeId", alarm_id AS "alarmId", state, assigned_to AS "assignedTo",
            ended_at AS "endedAt", ended_by AS "endedBy", version
       FROM task WHERE task_id = $1 FOR UPDATE`,
    [taskId],
  )
  const row = rows[0]
  if (row === undefined) return null
  const { taskId: id, bikeId, alarmId, ...facts } = row
  return { taskId: id, bikeId: bikeId === null ? null : asId<BikeId>(bikeId), alarmId, facts }
}

export async function insertTask(
  tx: Queryable,
  task: Omit<NewTask, 'bikeId' | 'reportId'> & { readonly taskId: string; readonly bikeId: string | null },
  staffId: string,
  nowMs: EpochMs,
): Promise<void> {
  await tx.query(
    `INSERT INTO task (task_id, kind, bike_id, alarm_id, title, note, priority, state, assigned_to, due_at, created_at,
                       created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11)`,
    [
      ...[task.taskId, task.kind, task.bikeId, task.alarmId ?? null, task.title, task.note ?? null, task.priority],
      ...[task.assignedTo ?? null, task.dueAt === undefined ? null : new Date(task.dueAt), new Date(nowMs), staffId],
    ],
  )
}

export async function saveTask(tx: Queryable, { taskId, facts }: StoredTask): Promise<void> {
  await tx.query(
    'UPDATE task SET state = $2, assigned_to = $3, ended_at = $4, ended_by = $5, version = $6 WHERE task_id = $1',
    [
      ...[taskId, facts.state, facts.assignedTo, facts.endedAt === null ? null : new Date(facts.endedAt)],
      ...[facts.endedBy, facts.version],
    ],
  )
}

export interface TaskLine {
  readonly taskId: string
  readonly staffId: string
  readonly act: string
  readonly note: string | null
  readonly detail: object
}

export async function writeTaskAct(tx: Queryable, line: TaskLine, atMs: EpochMs, realMs: RealMs): Promise<void> {
  await tx.query(
    'INSERT INTO task_act (task_id, at, real_at, staff_id, act, note, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [line.taskId, new Date(atMs), new Date(realMs), line.staffId, line.act, line.note, JSON.stringify(line.detail)],
  )
}

/** Who changed it last. */
export async function lastTaskHand(tx: Queryable, taskId: string): Promise<string | null> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT s.name FROM task_act a JOIN staff s USING (staff_id)
      WHERE a.task_id = $1 AND a.act <> 'note' ORDER BY a.act_id DESC LIMIT 1`,
    [taskId],
  )
  return rows[0]?.name ?? null
}

interface ViewRow extends Omit<TaskView, 'assignedTo'> {
  readonly staffId: string | null
  readonly staffName: string | null
}

const viewColumns = `t.task_id AS "taskId", t.kind, t.title, t.note, t.priority, t.state, t.bike_id AS "bikeId",
  b.number AS "bikeNumber", t.alarm_id AS "alarmId", coalesce(a.state <> 'resolved', false) AS "alarmIsOpen",
  t.due_at AS "dueAt", t.created_at AS "createdAt", m.name AS "createdBy", t.ended_at AS "endedAt", e.name AS "endedBy",
  t.version, s.staff_id AS "staffId", s.name AS "staffName"`
const viewTables = `task t LEFT JOIN bike b ON b.bike_id = t.bike_id LEFT JOIN alarm a ON a.alarm_id = t.alarm_id
  LEFT JOIN staff s ON s.staff_id = t.assigned_to LEFT JOIN staff m ON m.staff_id = t.created_by
  LEFT JOIN staff e ON e.staff_id = t.ended_by`

const viewOf = ({ staffId, staffName, ...row }: ViewRow): TaskView => ({
  ...row,
  assignedTo: staffId === null || staffName === null ? null : { staffId, name: staffName },
})

const usualLimit = 50
const priorities = `array_position(ARRAY['now', 'today', 'later'], t.priority)`

/** One page, the most urgent first where they are still to do, else the newest. */
export async function listTasks(
  db: Queryable,
  { state, bikeId, assignee, limit = usualLimit, before }: TasksQuery,
  staffId: string,
): Promise<Pick<TaskList, 'tasks' | 'next'>> {
  const values: unknown[] = []
  const value = (one: unknown) => `$${values.push(one)}`
  const where: string[] = []
  if (state === 'live') where.push(`t.state IN ('open', 'doing')`)
  else if (state !== undefined) where.push(`t.state = ${value(state)}`)
  if (bikeId !== undefined) where.push(`t.bike_id = ${value(bikeId)}`)
  if (assignee === 'none') where.push('t.assigned_to IS NULL')
  else if (assignee !== undefined) where.push(`t.assigned_to = ${value(assignee === 'me' ? staffId : assignee)}`)
  const rank = state === 'live' || state === 'open' ? priorities : '0'
  if (before !== undefined) {
    const [worse, atMs, id] = placeOf(before)
    where.push(
      `(-${rank}, t.created_at, t.task_id) < (${value(-worse)}::int, ${value(new Date(atMs))}, ${value(id)}::uuid)`,
    )
  }
  const { rows } = await db.query<ViewRow & { rank: number }>(
    `SELECT ${viewColumns}, ${rank} AS rank FROM ${viewTables} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
      ORDER BY rank, t.created_at DESC, t.task_id DESC LIMIT ${value(limit + 1)}`,
    values,
  )
  const last = rows[limit - 1]
  return {
    tasks: rows.slice(0, limit).map(({ rank: _, ...row }) => viewOf(row)),
    next: rows.length <= limit || !last ? null : cursorOf([last.rank, last.createdAt, last.taskId]),
  }
}

export async function countTasks(db: Queryable, staffId: string): Promise<TaskList['totals']> {
  const { rows } = await db.query<TaskList['totals']>(
    `SELECT count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'doing') AS doing,
            count(*) FILTER (WHERE assigned_to = $1) AS mine FROM task WHERE state IN ('open', 'doing')`,
    [staffId],
  )
  return rows[0] ?? { open: 0, doing: 0, mine: 0 }
}

export async function taskView(db: Queryable, taskId: string): Promise<TaskView | null> {
  const { rows } = await db.query<ViewRow>(`SELECT ${viewColumns} FROM ${viewTables} WHERE t.task_id = $1`, [taskId])
  return rows[0] ? viewOf(rows[0]) : null
}

const linesShown = 200

export async function taskHistory(db: Queryable, taskId: string): Promise<TaskActView[]> {
  const { rows } = await db.query<TaskActView>(
    `SELECT a.at, a.act, s.name AS by, a.note, t.name AS to
       FROM task_act a LEFT JOIN staff s USING (staff_id) LEFT JOIN staff t ON t.staff_id::text = a.detail ->> 'to'
      WHERE a.task_id = $1 ORDER BY a.act_id LIMIT $2`,
    [taskId, linesShown],
  )
  return rows
}

/** What is to do, with where its bike stands: looked at whole, it is what a few colleagues have left to do. */
const crewTasksRead = 1_000

export async function tasksToDo(
  db: Queryable,
): Promise<
  readonly (Omit<CrewTasks['tasks'][number], 'distanceM' | 'isMine'> & { readonly staffId: string | null })[]
> {
  const { rows } = await db.query<
    Omit<CrewTasks['tasks'][number], 'distanceM' | 'isMine'> & { staffId: string | null }
  >(
    `SELECT t.task_id AS "taskId", t.kind, t.title, t.note, t.priority, t.state, b.number AS "bikeNumber",
            ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat, t.due_at AS "dueAt", t.assigned_to AS "staffId"
       FROM task t LEFT JOIN bike b ON b.bike_id = t.bike_id LEFT JOIN bike_latest l ON l.bike_id = t.bike_id
      WHERE t.state IN ('open', 'doing') ORDER BY ${priorities}, t.created_at DESC LIMIT $1`,
    [crewTasksRead],
  )
  return rows
}

export async function bikeOfAlarm(tx: Queryable, alarmId: string): Promise<string | null> {
  const { rows } = await tx.query<{ bike_id: string }>('SELECT bike_id FROM alarm WHERE alarm_id = $1', [alarmId])
  return rows[0]?.bike_id ?? null
}

export async function isBike(tx: Queryable, bikeId: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM bike WHERE bike_id = $1', [bikeId])).rowCount > 0
}

export async function isColleague(tx: Queryable, staffId: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM staff WHERE staff_id = $1', [staffId])).rowCount > 0
}
