import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import { Route, Router, Switch } from 'wouter'
import type { Refused } from '../ui-kit/api/api-client.ts'
import { appConfig } from '../ui-kit/api/app-config.ts'
import { addTexts, type LatePart, useText } from '../ui-kit/i18n/text.ts'
import { Waiting } from '../ui-kit/notices.tsx'
import { FleetScreen } from './fleet/fleet-screen.tsx'
import { DeskShell } from './frame/desk-shell.tsx'
import { LogInNeeded } from './log-in/log-in-needed.tsx'
import { opsApi } from './ops-api.ts'

type Entry = 'exchanging' | 'inside' | Refused
/** What every page is given. */
interface PageProperties {
  readonly onRefused: (refused: Refused) => void
}
interface DeskRoute {
  readonly path: string
  readonly Page: ComponentType<PageProperties>
}

/** A page with its texts, once the city's clock is known: all times are told on it. */
const late = <P,>(page: () => Promise<ComponentType<P>>, texts: LatePart) =>
  lazy(async () => {
    const [component] = await Promise.all([page(), addTexts(texts), appConfig(opsApi)])
    return { default: component }
  })
/** The parameters of the address are the page's further properties. */
const route = <P extends PageProperties>(path: string, Page: ComponentType<P>): DeskRoute => ({
  path,
  Page: Page as unknown as ComponentType<PageProperties>,
})
const BikePage = late(async () => (await import('./bike/bike-page.tsx')).BikePage, 'bikes')
const NightPage = late(async () => (await import('./night/night-page.tsx')).NightPage, 'night')
const SettingsPage = late(async () => (await import('./night/settings/settings-page.tsx')).SettingsPage, 'night')
const ReportsPage = late(async () => (await import('./report/reports-page.tsx')).ReportsPage, 'desk')
const ReportPage = late(async () => (await import('./report/report-page.tsx')).ReportPage, 'desk')
/** Places have the texts of two parts. */
const withZoneTexts = async <P,>(page: Promise<P>): Promise<P> => (await Promise.all([page, addTexts('zones')]))[0]
const PlacesPage = late(async () => (await withZoneTexts(import('./places/places-page.tsx'))).PlacesPage, 'desk')
const ZoneEditorPage = late(
  async () => (await withZoneTexts(import('./places/edit/zone-editor-page.tsx'))).ZoneEditorPage,
  'desk',
)
const DemoPage = late(async () => (await import('./demo/demo-page.tsx')).DemoPage, 'demo')
const NumbersPage = late(async () => (await import('./numbers/numbers-page.tsx')).NumbersPage, 'numbers')
const PeoplePage = late(async () => (await import('./people/people-page.tsx')).PeoplePage, 'desk')

/**
 * Every page but the live map, which has all other addresses. The parameters of its address come as properties of the
 * same names. A page whose path stands in frame/desk-entries.ts has its entry in the rail.
 */
const routes: readonly DeskRoute[] = [
  route('/bikes/:number', BikePage),
  route('/night', NightPage),
  route('/night/settings', SettingsPage),
  route('/reports', ReportsPage),
  route('/reports/:night', ReportPage),
  route('/places', PlacesPage),
  route('/places/edit/:zoneId', ZoneEditorPage),
  route('/numbers', NumbersPage),
  route('/people', PeoplePage),
  route('/demo', DemoPage),
]
const paths = ['/', ...routes.map(({ path }) => path)]

/** A log-in link is exchanged for the cookie and leaves the address at once; without one, the cookie decides. */
export function OpsApp() {
  const { t } = useText()
  const [entry, setEntry] = useState<Entry>(() => (linkInAddress() === null ? 'inside' : 'exchanging'))
  useEffect(() => {
    document.title = t('ops.login_title')
  }, [t])
  useEffect(() => {
    const link = linkInAddress()
    if (link === null) return
    const address = new URL(location.href)
    address.searchParams.delete('link')
    history.replaceState(null, '', address)
    void opsApi.send<unknown>('/v1/staff/sessions', { method: 'POST', body: { link } }).then((answer) => {
      setEntry(answer.kind === 'ok' ? 'inside' : answer)
    })
  }, [])
  if (entry === 'exchanging') {
    return (
      <main className="alone">
        <Waiting text={t('ops.logging_in')} />
      </main>
    )
  }
  if (entry !== 'inside') return <LogInNeeded refused={entry} />
  return (
    <Router base="/ops">
      <DeskShell paths={paths}>
        <Suspense fallback={<Waiting text={t('app.loading')} />}>
          <Switch>
            {routes.map(({ path, Page }) => (
              <Route key={path} path={path}>
                {(parameters) => <Page onRefused={setEntry} {...parameters} />}
              </Route>
            ))}
            <Route>
              <FleetScreen onRefused={setEntry} />
            </Route>
          </Switch>
        </Suspense>
      </DeskShell>
    </Router>
  )
}

const linkInAddress = () => new URLSearchParams(location.search).get('link')
