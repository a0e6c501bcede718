import { Suspense } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { useText } from '../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../ui-kit/language-picker.tsx'
import { Waiting } from '../ui-kit/notices.tsx'
import { useOnline } from '../ui-kit/use-online.ts'
import { HomeScreen } from './home/home-screen.tsx'
import { lateScreen } from './late-screen.ts'
import { Rider, useRiderState } from './rider-state.ts'

const BikeScreen = lateScreen(async () => (await import('./bike/bike-screen.tsx')).BikeScreen, 'taking', 'before')
const TripScreen = lateScreen(
  async () => (await import('./trip/trip-screen.tsx')).TripScreen,
  'riding',
  'taking',
  'parking',
  'telling',
)
const MineScreens = lateScreen(
  async () => (await import('./mine/mine-screens.tsx')).MineScreens,
  'mine',
  'riding',
  'taking',
  'telling',
)
const DemoDock = lateScreen(async () => (await import('./demo-dock.tsx')).DemoDock, 'virtual')

/** The screens of a rider, and in the demo the bike that stands in for a real one. */
export function RiderApp() {
  const rider = useRiderState()
  const { t } = useText()
  const [location] = useLocation()
  const online = useOnline()
  return (
    <Rider value={rider}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <header className="top">
        <Link href="/" className="brand" aria-label={t('app.home')}>
          <img src="/icon.svg" alt="" width="30" height="30" /> zwerm
        </Link>
        <nav aria-label={t('app.menu')}>
          {rider.me !== null && (
            <Link
              href="/mine"
              className="button quiet"
              aria-current={location.startsWith('/mine') ? 'page' : undefined}
            >
              {t('rides.title')}
            </Link>
          )}
          <LanguagePicker />
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {!online && (
          <p className="notice warn offline" role="status">
            {t('app.offline')}
          </p>
        )}
        <Suspense fallback={<Waiting text={t('app.loading')} />}>
          <Switch>
            <Route path="/b/:code">{({ code }) => <BikeScreen key={code} code={code} />}</Route>
            <Route path="/trip/:id">{({ id }) => <TripScreen key={id} tripId={id} />}</Route>
            <Route path="/mine/*?">
              <MineScreens />
            </Route>
            <Route path="/rides">
              <Redirect to="/mine" replace />
            </Route>
            <Route>
              <HomeScreen />
            </Route>
          </Switch>
        </Suspense>
      </main>
      {rider.config?.demo === true && (
        <Suspense>
          <DemoDock />
        </Suspense>
      )}
    </Rider>
  )
}
