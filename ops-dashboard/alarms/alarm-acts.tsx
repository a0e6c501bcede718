import { type FormEvent, useId, useState } from 'react'
import type { AlarmDeed, AlarmView } from '../../contracts/http/alarms.ts'
import type { People } from '../../contracts/http/crews.ts'
import { alarmResolutions } from '../../contracts/live/alarm-kinds.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useAsked } from '../use-asked.ts'

type Asking = 'snooze' | 'resolve' | 'assign' | null
/** True: it was done, and a form that asked for it closes. */
type Do = (deed: AlarmDeed) => Promise<boolean>

/** What a person can do to an alarm, or to many of one state. */
export function AlarmActs({
  state,
  isMine = false,
  onDeed,
}: {
  readonly state: AlarmView['state'] | 'mixed'
  readonly isMine?: boolean
  readonly onDeed: Do
}) {
  const { t } = useText()
  const [asking, setAsking] = useState<Asking>(null)
  // A colleague was first, or nothing arrived: what was typed stays readable, also when the alarm is resolved by now.
  const [isRefused, setRefused] = useState(false)
  const perform: Do = async (deed) => {
    const isDone = await onDeed(deed)
    setRefused(!isDone)
    if (isDone) setAsking(null)
    return isDone
  }
  const isOver = state === 'resolved'
  const button = (text: string, deed: AlarmDeed, isMain = false) => (
    <button type="button" className={isMain ? 'button main' : 'button'} onClick={() => void perform(deed)}>
      {text}
    </button>
  )
  const opener = (text: string, one: Asking) => (
    <button
      type="button"
      className="button"
      aria-expanded={asking === one}
      onClick={() => setAsking(asking === one ? null : one)}
    >
      {text}
    </button>
  )
  return (
    <div className="stack">
      <div className="row wrap">
        {isOver && button(t('alarms.reopen'), { act: 'reopen' })}
        {(state === 'open' || state === 'mixed') && button(t('alarms.acknowledge'), { act: 'acknowledge' }, true)}
        {(state === 'acknowledged' || state === 'snoozed') && button(t('alarms.back_to_open'), { act: 'reopen' })}
        {!isOver && !isMine && button(t('alarms.take'), { act: 'assign', to: 'me' })}
        {!isOver && opener(t('alarms.give'), 'assign')}
        {!isOver && opener(t('alarms.snooze'), 'snooze')}
        {!isOver && opener(t('alarms.resolve'), 'resolve')}
      </div>
      {!isOver && asking === 'assign' && <AssignForm onDeed={perform} />}
      {!isOver && asking === 'snooze' && <SnoozeForm onDeed={perform} />}
      {(!isOver || isRefused) && asking === 'resolve' && <ResolveForm onDeed={perform} />}
    </div>
  )
}

const ignore = () => undefined

function AssignForm({ onDeed }: { readonly onDeed: Do }) {
  const { t } = useText()
  const id = useId()
  const asked = useAsked<People>('/v1/staff/people', ignore)
  const people = (asked.data?.people ?? []).filter(({ role }) => role !== 'viewer' && role !== 'finance')
  const [to, setTo] = useState('')
  const send = (event: FormEvent) => {
    event.preventDefault()
    void onDeed({ act: 'assign', to: to === '' ? null : to })
  }
  return (
    <form className="row wrap act-form" onSubmit={send}>
      <div className="field grow">
        <label htmlFor={`${id}-to`}>{t('alarms.give_to')}</label>
        <select id={`${id}-to`} value={to} onChange={(event) => setTo(event.target.value)}>
          <option value="">{t('alarms.nobody')}</option>
          {people.map(({ staffId, name }) => (
            <option key={staffId} value={staffId}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" className="button main bottom">
        {t('alarms.give_now')}
      </button>
    </form>
  )
}

const waits = [15, 60, 'morning'] as const
const longestWaitMinutes = 20_160

function SnoozeForm({ onDeed }: { readonly onDeed: Do }) {
  const { t } = useText()
  const id = useId()
  const [minutes, setMinutes] = useState('120')
  const wanted = Number(minutes)
  const isRight = Number.isInteger(wanted) && wanted >= 1 && wanted <= longestWaitMinutes
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (isRight) void onDeed({ act: 'snooze', wait: wanted })
  }
  return (
    <form className="stack act-form" noValidate onSubmit={send}>
      <div className="row wrap">
        {waits.map((wait) => (
          <button key={wait} type="button" className="button" onClick={() => void onDeed({ act: 'snooze', wait })}>
            {t(`alarms.wait.${wait}`)}
          </button>
        ))}
      </div>
      <div className="row wrap">
        <div className="field">
          <label htmlFor={`${id}-minutes`}>{t('alarms.wait.own')}</label>
          <input
            id={`${id}-minutes`}
            inputMode="numeric"
            value={minutes}
            aria-invalid={!isRight}
            onChange={(event) => setMinutes(event.target.value.trim())}
          />
        </div>
        <button type="submit" className="button bottom" disabled={!isRight}>
          {t('alarms.snooze_now')}
        </button>
      </div>
    </form>
  )
}

const longestNote = 500

function ResolveForm({ onDeed }: { readonly onDeed: Do }) {
  const { t } = useText()
  const id = useId()
  const [how, setHow] = useState<(typeof alarmResolutions)[number]>('fixed')
  const [note, setNote] = useState('')
  const send = (event: FormEvent) => {
    event.preventDefault()
    void onDeed({ act: 'resolve', how, ...(note.trim() === '' ? {} : { note: note.trim() }) })
  }
  return (
    <form className="stack act-form" onSubmit={send}>
      <fieldset className="choice">
        <legend>{t('alarms.how')}</legend>
        {alarmResolutions.map((one) => (
          <label key={one} className="row">
            <input type="radio" name={`${id}-how`} checked={how === one} onChange={() => setHow(one)} />
            {t(`alarms.how.${one}`)}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-note`}>{t('alarms.note')}</label>
        <textarea
          id={`${id}-note`}
          rows={2}
          maxLength={longestNote}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <div className="row end">
        <button type="submit" className="button main">
          {t('alarms.resolve_now')}
        </button>
      </div>
    </form>
  )
}
