import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { AlarmActView, AlarmStory, AlarmView } from '../../contracts/http/alarms.ts'
import { formatAge, formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { refusedOf } from '../use-asked.ts'
import { TaskForm } from '../work/task-form.tsx'
import { AlarmActs } from './alarm-acts.tsx'
import { alarmSentence, formatMoment } from './alarm-words.ts'
import { SeverityMark } from './severity-mark.tsx'
import { useAlarmStory } from './use-alarms.ts'
import type { OnDeed } from './use-inbox.ts'

/** One alarm: what it is, what can be done, what was done. */
export function AlarmDetail({
  alarmId,
  closeHref,
  onDeed,
}: {
  readonly alarmId: string
  readonly closeHref: string
  readonly onDeed: OnDeed
}) {
  const { t } = useText()
  const asked = useAlarmStory(alarmId)
  return (
    <section className="card stack alarm-detail" aria-label={t('alarms.detail')}>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && <Story key={alarmId} story={asked.data} closeHref={closeHref} onDeed={onDeed} />}
    </section>
  )
}

function Story({
  story,
  closeHref,
  onDeed,
}: {
  readonly story: AlarmStory
  readonly closeHref: string
  readonly onDeed: OnDeed
}) {
  const words = useText()
  const { t, tag, ofCode, has } = words
  const me = useMe()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { alarm, history, tasks, at } = story
  const sentence = alarmSentence(alarm, words)
  const mayAct = mayI(me, 'alarm.handle')
  return (
    <>
      <div className="row spread">
        <h2 ref={heading} tabIndex={-1} className="row">
          <SeverityMark severity={alarm.severity} /> {ofCode(`alarm.${alarm.kind}`, 'alarm.other')}
        </h2>
        <Link className="button quiet" href={closeHref}>
          {t('alarms.close')}
        </Link>
      </div>
      <p>
        {t(`alarms.severity.${alarm.severity}`)} · {t(`alarms.state.${alarm.state}`)}
        {alarm.state !== 'resolved' && ` · ${t('alarms.since', { age: formatAge(tag, at - alarm.raisedAt) })}`}
        {alarm.assignedTo !== null && ` · ${alarm.assignedTo.name}`}
      </p>
      {sentence !== null && <p>{sentence}</p>}
      {alarm.blocksRental && alarm.state !== 'resolved' && <p className="notice warn">{t('alarms.blocks')}</p>}
      {alarm.state !== 'resolved' && has(`alarms.do.${alarm.kind}`) && (
        <p className="alarm-advice">
          <strong>{t('alarms.do')}</strong> {ofCode(`alarms.do.${alarm.kind}`, 'alarms.do')}
        </p>
      )}
      {mayAct && (
        <AlarmActs
          state={alarm.state}
          isMine={alarm.assignedTo !== null && alarm.assignedTo.staffId === me?.staffId}
          onDeed={(deed) => onDeed([alarm], deed)}
        />
      )}
      <nav className="row wrap" aria-label={t('alarms.ways')}>
        <Link className="button quiet" href={`/bikes/${alarm.bikeNumber}`}>
          {t('alarms.bike', { number: formatBikeNumber(alarm.bikeNumber) })}
        </Link>
        <Link className="button quiet" href={`/?bike=${alarm.bikeNumber}`}>
          {t('alarms.map')}
        </Link>
        {alarm.tripId !== null && (
          <Link className="button quiet" href={`/trips/${alarm.tripId}`}>
            {t('alarms.trip')}
          </Link>
        )}
      </nav>
      <AlarmTasks alarm={alarm} tasks={tasks} mayMake={mayI(me, 'task.handle')} />
      <h3>{t('alarms.history')}</h3>
      <ol className="alarm-history">
        {history.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a history only grows at its end
          <li key={index}>
            <span className="number small soft">{formatMoment(tag, line.at)}</span>
            <span>
              {lineText(line)}
              {line.note !== null && <q> {line.note}</q>}
            </span>
          </li>
        ))}
      </ol>
      {mayAct && <NoteForm onNote={(note) => onDeed([alarm], { act: 'note', note })} />}
    </>
  )

  function lineText({ act, by, to, until, how }: AlarmActView): string {
    const until_ = until === null ? '' : formatMoment(tag, until)
    const way = how === null ? '' : ofCode(`alarms.how.${how}`, 'alarms.how.other')
    const said = ofCode(`alarms.act.${act}`, 'alarm.other', { to: to ?? t('alarms.nobody'), until: until_, how: way })
    return by === null ? said : `${by}: ${said}`
  }
}

function AlarmTasks({
  alarm,
  tasks,
  mayMake,
}: {
  readonly alarm: AlarmView
  readonly tasks: AlarmStory['tasks']
  readonly mayMake: boolean
}) {
  const { t, ofCode } = useText()
  const [isMaking, setMaking] = useState(false)
  const title = `${ofCode(`alarm.${alarm.kind}`, 'alarm.other')}: ${formatBikeNumber(alarm.bikeNumber)}`
  return (
    <div className="stack">
      {tasks.length > 0 && (
        <ul>
          {tasks.map((task) => (
            <li key={task.taskId}>
              <Link href={`/work?task=${task.taskId}`}>{task.title}</Link>{' '}
              <span className="small soft">{ofCode(`work.task_state.${task.state}`, 'alarm.other')}</span>
            </li>
          ))}
        </ul>
      )}
      {mayMake && !isMaking && (
        <div className="row">
          <button type="button" className="button" onClick={() => setMaking(true)}>
            {t('alarms.make_task')}
          </button>
        </div>
      )}
      {isMaking && <TaskForm origin={{ alarmId: alarm.alarmId }} title={title} onClose={() => setMaking(false)} />}
    </div>
  )
}

const longestNote = 500

function NoteForm({ onNote }: { readonly onNote: (note: string) => Promise<boolean> }) {
  const { t } = useText()
  const id = useId()
  const [note, setNote] = useState('')
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (note.trim() === '') return
    // What was typed on meanwhile stays, and so does what was not taken.
    if (await onNote(note.trim())) setNote((now) => (now === note ? '' : now))
  }
  return (
    <form className="row wrap" onSubmit={(event) => void send(event)}>
      <div className="field grow">
        <label htmlFor={`${id}-note`}>{t('alarms.note')}</label>
        <input
          id={`${id}-note`}
          maxLength={longestNote}
          autoComplete="off"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <button type="submit" className="button bottom" disabled={note.trim() === ''}>
        {t('alarms.note_now')}
      </button>
    </form>
  )
}
