import { useQuery } from '@tanstack/react-query'
import type { AlarmList } from '../../contracts/http/alarms.ts'
import { formatAge, formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { NavIcon } from '../frame/nav-icon.tsx'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'

const path = '/v1/staff/alarms?state=open&sort=worst&limit=12'
const lookAgainEveryMs = 30_000

/** For a screen on the wall: the worst open alarms beside the map, large enough to be read from a chair. */
export function WallTicker({ onLeave }: { readonly onLeave: () => void }) {
  const { t, tag, ofCode } = useText()
  const asked = useQuery<AlarmList, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<AlarmList>(opsApi.get<AlarmList>(path)),
    refetchInterval: lookAgainEveryMs,
  })
  useLookAgain([path], ({ kind }) => kind === 'alarm')
  return (
    <section className="wall-ticker" aria-label={t('ops.alarm_kinds')}>
      <button
        type="button"
        className="tool"
        aria-label={t('ops.wall_leave')}
        title={t('ops.wall_leave')}
        onClick={onLeave}
      >
        <NavIcon name="close" />
      </button>
      {asked.data?.alarms.length === 0 && <p className="soft">{t('ops.alarms_none')}</p>}
      <ol>
        {asked.data?.alarms.map((alarm) => (
          <li key={alarm.alarmId} className={`alarm-card ${alarm.severity}`}>
            <strong>{ofCode(`alarm.${alarm.kind}`, 'alarm.other')}</strong>
            <span className="number">
              {formatBikeNumber(alarm.bikeNumber)} · {formatAge(tag, asked.data.at - alarm.raisedAt)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
