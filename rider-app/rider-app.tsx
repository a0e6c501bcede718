import { Suspense } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { useText } from '../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../ui-kit/language-picker.tsx'
import { Waiting } from '../ui-kit/notices.tsx'
import { useOnline } from '../ui-kit/use-online.ts'
import { ScreenGuard } from './frame/crash-notice.tsx'
import { useScreenChange } from './frame/use-screen-change.ts'
import { HomeScreen } from './home/home-screen.tsx'
import { lateScreen } from './late-screen.ts'
import { Rider, type RiderState, useRiderState } from './rider-state.ts'

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
const UnknownAddress = lateScreen(async () => (await import('./frame/unknown-address.tsx')).UnknownAddress, 'frame')
const DemoDock = lateScreen(async () => (await import('./demo-dock.tsx')).DemoDock, 'virtual')

/** The screens of a rider, and in the demo the bike that stands in for a real one. */
export function RiderApp() {
  const rider = useRiderState()
  const { t } = useText()
  const [address] = useLocation()
  useScreenChange(address)
  return (
    <Rider value={rider}>
      <TopBar rider={rider} address={address} />
      <main id="main" tabIndex={-1}>
        <ScreenGuard address={address}>
          <Suspense fallback={<Waiting text={t('app.loading')} />}>
            <Switch>
              <Route path="/">
                <HomeScreen />
              </Route>
              <Route path="/b/:code">{({ code }) => <BikeScreen key={code} code={code} />}</Route>
              <Route path="/trip/:id">{({ id }) => <TripScreen key={id} tripId={id} />}</Route>
              <Route path="/mine/*?">
                <MineScreens />
              </Route>
              <Route path="/rides">
                <Redirect to="/mine" replace />
              </Route>
              <Route>
                <UnknownAddress />
              </Route>
            </Switch>
          </Suspense>
        </ScreenGuard>
      </main>
      {rider.config?.demo === true && (
        <ScreenGuard address="dock">
          <Suspense>
            <DemoDock />
          </Suspense>
        </ScreenGuard>
      )}
    </Rider>
  )
}

/** Who we are, the rider's own, the language; and while a ride runs the way back to it, from wherever one is. */
function TopBar({ rider, address }: { readonly rider: RiderState; readonly address: string }) {
  const { t } = useText()
  const online = useOnline()
  const ride = rider.rideId === null ? null : `/trip/${rider.rideId}`
  return (
    <header>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <div className="top">
        <Link href="/" className="brand" aria-label={t('app.home')}>
          <img src="/icon.svg" alt="" width="30" height="30" /> zwerm
        </Link>
        <nav aria-label={t('app.menu')}>
          {(rider.me !== null || rider.rideId !== null) && (
            <Link href="/mine" className="button quiet" aria-current={address.startsWith('/mine') ? 'page' : undefined}>
              {t('rides.title')}
            </Link>
          )}
          <LanguagePicker />
        </nav>
      </div>
      {!online && (
        <p className="offline" role="status">
          {t('app.offline')}
        </p>
      )}
      {ride !== null && address !== ride && address !== '/' && (
        <Link href={ride} className="to-ride">
          {t('home.back_to_ride')} <span aria-hidden="true">→</span>
        </Link>
      )}
    </header>
  )
}
