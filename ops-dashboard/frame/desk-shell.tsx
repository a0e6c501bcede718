import './shell.css'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { type AppConfig, appConfig } from '../../ui-kit/api/app-config.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { opsApi } from '../ops-api.ts'
import { AccountMenu } from './account-menu.tsx'
import { AlarmBadge } from './alarm-badge.tsx'
import { type DeskEntry, entriesFor, isUnder } from './desk-entries.ts'
import { DeskPaths, hasPage } from './desk-paths.ts'
import { NavIcon } from './nav-icon.tsx'
import { PhoneBar } from './phone-bar.tsx'
import { openAlarmsIn, useAlarmCounts } from './use-alarm-counts.ts'
import { mayI, useMe } from './use-me.ts'
import { useRailWidth } from './use-rail-width.ts'

/**
 * The frame of every page: a rail with the pages (icons and words, or icons alone), on phones a bar at the foot. It stays
 * while pages change.
 * @param paths that there are pages for: an entry without one is left out
 */
export function DeskShell({ paths, children }: { readonly paths: readonly string[]; readonly children: ReactNode }) {
  const { t } = useText()
  const me = useMe()
  const [config, setConfig] = useState<AppConfig | null>(null)
  const [isNarrow, toggle] = useRailWidth()
  const [location] = useLocation()
  const alarms = openAlarmsIn(useAlarmCounts())
  useEffect(() => {
    void appConfig(opsApi).then(setConfig)
  }, [])
  const entries = entriesFor(
    paths,
    (permission) => permission === 'desk.see' || mayI(me, permission),
    config?.demo === true,
  )
  const hasAccountPage = hasPage(paths, '/account')
  return (
    <div className="shell" data-rail={isNarrow ? 'narrow' : 'wide'}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <div className="rail">
        <p className="rail-brand">
          <img src="/ops/icon.svg" alt="" width="32" height="32" /> <span className="rail-word">zwerm</span>
        </p>
        <nav aria-label={t('app.menu')}>
          <ul>
            {entries.map((entry) => (
              <li key={entry.path}>
                <RailLink entry={entry} isHere={isUnder(entry, location)} alarms={alarms} />
              </li>
            ))}
          </ul>
        </nav>
        <button
          type="button"
          className="rail-item rail-toggle"
          aria-expanded={!isNarrow}
          aria-label={isNarrow ? t('ops.rail_widen') : t('ops.rail_narrow')}
          title={isNarrow ? t('ops.rail_widen') : t('ops.rail_narrow')}
          onClick={toggle}
        >
          <NavIcon name={isNarrow ? 'widen' : 'narrow'} />
          <span className="rail-word">{t('ops.rail_narrow')}</span>
        </button>
        <AccountMenu me={me} hasAccountPage={hasAccountPage} />
      </div>
      <div className="shell-page">
        <DeskPaths value={paths}>{children}</DeskPaths>
      </div>
      <PhoneBar entries={entries} location={location} alarms={alarms} me={me} hasAccountPage={hasAccountPage} />
    </div>
  )
}

function RailLink({
  entry,
  isHere,
  alarms,
}: {
  readonly entry: DeskEntry
  readonly isHere: boolean
  readonly alarms: number
}) {
  const { t } = useText()
  const word = t(`ops.nav.${entry.name}`)
  return (
    <Link href={entry.path} className="rail-item" title={word} aria-current={isHere ? 'page' : undefined}>
      <NavIcon name={entry.name} />
      <span className="rail-word">{word}</span>
      {entry.name === 'alarms' && alarms > 0 && <AlarmBadge count={alarms} />}
    </Link>
  )
}
