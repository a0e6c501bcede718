import { Link } from 'wouter'
import { alarmKinds } from '../../contracts/live/alarm-kinds.ts'
import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { StateMark } from '../../ui-kit/state-mark.tsx'
import { NavIcon } from '../frame/nav-icon.tsx'

const urgentFirst = bikeStates.toReversed()

/** How many bikes are in each state; a press shows those alone, a second state is added, the same again is taken away. */
export function StateCounters({
  counts,
  total,
  chosen,
  onChoose,
}: {
  readonly counts: Readonly<Record<BikeState, number>> | null
  readonly total: number | null
  readonly chosen: readonly BikeState[]
  readonly onChoose: (states: readonly BikeState[]) => void
}) {
  const { t, tag } = useText()
  const told = (count: number | null | undefined) => (count == null ? '–' : count.toLocaleString(tag))
  return (
    <section className="counters" aria-label={t('ops.states')}>
      <button type="button" className="counter" aria-pressed={chosen.length === 0} onClick={() => onChoose([])}>
        <span className="counter-text">
          <strong className="number">{told(total)}</strong>
          <span>{t('ops.all_bikes')}</span>
        </span>
      </button>
      {urgentFirst.map((state) => (
        <button
          key={state}
          type="button"
          className="counter"
          data-empty={counts !== null && counts[state] === 0}
          aria-pressed={chosen.includes(state)}
          onClick={() => onChoose(toggled(chosen, state))}
        >
          <StateMark state={state} />
          <span className="counter-text">
            <strong className="number">{told(counts?.[state])}</strong>
            <span>{t(`bike_state.${state}`)}</span>
          </span>
        </button>
      ))}
    </section>
  )
}

/** Open alarms by kind, the gravest kinds first; a press shows their bikes alone. */
export function AlarmCounters({
  counts,
  chosen,
  hasInbox,
  onChoose,
}: {
  /** Null: not known yet. */
  readonly counts: Readonly<Record<string, number>> | null
  readonly chosen: readonly string[]
  readonly hasInbox: boolean
  readonly onChoose: (kinds: readonly string[]) => void
}) {
  const { t, ofCode, tag } = useText()
  const kinds = [...alarmKinds, ...Object.keys(counts ?? {})].filter(
    (kind, at, all) => all.indexOf(kind) === at && ((counts?.[kind] ?? 0) > 0 || chosen.includes(kind)),
  )
  return (
    <section className="counters alarms" aria-label={t('ops.alarm_kinds')}>
      <h2 className="counter-title">
        <NavIcon name="alarms" />
        {hasInbox ? <Link href="/alarms">{t('ops.alarm_kinds')}</Link> : t('ops.alarm_kinds')}
      </h2>
      {counts !== null && kinds.length === 0 && <p className="soft small">{t('ops.alarms_none')}</p>}
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className="counter alarm-kind"
          title={ofCode(`alarm.${kind}`, 'alarm.other')}
          aria-pressed={chosen.includes(kind)}
          onClick={() => onChoose(toggled(chosen, kind))}
        >
          <span className="alarm-name">{ofCode(`alarm.${kind}`, 'alarm.other')}</span>
          <strong className="number">{(counts?.[kind] ?? 0).toLocaleString(tag)}</strong>
        </button>
      ))}
    </section>
  )
}

const toggled = <T,>(chosen: readonly T[], one: T): readonly T[] =>
  chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]
