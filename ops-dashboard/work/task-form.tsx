import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Found } from '../../contracts/http/desk.ts'
import type { NewTask, TaskKind, TaskPriority, TaskStory } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'

export const taskKinds: readonly TaskKind[] = ['look', 'repair', 'collect', 'swap_battery', 'move', 'other']
const priorities: readonly TaskPriority[] = ['now', 'today', 'later']
const longestTitle = 120
const longestNote = 500

/** A new task: of an alarm, of a rider's report, or of a bike by its number (or of none). */
export function TaskForm({
  origin,
  title: usualTitle = '',
  onClose,
}: {
  readonly origin: Pick<NewTask, 'alarmId' | 'reportId'>
  readonly title?: string
  readonly onClose: () => void
}) {
  const { t } = useText()
  const id = useId()
  const queries = useQueryClient()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [title, setTitle] = useState(usualTitle)
  const [note, setNote] = useState('')
  const [number, setNumber] = useState('')
  const [kind, setKind] = useState<TaskKind>('look')
  const [priority, setPriority] = useState<TaskPriority>('today')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const isUnderWay = useRef(false)
  const isFree = origin.alarmId === undefined && origin.reportId === undefined

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() === '' || isUnderWay.current) return
    isUnderWay.current = true
    setBusy(true)
    await make()
    isUnderWay.current = false
    setBusy(false)
  }
  const make = async () => {
    const bike = isFree && number.trim() !== '' ? await bikeOf(number.trim()) : null
    if (bike?.kind === 'refused') {
      setRefused(bike)
      return
    }
    const body: NewTask = {
      ...{ ...origin, kind, priority, title: title.trim() },
      ...(note.trim() === '' ? {} : { note: note.trim() }),
      ...(bike === null ? {} : { bikeId: bike.bikeId }),
    }
    const answer = await opsApi.send<TaskStory>('/v1/staff/tasks', { method: 'POST', body })
    setRefused(answer.kind === 'refused' ? answer : null)
    // Also when no answer came: the task may have been made, and then the list shows it before anybody sends it again.
    for (const key of ['alarms', 'tasks', 'reports']) void queries.invalidateQueries({ queryKey: [key] })
    if (answer.kind === 'ok') onClose()
  }
  return (
    <form className="stack act-form" onSubmit={(event) => void send(event)}>
      <div className="field">
        <label htmlFor={`${id}-title`}>{t('work.task_title')}</label>
        <input
          ref={first}
          id={`${id}-title`}
          required
          maxLength={longestTitle}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <div className="row wrap">
        <Choice
          id={`${id}-kind`}
          label={t('work.task_kind')}
          value={kind}
          all={taskKinds}
          onChange={setKind}
          of="task"
        />
        <Choice
          id={`${id}-when`}
          label={t('work.task_when')}
          value={priority}
          all={priorities}
          onChange={setPriority}
          of="priority"
        />
        {isFree && (
          <div className="field">
            <label htmlFor={`${id}-bike`}>{t('work.task_bike')}</label>
            <input
              id={`${id}-bike`}
              inputMode="numeric"
              maxLength={8}
              autoComplete="off"
              value={number}
              onChange={(event) => setNumber(event.target.value)}
            />
          </div>
        )}
      </div>
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
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {t('ops.cancel')}
        </button>
        <button type="submit" className="button main" disabled={isBusy || title.trim() === ''}>
          {t('work.task_make')}
        </button>
      </div>
    </form>
  )
}

function Choice<T extends TaskKind | TaskPriority>({
  id,
  label,
  value,
  all,
  of,
  onChange,
}: {
  readonly id: string
  readonly label: string
  readonly value: T
  readonly all: readonly T[]
  readonly of: 'task' | 'priority'
  readonly onChange: (value: T) => void
}) {
  const { ofCode } = useText()
  return (
    <div className="field grow">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {all.map((one) => (
          <option key={one} value={one}>
            {ofCode(`work.${of}.${one}`, 'alarm.other')}
          </option>
        ))}
      </select>
    </div>
  )
}

async function bikeOf(number: string): Promise<Refused | { readonly kind: 'bike'; readonly bikeId: string }> {
  const answer = await opsApi.get<Found>(`/v1/staff/find?q=${encodeURIComponent(number)}`)
  if (answer.kind === 'refused') return answer
  const hit = answer.value.hits.find((one) => one.kind === 'bike' && one.bikeNumber === number)
  return hit === undefined ? { kind: 'refused', code: 'bike_unknown' } : { kind: 'bike', bikeId: hit.bikeId }
}
