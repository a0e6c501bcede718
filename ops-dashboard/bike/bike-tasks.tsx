import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { Link } from 'wouter'
import type { TaskKind, TaskList, TaskPriority, TaskView } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'

const kinds: readonly TaskKind[] = ['look', 'repair', 'collect', 'swap_battery', 'move', 'other']
const priorities: readonly TaskPriority[] = ['now', 'today', 'later']

/** Work that waits for this bike, and more of it. */
export function BikeTasks({ bikeId }: { readonly bikeId: string }) {
  const { t } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const path = `/v1/staff/tasks?state=live&bikeId=${bikeId}`
  const [isMaking, setMaking] = useState(false)
  const asked = useQuery<TaskList, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<TaskList>(opsApi.get<TaskList>(path)),
  })
  const lookAgain = () => void queries.invalidateQueries({ queryKey: [path] })
  useDeskEvents((event) => {
    if (event.kind === 'again' || (event.kind === 'task' && event.bikeId === bikeId)) lookAgain()
  })
  return (
    <section className="card stack" aria-labelledby="bike-tasks">
      <div className="row spread wrap">
        <h2 id="bike-tasks">{t('bikes.tasks')}</h2>
        {mayI(me, 'task.handle') && !isMaking && (
          <button type="button" className="button" onClick={() => setMaking(true)}>
            {t('bikes.task_new')}
          </button>
        )}
      </div>
      {isMaking && (
        <TaskForm
          bikeId={bikeId}
          onClose={() => setMaking(false)}
          onMade={() => {
            setMaking(false)
            lookAgain()
          }}
        />
      )}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data?.tasks.length === 0 && <p className="soft small">{t('bikes.no_tasks')}</p>}
      <ul className="stack plain">
        {(asked.data?.tasks ?? []).map((task) => (
          <li key={task.taskId}>
            <OneTask task={task} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneTask({ task }: { readonly task: TaskView }) {
  const { t } = useText()
  return (
    <p>
      <Link href="/work">{task.title}</Link>{' '}
      <span className="small soft">
        {t(`bikes.task.${task.kind}`)} · {t(`bikes.priority.${task.priority}`)} · {t(`bikes.task_state.${task.state}`)}
      </span>
    </p>
  )
}

function TaskForm({
  bikeId,
  onMade,
  onClose,
}: {
  readonly bikeId: string
  readonly onMade: () => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const id = useId()
  const [kind, setKind] = useState<TaskKind>('look')
  const [priority, setPriority] = useState<TaskPriority>('today')
  const [title, setTitle] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    const body = { kind, priority, bikeId, title: title.trim() === '' ? t(`bikes.task.${kind}`) : title.trim() }
    const answer = await opsApi.send<unknown>('/v1/staff/tasks', { method: 'POST', body })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    else onMade()
  }
  return (
    <form className="stack task-form" onSubmit={(event) => void send(event)}>
      <div className="row wrap">
        <div className="field grow">
          <label htmlFor={`${id}-kind`}>{t('bikes.task_kind')}</label>
          <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as TaskKind)}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {t(`bikes.task.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-when`}>{t('bikes.task_when')}</label>
          <select
            id={`${id}-when`}
            value={priority}
            onChange={(event) => setPriority(event.target.value as TaskPriority)}
          >
            {priorities.map((one) => (
              <option key={one} value={one}>
                {t(`bikes.priority.${one}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-title`}>{t('bikes.task_title')}</label>
        <input
          id={`${id}-title`}
          maxLength={120}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {t('ops.cancel')}
        </button>
        <button type="submit" className="button main" disabled={isBusy}>
          {t('bikes.task_make')}
        </button>
      </div>
    </form>
  )
}
