import { useEffect, useState } from 'react'
import { formatAge, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'
import { chooseTheme, useTheme } from '../../ui-kit/theme.ts'
import type { FleetNow } from './use-live-fleet.ts'

export function TopBar({
  fleet,
  movement,
  onMovement,
}: {
  readonly fleet: FleetNow
  readonly movement: boolean
  readonly onMovement: (on: boolean) => void
}) {
  const { t, tag } = useText()
  const theme = useTheme()
  return (
    <header className="ops-top">
      <h1>
        <img src="/ops/icon.svg" alt="" width="28" height="28" /> zwerm <span className="soft">{t('ops.title')}</span>
      </h1>
      <LinkState fleet={fleet} />
      {fleet.table !== null && (
        <p className="small number city-time">
          {t('ops.city_time', {
            time: `${formatDay(tag, fleet.table.cityMs)}, ${formatClock(tag, fleet.table.cityMs)}`,
          })}
          {fleet.citySpeed > 1 && <span className="soft"> · {t('ops.city_speed', { speed: fleet.citySpeed })}</span>}
        </p>
      )}
      <div className="row controls">
        <button type="button" className="button" aria-pressed={!movement} onClick={() => onMovement(!movement)}>
          {t('ops.pause')}
        </button>
        <button type="button" className="button" onClick={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')}>
          {theme === 'dark' ? t('ops.theme_light') : t('ops.theme_dark')}
        </button>
        <LanguagePicker />
      </div>
    </header>
  )
}

const tickMs = 1_000

/** Whether what is on the map is true now; said once per change, its age told as it grows. */
function LinkState({ fleet }: { readonly fleet: FleetNow }) {
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
      {t(`ops.link.${kind}`, { age })}
      <span className="visually-hidden" role="status">
        {kind === 'live' ? t('ops.link.live') : kind === 'broken' ? t('refusal.unreachable') : ''}
      </span>
    </p>
  )
}
