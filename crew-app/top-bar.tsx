import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useText } from '../ui-kit/i18n/text.ts'
import { useOnline } from '../ui-kit/use-online.ts'
import { useNight } from './night/use-night.ts'
import { onShiftOf } from './route/stop-at-hand.ts'

/** Which van this is, and whether everything has reached the server. */
export function TopBar() {
  const { t } = useText()
  const { now } = useNight()
  const [location] = useLocation()
  const route = now.route
  return (
    <header className="top">
      <Link href="/" className="brand" aria-label={t('app.home')}>
        <img src="/crew/icon.svg" alt="" width="30" height="30" />
        <span>{route?.vanName ?? 'zwerm'}</span>
      </Link>
      <nav aria-label={t('app.menu')}>
        {(now.session === 'in' || route !== null || now.waiting.length > 0) && <SendChip />}
        {onShiftOf(route) === null && location !== '/more' && (
          <Link href="/more" className="chip" aria-label={t('crew.tab.more')}>
            <Icon>{icons.more}</Icon>
          </Link>
        )}
      </nav>
    </header>
  )
}

function SendChip() {
  const { t } = useText()
  const { now } = useNight()
  const online = useOnline()
  const count = now.waiting.length
  const refused = now.refused.length
  const away = !online || now.sending === 'failing'
  const [mark, look, text] =
    refused > 0
      ? (['!', 'bad', t('crew.chip.refused', { count: refused })] as const)
      : away
        ? (['×', 'warn', count === 0 ? t('crew.chip.offline') : t('crew.chip.offline_waiting', { count })] as const)
        : count > 0
          ? (['↑', 'busy', t('crew.chip.waiting', { count })] as const)
          : (['✓', 'good', t('crew.chip.sent')] as const)
  return (
    <>
      <Link href="/waiting" className="chip" data-look={look}>
        <span aria-hidden="true">{mark}</span> {text}
      </Link>
      <span role="status" className="visually-hidden">
        {text}
      </span>
    </>
  )
}

/** The four places of a shift, at the thumb. */
export function Tabs() {
  const { t } = useText()
  const { now } = useNight()
  const [location] = useLocation()
  const tabs = [
    ['/', t('crew.tab.stop'), icons.stop],
    ['/van', t('crew.tab.van', { count: now.route?.load.length ?? 0 }), icons.van],
    ['/route', t('crew.tab.route'), icons.route],
    ['/more', t('crew.tab.more'), icons.more],
  ] as const
  return (
    <nav className="tabs" aria-label={t('crew.tabs')}>
      {tabs.map(([href, name, icon]) => (
        <Link key={href} href={href} aria-current={location === href ? 'page' : undefined}>
          <Icon>{icon}</Icon>
          {name}
        </Link>
      ))}
    </nav>
  )
}

export const Icon = ({ children }: { readonly children: ReactNode }) => (
  <svg
    width="24"
    height="24"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {children}
  </svg>
)

const icons = {
  stop: (
    <>
      <path d="M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11z" />
      <circle cx="12" cy="10" r="2.5" />
    </>
  ),
  van: (
    <>
      <path d="M2 7h12v10H2zM14 10h4l4 4v3h-8z" />
      <circle cx="7" cy="18" r="2" />
      <circle cx="17" cy="18" r="2" />
    </>
  ),
  route: <path d="M4 6h.01M4 12h.01M4 18h.01M9 6h11M9 12h11M9 18h11" />,
  more: <path d="M4 7h16M4 12h16M4 17h16" />,
} as const
