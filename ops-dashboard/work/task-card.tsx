import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { TaskDeed, TaskStory, TaskView } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatAge, formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { formatMoment } from '../alarms/alarm-words.ts'
import { useMe } from '../frame/use-me.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'

/** One task in the list; at large with its history and what can be done. */
export function TaskCard({
  task,
  nowMs,
  mayAct,
  isOpen,
  onOpen,
}: {
  readonly task: TaskView
  readonly nowMs: number
  readonly mayAct: boolean
  readonly isOpen: boolean
  readonly onOpen: () => void
}) {
  const { t, tag, ofCode } = useText()
  const { taskId, title, kind, priority, state, bikeNumber, assignedTo, createdAt, createdBy, note } = task
  return (
    <li className={`work-item ${priority}${isOpen ? ' open' : ''}`}>
      <button
        type="button"
        className="work-head"
        aria-expanded={isOpen}
        aria-controls={`${taskId}-more`}
        onClick={onOpen}
      >
        <span className={`badge priority ${priority}`}>{ofCode(`work.priority.${priority}`, 'alarm.other')}</span>
        <span className="what">
          <strong>{title}</strong>
          <span className="small soft">
            {ofCode(`work.task.${kind}`, 'alarm.other')}
            {bikeNumber !== null && ` · ${t('work.bike', { number: formatBikeNumber(bikeNumber) })}`}
            {createdBy !== null && ` · ${t('work.by', { name: createdBy })}`}
          </span>
        </span>
        <span className="whose small">
          {ofCode(`work.task_state.${state}`, 'alarm.other')}
          <span className="soft">{assignedTo?.name ?? ''}</span>
        </span>
        <span className="small number age">{formatAge(tag, nowMs - createdAt)}</span>
      </button>
      {isOpen && (
        <div id={`${taskId}-more`} className="stack work-more">
          {note !== null && <p>{note}</p>}
          <nav className="row wrap" aria-label={t('work.ways')}>
            {bikeNumber !== null && (
              <>
                <Link className="button quiet" href={`/bikes/${bikeNumber}`}>
                  {t('work.bike', { number: formatBikeNumber(bikeNumber) })}
                </Link>
                <Link className="button quiet" href={`/?bike=${bikeNumber}`}>
                  {t('work.map')}
                </Link>
              </>
            )}
            {task.alarmId !== null && (
              <Link className="button quiet" href={`/alarms/${task.alarmId}`}>
                {t('work.alarm')}
              </Link>
            )}
          </nav>
          {mayAct && <TaskActs task={task} />}
          <History taskId={taskId} version={task.version} />
        </div>
      )}
    </li>
  )
}

function TaskActs({ task }: { readonly task: TaskView }) {
  const { t } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isEnding, setEnding] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const isUnderWay = useRef(false)
  const perform = async (deed: TaskDeed) => {
    // A second press would meet the version that the first one has changed.
    if (isUnderWay.current) return
    isUnderWay.current = true
    setBusy(true)
    const body = { version: task.version, deed }
    const answer = await opsApi.send<TaskStory>(`/v1/staff/tasks/${task.taskId}/acts`, { method: 'POST', body })
    setRefused(answer.kind === 'refused' ? answer : null)
    void queries.invalidateQueries({ queryKey: ['alarms'] })
    const looked = queries.invalidateQueries({ queryKey: ['tasks'] })
    if (answer.kind === 'ok') {
      await looked
      setEnding(false)
    }
    isUnderWay.current = false
    setBusy(false)
  }
  const isMine = task.assignedTo !== null && task.assignedTo.staffId === me?.staffId
  const isOver = task.state === 'done' || task.state === 'dropped'
  const button = (text: string, deed: TaskDeed, isMain = false) => (
    <button
      type="button"
      className={isMain ? 'button main' : 'button'}
      disabled={isBusy}
      onClick={() => void perform(deed)}
    >
      {text}
    </button>
  )
  return (
    <div className="stack">
      <div className="row wrap">
        {isOver && button(t('work.reopen'), { act: 'reopen' })}
        {!isOver && task.state === 'open' && button(t('work.start'), { act: 'start' }, true)}
        {!isOver && (
          <button type="button" className="button" aria-expanded={isEnding} onClick={() => setEnding(!isEnding)}>
            {t('work.done')}
          </button>
        )}
        {!isOver && !isMine && button(t('work.take'), { act: 'assign', to: 'me' })}
        {!isOver && task.assignedTo !== null && button(t('work.release'), { act: 'assign', to: null })}
        {!isOver && button(t('work.drop'), { act: 'drop' })}
      </div>
      {isEnding && (!isOver || refused !== null) && (
        <DoneForm task={task} isBusy={isBusy} onDone={(deed) => void perform(deed)} />
      )}
      {task.state === 'done' && task.bikeNumber !== null && (
        <p className="notice">
          {t('work.service')}{' '}
          <Link href={`/bikes/${task.bikeNumber}`}>
            {t('work.bike', { number: formatBikeNumber(task.bikeNumber) })}
          </Link>
        </p>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </div>
  )
}

const longestNote = 500

function DoneForm({
  task,
  isBusy,
  onDone,
}: {
  readonly task: TaskView
  readonly isBusy: boolean
  readonly onDone: (deed: TaskDeed) => void
}) {
  const { t } = useText()
  const id = useId()
  const [note, setNote] = useState('')
  const [resolves, setResolves] = useState(task.alarmIsOpen)
  const send = (event: FormEvent) => {
    event.preventDefault()
    const said = note.trim() === '' ? {} : { note: note.trim() }
    onDone({ act: 'done', ...said, ...(task.alarmIsOpen ? { resolveAlarm: resolves } : {}) })
  }
  return (
    <form className="stack act-form" onSubmit={send}>
      <div className="field">
        <label htmlFor={`${id}-note`}>{t('work.task_note')}</label>
        <textarea
          id={`${id}-note`}
          rows={2}
          maxLength={longestNote}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      {task.alarmIsOpen && (
        <label className="row pick-line">
          <input type="checkbox" checked={resolves} onChange={() => setResolves(!resolves)} />
          {t('work.resolve_too')}
        </label>
      )}
      <div className="row end">
        <button type="submit" className="button main" disabled={isBusy}>
          {t('work.done_now')}
        </button>
      </div>
    </form>
  )
}

function History({ taskId, version }: { readonly taskId: string; readonly version: number }) {
  const { t, tag, ofCode } = useText()
  const path = `/v1/staff/tasks/${taskId}`
  const asked = useQuery<TaskStory, AskFault>({
    queryKey: ['tasks', 'story', taskId, String(version)],
    queryFn: () => valueOrThrow<TaskStory>(opsApi.get<TaskStory>(path)),
  })
  if (asked.isPending) return <Waiting text={t('app.loading')} />
  if (asked.isError) return <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
  return (
    <ol className="alarm-history" aria-label={t('work.history')}>
      {asked.data.history.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a history only grows at its end
        <li key={index}>
          <span className="number small soft">{formatMoment(tag, line.at)}</span>
          <span>
            {line.by !== null && `${line.by}: `}
            {ofCode(`work.act.${line.act}`, 'alarm.other', { to: line.to ?? t('work.nobody') })}
            {line.note !== null && <q> {line.note}</q>}
          </span>
        </li>
      ))}
    </ol>
  )
}
