import type { CrewTasks, NewTask, TaskDeed, TaskList, TaskStory, TasksQuery } from '../../contracts/http/tasks.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { storable } from '../../contracts/storable-text.ts'
import { distanceM, type Position } from '../../contracts/units.ts'
import type { AlarmDesk } from '../alarms/alarm-desk.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { actOnTask, type TaskAct } from './core/task-machine.ts'
import { type KnownReport, reportOf, seenReport } from './report-store.ts'
import {
  bikeOfAlarm,
  countTasks,
  insertTask,
  isBike,
  isColleague,
  lastTaskHand,
  listTasks,
  type StoredTask,
  saveTask,
  taskHeld,
  taskHistory,
  tasksToDo,
  taskView,
  writeTaskAct,
} from './task-store.ts'

/** What colleagues are to do, at the desk and in the street. */
export interface Tasks {
  list(query: TasksQuery, staffId: string): Promise<TaskList>
  story(taskId: string): Promise<TaskStory | Refusal>
  create(task: NewTask, staffId: string): Promise<TaskStory | Refusal>
  /** `version` is what the person saw; another one now means that somebody was first. Notes need none. */
  act(taskId: string, deed: TaskDeed, version: number | null, staffId: string): Promise<TaskStory | Refusal>
  /** What is still to do: the most urgent first, then the nearest; where nobody says where, the newest. */
  near(staffId: string, place: Position | null): Promise<CrewTasks>
}

const crewTasksShown = 100

export function createTasks(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly alarms: Pick<AlarmDesk, 'resolveIn'>
  readonly tellDesk: (event: DeskEvent) => void
}): Tasks {
  const { db, clock, ids, alarms } = deps

  function tell(tx: Queryable, { taskId, bikeId, facts: { state } }: StoredTask): void {
    afterCommit(tx, () => deps.tellDesk({ kind: 'task', taskId, bikeId, state }))
  }

  /** The bike of a new task and what it comes from; null when something of that does not exist. */
  async function originOf(tx: Queryable, wanted: NewTask): Promise<Origin | null> {
    const { alarmId, reportId, assignedTo, bikeId } = wanted
    if (assignedTo !== undefined && !(await isColleague(tx, assignedTo))) return null
    const report = reportId === undefined ? null : await reportOf(tx, reportId)
    if (reportId !== undefined && report === null) return null
    if (alarmId !== undefined) {
      const ofAlarm = await bikeOfAlarm(tx, alarmId)
      return ofAlarm === null ? null : { bikeId: ofAlarm, report }
    }
    if (report !== null) return { bikeId: report.bikeId, report }
    if (bikeId === undefined) return { bikeId: null, report }
    return (await isBike(tx, bikeId)) ? { bikeId, report } : null
  }

  async function createIn(tx: Queryable, wanted: NewTask, staffId: string): Promise<string | Refusal> {
    const origin = await originOf(tx, wanted)
    if (origin === null) return refuse('not_found')
    const { bikeId, report } = origin
    const taskId = ids.uuid()
    const nowMs = clock.nowMs()
    const note = wanted.note === undefined ? {} : { note: storable(wanted.note) }
    await insertTask(tx, { ...wanted, ...note, title: storable(wanted.title), taskId, bikeId }, staffId, nowMs)
    const detail = wanted.assignedTo === undefined ? {} : { to: wanted.assignedTo }
    await writeTaskAct(tx, { taskId, staffId, act: 'made', note: null, detail }, nowMs, clock.realNowMs())
    afterCommit(tx, () => deps.tellDesk({ kind: 'task', taskId, bikeId, state: 'open' }))
    if (report === null) return taskId
    await seenReport(tx, report.reportId)
    afterCommit(tx, () => deps.tellDesk({ kind: 'report', reportId: report.reportId, bikeId: report.bikeId }))
    return taskId
  }

  async function change(tx: Queryable, task: StoredTask, deed: TaskDeed, staffId: string): Promise<Refusal | null> {
    const { taskId } = task
    const act: TaskAct = deed.act === 'assign' ? { act: 'assign', to: deed.to === 'me' ? staffId : deed.to } : deed
    if (act.act === 'assign' && act.to !== null && !(await isColleague(tx, act.to))) return refuse('not_found')
    const nowMs = clock.nowMs()
    const facts = actOnTask(task.facts, act, staffId, nowMs)
    if (typeof facts === 'string') return refuse(facts)
    const isChanged = facts !== task.facts
    if (isChanged) await saveTask(tx, { ...task, facts })
    if (isChanged || act.act === 'note') {
      const detail = act.act === 'assign' ? { to: act.to } : {}
      await writeTaskAct(tx, { taskId, staffId, act: act.act, note: noteOf(deed), detail }, nowMs, clock.realNowMs())
      tell(tx, { ...task, facts })
    }
    return null
  }

  async function actIn(
    tx: Queryable,
    taskId: string,
    deed: TaskDeed,
    version: number | null,
    staffId: string,
  ): Promise<Refusal | null> {
    const task = await taskHeld(tx, taskId)
    if (task === null) return refuse('not_found')
    if (deed.act !== 'note' && version !== null && version !== task.facts.version) {
      return refuse('task_changed', (await lastTaskHand(tx, taskId)) ?? undefined)
    }
    const refusal = await change(tx, task, deed, staffId)
    if (refusal !== null) return refusal
    if (deed.act === 'done' && deed.resolveAlarm === true && task.alarmId !== null) {
      await alarms.resolveIn(tx, task.alarmId, staffId, noteOf(deed))
    }
    return null
  }

  async function story(taskId: string): Promise<TaskStory | Refusal> {
    const task = await taskView(db, taskId)
    if (task === null) return refuse('not_found')
    return { at: clock.nowMs(), task, history: await taskHistory(db, taskId) }
  }

  return {
    list: async (query, staffId) => ({
      at: clock.nowMs(),
      ...(await listTasks(db, query, staffId)),
      totals: await countTasks(db, staffId),
    }),
    story,
    create: async (task, staffId) => {
      const created = await db.transaction((tx) => createIn(tx, task, staffId))
      return isRefusal(created) ? created : story(created)
    },
    act: async (taskId, deed, version, staffId) =>
      (await db.transaction((tx) => actIn(tx, taskId, deed, version, staffId))) ?? story(taskId),
    near: async (staffId, place) => {
      const away = ({ lon, lat }: { lon: number | null; lat: number | null }): number | null =>
        place === null || lon === null || lat === null ? null : Math.round(distanceM(place, { lon, lat }))
      const tasks = (await tasksToDo(db)).map(({ staffId: owner, ...task }) => ({
        ...task,
        distanceM: away(task),
        isMine: owner === staffId,
      }))
      const rank = { now: 0, today: 1, later: 2 }
      const far = Number.MAX_SAFE_INTEGER
      tasks.sort((a, b) => rank[a.priority] - rank[b.priority] || (a.distanceM ?? far) - (b.distanceM ?? far))
      return { tasks: tasks.slice(0, crewTasksShown) }
    },
  }
}

interface Origin {
  readonly bikeId: string | null
  readonly report: KnownReport | null
}

const noteOf = (deed: TaskDeed): string | null =>
  'note' in deed && deed.note !== undefined ? storable(deed.note) : null
