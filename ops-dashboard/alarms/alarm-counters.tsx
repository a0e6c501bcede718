import type { AlarmList } from '../../contracts/http/alarms.ts'
import { type AlarmKind, alarmKinds } from '../../contracts/live/alarm-kinds.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { AlarmsView } from './alarms-address.ts'

/** How many of each kind nobody has acknowledged; each opens its list. */
export function AlarmCounters({
  counts,
  view,
  onOpen,
}: {
  readonly counts: AlarmList['counts']
  readonly view: AlarmsView
  readonly onOpen: (kind: AlarmKind | null) => void
}) {
  const { t, ofCode } = useText()
  const shown = alarmKinds.filter((kind) => (counts[kind] ?? 0) > 0 || kind === view.kind)
  if (shown.length === 0) return null
  return (
    <ul className="alarm-counters" aria-label={t('alarms.counters')}>
      {shown.map((kind) => (
        <li key={kind}>
          <button
            type="button"
            className="alarm-counter"
            aria-pressed={kind === view.kind}
            onClick={() => onOpen(kind === view.kind ? null : kind)}
          >
            <strong className="number">{counts[kind] ?? 0}</strong> {ofCode(`alarm.${kind}`, 'alarm.other')}
          </button>
        </li>
      ))}
    </ul>
  )
}
