import type { TaskState } from '../../../contracts/http/tasks.ts'
import type { RefusalCode } from '../../../contracts/refusals.ts'
import type { EpochMs } from '../../../contracts/units.ts'

/** The facts of a task that decisions hang on. Times are city time. */
export interface TaskFacts {
  readonly state: TaskState
  readonly assignedTo: string | null
  /** Set exactly while it is done or dropped, both. */
  readonly endedAt: EpochMs | null
  readonly endedBy: string | null
  readonly version: number
}

export type TaskAct =
  | { readonly act: 'assign'; readonly to: string | null }
  | { readonly act: 'start' }
  | { readonly act: 'done' }
  | { readonly act: 'drop' }
  | { readonly act: 'reopen' }
  | { readonly act: 'note' }

/** The task after an act of `by`, or why that cannot be. The same object: nothing to change. Total. */
export function actOnTask(task: TaskFacts, act: TaskAct, by: string, nowMs: EpochMs): TaskFacts | RefusalCode {
  const isOver = task.state === 'done' || task.state === 'dropped'
  const version = task.version + 1
  switch (act.act) {
    case 'assign':
      if (isOver) return 'task_ended'
      // Whoever is given what another one is doing begins anew.
      return { ...task, assignedTo: act.to, state: act.to === task.assignedTo ? task.state : 'open', version }
    case 'start':
      if (isOver) return 'task_ended'
      return task.state === 'doing' && task.assignedTo === by
        ? task
        : { ...task, state: 'doing', assignedTo: by, version }
    case 'done':
    case 'drop': {
      if (isOver) return 'task_ended'
      const state = act.act === 'done' ? 'done' : 'dropped'
      return { ...task, state, assignedTo: task.assignedTo ?? by, endedAt: nowMs, endedBy: by, version }
    }
    case 'reopen':
      return isOver ? { ...task, state: 'open', endedAt: null, endedBy: null, version } : task
    case 'note':
      return task
  }
}
