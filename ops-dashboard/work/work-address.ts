export const workTabs = ['tasks', 'reports'] as const
export type WorkTab = (typeof workTabs)[number]
export const taskViews = ['live', 'me', 'none', 'done', 'dropped'] as const
export type TaskViewName = (typeof taskViews)[number]
export const reportViews = ['live', 'new', 'closed'] as const
export type ReportViewName = (typeof reportViews)[number]

/** What the page shows: all of it stands in the address. */
export interface WorkView {
  readonly tab: WorkTab
  readonly tasks: TaskViewName
  readonly reports: ReportViewName
  /** The task that is shown at large. */
  readonly task: string | null
}

const oneOf = <T extends string>(all: readonly T[], text: string | null): T | null =>
  (all as readonly string[]).includes(text ?? '') ? (text as T) : null

/** Anything unknown in an address is as if it were not there. */
export function readWorkView(search: string): WorkView {
  const query = new URLSearchParams(search)
  const task = query.get('task')
  return {
    tab: oneOf(workTabs, query.get('tab')) ?? 'tasks',
    tasks: oneOf(taskViews, query.get('tasks')) ?? 'live',
    reports: oneOf(reportViews, query.get('reports')) ?? 'live',
    task: task !== null && /^[0-9a-f-]{36}$/.test(task) ? task : null,
  }
}

/** With its question mark; empty for the usual view. */
export function writeWorkView({ tab, tasks, reports, task }: WorkView): string {
  const query = new URLSearchParams()
  if (tab !== 'tasks') query.set('tab', tab)
  if (tasks !== 'live') query.set('tasks', tasks)
  if (reports !== 'live') query.set('reports', reports)
  if (task !== null) query.set('task', task)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The question for one page of tasks. */
export function tasksQuestion(view: TaskViewName, before: string | null): string {
  const query = new URLSearchParams({ limit: '50', state: view === 'done' || view === 'dropped' ? view : 'live' })
  if (view === 'me' || view === 'none') query.set('assignee', view)
  if (before !== null) query.set('before', before)
  return `/v1/staff/tasks?${query}`
}
