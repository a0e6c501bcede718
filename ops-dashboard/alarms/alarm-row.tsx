import { Link } from 'wouter'
import type { AlarmView } from '../../contracts/http/alarms.ts'
import { formatAge, formatBikeNumber, formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { alarmSentence } from './alarm-words.ts'
import { SeverityMark } from './severity-mark.tsx'

/** One alarm in the inbox. The link has the whole row as its target. */
export function AlarmRow({
  alarm,
  nowMs,
  href,
  isOpen,
  isPicked,
  mayPick,
  onPick,
}: {
  readonly alarm: AlarmView
  readonly nowMs: number
  readonly href: string
  /** Its detail is shown. */
  readonly isOpen: boolean
  readonly isPicked: boolean
  readonly mayPick: boolean
  readonly onPick: () => void
}) {
  const words = useText()
  const { t, tag, ofCode } = words
  const { kind, severity, state, bikeNumber, assignedTo, times, raisedAt, blocksRental } = alarm
  const name = ofCode(`alarm.${kind}`, 'alarm.other')
  const number = formatBikeNumber(bikeNumber)
  const sentence = alarmSentence(alarm, words)
  const age = formatAge(tag, nowMs - raisedAt)
  return (
    <li className={`alarm-row is-${state}${isOpen ? ' shown' : ''}`}>
      {mayPick && (
        <label className="pick">
          <input type="checkbox" checked={isPicked} onChange={onPick} />
          <span className="visually-hidden">{t('alarms.pick', { name, number })}</span>
        </label>
      )}
      <Link href={href} className="alarm-link" data-alarm={alarm.alarmId} aria-current={isOpen ? 'true' : undefined}>
        <span className="severity">
          <SeverityMark severity={severity} />
          <span className="small">{t(`alarms.severity.${severity}`)}</span>
        </span>
        <span className="what">
          <strong>{name}</strong>
          <span className="small soft">
            <span className="number">{t('alarms.bike', { number })}</span>
            {sentence !== null && ` · ${sentence}`}
            {times > 1 && ` · ${t('alarms.times', { count: times })}`}
            {blocksRental && ` · ${t('alarms.blocks_short')}`}
          </span>
        </span>
        <span className="whose small">
          {state === 'snoozed' && alarm.snoozedUntil !== null
            ? t('alarms.until', { time: formatClock(tag, alarm.snoozedUntil) })
            : t(`alarms.state.${state}`)}
          <span className="soft">{assignedTo?.name ?? ''}</span>
        </span>
        <span className="age number small">{age}</span>
      </Link>
    </li>
  )
}
