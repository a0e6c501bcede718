import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { TaskList } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { ViewKeys } from '../frame/view-keys.tsx'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { TaskCard } from './task-card.tsx'
import { TaskForm } from './task-form.tsx'
import { tasksQuestion, taskViews, type WorkView } from './work-address.ts'

const allTasks = ['tasks'] as const
const lookEveryMs = 60_000

/** Tasks: the most urgent first. */
export function TasksTab({
  view,
  change,
  onRefused,
}: {
  readonly view: WorkView
  readonly change: (next: Partial<WorkView>) => void
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const mayAct = mayI(useMe(), 'task.handle')
  const [isMaking, setMaking] = useState(false)
  const asked = useInfiniteQuery<TaskList, AskFault, InfiniteData<TaskList>, readonly string[], string | null>({
    queryKey: [...allTasks, view.tasks],
    initialPageParam: null,
    queryFn: ({ pageParam }) => valueOrThrow<TaskList>(opsApi.get<TaskList>(tasksQuestion(view.tasks, pageParam))),
    getNextPageParam: (last) => last.next,
    refetchInterval: lookEveryMs,
  })
  useLookAgain(allTasks, (event) => event.kind === 'task' || event.kind === 'alarm')
  const code = asked.error?.refused?.code
  useEffect(() => {
    if (code === 'log_in_first' || code === 'session_ended') onRefused({ kind: 'refused', code })
  }, [code, onRefused])
  const tasks = asked.data?.pages.flatMap((page) => page.tasks) ?? []
  const newest = asked.data?.pages[0]
  const amounts: Readonly<Record<string, number | undefined>> = {
    live: newest && newest.totals.open + newest.totals.doing,
    me: newest?.totals.mine,
  }
  return (
    <>
      <div className="row spread wrap">
        <ViewKeys
          legend={t('work.show')}
          views={taskViews}
          chosen={view.tasks}
          words={(one) => t(`work.tasks.${one}`)}
          amounts={amounts}
          onChoose={(tasks) => change({ tasks })}
        />
        {mayAct && !isMaking && (
          <button type="button" className="button main" onClick={() => setMaking(true)}>
            {t('work.new')}
          </button>
        )}
      </div>
      {isMaking && <TaskForm origin={{}} onClose={() => setMaking(false)} />}
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {newest !== undefined && tasks.length === 0 && (
        <div className="alarms-empty" role="status">
          <p>
            <strong>{t(view.tasks === 'live' ? 'work.no_tasks' : 'work.none_here')}</strong>
          </p>
          {view.tasks === 'live' && <p className="soft">{t('work.no_tasks_how')}</p>}
        </div>
      )}
      <ul className="work-list">
        {tasks.map((task) => (
          <TaskCard
            key={task.taskId}
            task={task}
            nowMs={newest?.at ?? task.createdAt}
            mayAct={mayAct}
            isOpen={task.taskId === view.task}
            onOpen={() => change({ task: task.taskId === view.task ? null : task.taskId })}
          />
        ))}
      </ul>
      {view.task !== null && !tasks.some(({ taskId }) => taskId === view.task) && newest !== undefined && (
        <p className="notice">{t('work.elsewhere')}</p>
      )}
      {asked.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          {t('work.more')}
        </button>
      )}
    </>
  )
}
