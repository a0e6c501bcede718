import { useEffect, useState } from 'react'
import { formatAge, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { FleetNow } from './use-live-fleet.ts'

const tickMs = 1_000

/** Whether what is on the map is true now; said once per change, its age told as it grows. */
export function LinkState({ fleet, movement }: { readonly fleet: FleetNow; readonly movement: boolean }) {
  const { t, tag } = useText()
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  const { kind } = fleet.link
  const age = formatAge(tag, fleet.heardAtMs === null ? 0 : nowMs - fleet.heardAtMs)
  return (
    <p className="badge link" data-link={kind}>
      <span className="dot" aria-hidden="true" />
      {t(kind === 'live' && !movement ? 'ops.link.paused' : `ops.link.${kind}`, { age })}
      <span className="visually-hidden" role="status">
        {kind === 'live' ? t('ops.link.live') : kind === 'broken' ? t('refusal.unreachable') : ''}
      </span>
    </p>
  )
}

/** The city's own time, and how fast it runs where that is not one second a second. */
export function CityTime({ fleet }: { readonly fleet: FleetNow }) {
  const { t, tag } = useText()
  if (fleet.table === null) return null
  const { cityMs } = fleet.table
  return (
    <p className="small number city-time" title={t('ops.city_time', { time: formatDay(tag, cityMs) })}>
      <span className="visually-hidden">{t('ops.city_time', { time: '' })}</span>
      <strong>{formatClock(tag, cityMs)}</strong> <span className="soft">{formatDay(tag, cityMs)}</span>
      {fleet.citySpeed > 1 && <span className="soft"> · {t('ops.city_speed', { speed: fleet.citySpeed })}</span>}
    </p>
  )
}
