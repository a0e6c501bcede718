import { Link, useLocation } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'

const pages = [
  { path: '/', text: 'ops.nav.fleet' },
  { path: '/night', text: 'ops.nav.night' },
  { path: '/reports', text: 'ops.nav.reports' },
  { path: '/places', text: 'ops.nav.places' },
  { path: '/people', text: 'ops.nav.people' },
] as const

/** The pages of the desk; the one that is open is marked, also where the address goes deeper. */
export function PageNav() {
  const { t } = useText()
  const [location] = useLocation()
  const isHere = (path: string) => (path === '/' ? location === '/' : location.startsWith(path))
  return (
    <nav className="page-nav" aria-label={t('app.menu')}>
      {pages.map(({ path, text }) => (
        <Link key={path} href={path} aria-current={isHere(path) ? 'page' : undefined}>
          {t(text)}
        </Link>
      ))}
    </nav>
  )
}
