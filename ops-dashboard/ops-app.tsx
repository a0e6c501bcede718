import { useQueryClient } from '@tanstack/react-query'
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import { Route, Router, Switch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import type { Me } from '../contracts/http/account.ts'
import type { Refused } from '../ui-kit/api/api-client.ts'
import { appConfig } from '../ui-kit/api/app-config.ts'
import { addTexts, type LatePart, useText } from '../ui-kit/i18n/text.ts'
import { Waiting } from '../ui-kit/notices.tsx'
import { FleetScreen } from './fleet/fleet-screen.tsx'
import { DeskShell } from './frame/desk-shell.tsx'
import { onShutOut, opsApi } from './ops-api.ts'

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
const LockSettingsPage = late(async () => (await import('./bike/fleet-settings-page.tsx')).FleetSettingsPage, 'bikes')
const BikePage = late(async () => (await import('./bike/bike-page.tsx')).BikePage, 'bikes')
/** A task is made on the page of an alarm, and the list of tasks looks like the inbox: each has the texts of both. */
const withWorkTexts = async <P,>(page: Promise<P>): Promise<P> => (await Promise.all([page, addTexts('work')]))[0]
const AlarmsPage = late(async () => (await withWorkTexts(import('./alarms/alarms-page.tsx'))).AlarmsPage, 'alarms')
const AlarmSettingsPage = late(
  async () => (await import('./alarms/alarm-settings-page.tsx')).AlarmSettingsPage,
  'alarms',
)
const WorkPage = late(async () => (await withWorkTexts(import('./work/work-page.tsx'))).WorkPage, 'alarms')
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
const TripsPage = late(async () => (await import('./trips/trips-page.tsx')).TripsPage, 'trips')
const TripPage = late(async () => (await import('./trips/trip-page.tsx')).TripPage, 'trips')
/** A ride's bill and story stand beside what is said against them. */
const withTripTexts = async <P,>(page: Promise<P>): Promise<P> => (await Promise.all([page, addTexts('trips')]))[0]
const AppealsPage = late(async () => (await withTripTexts(import('./appeals/appeals-page.tsx'))).AppealsPage, 'appeals')
const DemoPage = late(async () => (await import('./demo/demo-page.tsx')).DemoPage, 'demo')
const NumbersPage = late(async () => (await import('./numbers/numbers-page.tsx')).NumbersPage, 'numbers')
const PeoplePage = late(async () => (await import('./people/people-page.tsx')).PeoplePage, 'staff')
const AuditPage = late(async () => (await import('./audit/audit-page.tsx')).AuditPage, 'staff')
const AccountPage = late(async () => (await import('./account/account-page.tsx')).AccountPage, 'staff')
const LocksPage = late(async () => (await import('./locks/locks-page.tsx')).LocksPage, 'locks')
const LogInPage = late(async () => (await import('./log-in/log-in-page.tsx')).LogInPage, 'staff')

/**
 * Every page but the live map, which has all other addresses. The parameters of its address come as properties of the
 * same names. A page whose path stands in frame/desk-entries.ts has its entry in the rail.
 */
const routes: readonly DeskRoute[] = [
  route('/bikes/:number', BikePage),
  route('/locks/settings', LockSettingsPage),
  route('/alarms/settings', AlarmSettingsPage),
  // One route for the inbox and for an alarm beside it: the list stays as it is while alarms are opened.
  route('/alarms/:alarmId?', AlarmsPage),
  route('/work', WorkPage),
  route('/appeals/:appealId?', AppealsPage),
  route('/trips', TripsPage),
  route('/trips/:tripId', TripPage),
  route('/night', NightPage),
  route('/night/settings', SettingsPage),
  route('/reports', ReportsPage),
  route('/reports/:night', ReportPage),
  route('/places', PlacesPage),
  route('/places/edit/:zoneId', ZoneEditorPage),
  route('/numbers', NumbersPage),
  route('/locks', LocksPage),
  route('/people', PeoplePage),
  route('/audit', AuditPage),
  route('/account', AccountPage),
  route('/demo', DemoPage),
]
/** What may be left out of an address makes two paths of it. */
const paths = [
  '/',
  ...routes.flatMap(({ path }) => (path.endsWith('?') ? [path.slice(0, -1), path.replace(/\/:\w+\?$/, '')] : [path])),
]
const accountPath = '/ops/account'

/** A link that was opened and still wants the second factor. */
let openedLink: string | null = null

/** True: logged in with the link of the address, which leaves the address at once. */
async function exchange(link: string): Promise<true | Refused> {
  const address = new URL(location.href)
  address.searchParams.delete('link')
  history.replaceState(null, '', address)
  const answer = await opsApi.send<unknown>('/v1/staff/sessions', { method: 'POST', body: { link } })
  if (answer.kind === 'refused') {
    if (answer.code === 'second_factor_asked') openedLink = link
    return answer
  }
  // Whoever is new here has nothing but this link, which works once: a password first, unless the link leads elsewhere.
  // The demo has no need of one.
  if (!['/ops', '/ops/'].includes(address.pathname)) return true
  const [config, me] = await Promise.all([appConfig(opsApi), opsApi.get<Me>('/v1/staff/me')])
  if (!config.demo && me.kind === 'ok' && !me.value.hasPassword) navigate(accountPath)
  return true
}

/** A log-in link is exchanged for the cookie; without one, the cookie decides. */
export function OpsApp() {
  const { t } = useText()
  const queries = useQueryClient()
  const [entry, setEntry] = useState<Entry>(() => (linkInAddress() === null ? 'inside' : 'exchanging'))
  useEffect(() => {
    document.title = t('ops.login_title')
  }, [t])
  useEffect(() => {
    const link = linkInAddress()
    if (link !== null) void exchange(link).then((done) => setEntry(done === true ? 'inside' : done))
  }, [])
  useEffect(
    () =>
      onShutOut((refused) => {
        // Logged in, but so far for the own account alone.
        if (refused.code === 'second_factor_needed') navigate(accountPath)
        else setEntry((now) => (now === 'inside' ? refused : now))
      }),
    [],
  )
  if (entry === 'exchanging') {
    return (
      <main className="alone">
        <Waiting text={t('ops.logging_in')} />
      </main>
    )
  }
  if (entry !== 'inside') {
    const enter = () => {
      // What was asked for somebody else is nobody's business.
      queries.clear()
      setEntry('inside')
    }
    return (
      <Suspense fallback={<Waiting text={t('app.loading')} />}>
        <LogInPage refused={entry} link={openedLink} onLoggedIn={enter} />
      </Suspense>
    )
  }
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
