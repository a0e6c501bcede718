import { lazy, Suspense, useEffect } from 'react'
import { Route, Router, Switch, useLocation } from 'wouter'
import type { FailureCode } from '../ui-kit/api/api-client.ts'
import { useText } from '../ui-kit/i18n/text.ts'
import { Waiting } from '../ui-kit/notices.tsx'
import { DeedLine } from './deed-line.tsx'
import { useLogInLink } from './log-in/use-log-in-link.ts'
import type { Night } from './night/crew-night.ts'
import { watchPlace } from './night/place.ts'
import { NightProvider, useNight } from './night/use-night.ts'
import { useWakeLock } from './night/use-wake-lock.ts'
import { LogInAgain, NewPlan, OtherCrew } from './notices.tsx'
import { useStoredMap } from './offline/use-stored-map.ts'
import { onShiftOf } from './route/stop-at-hand.ts'
import { Tabs, TopBar } from './top-bar.tsx'

const LeftInVanScreen = lazy(async () => ({ default: (await import('./van/left-in-van-screen.tsx')).LeftInVanScreen }))
const EndedScreen = lazy(async () => ({ default: (await import('./shift/ended-screen.tsx')).EndedScreen }))
const RouteListScreen = lazy(async () => ({ default: (await import('./list/route-list-screen.tsx')).RouteListScreen }))
const ReadyScreen = lazy(async () => ({ default: (await import('./routes/ready-screen.tsx')).ReadyScreen }))
const EndShiftScreen = lazy(async () => ({ default: (await import('./shift/end-shift-screen.tsx')).EndShiftScreen }))
const MoreScreen = lazy(async () => ({ default: (await import('./shift/more-screen.tsx')).MoreScreen }))
const VanScreen = lazy(async () => ({ default: (await import('./van/van-screen.tsx')).VanScreen }))
const WaitingScreen = lazy(async () => ({ default: (await import('./waiting/waiting-screen.tsx')).WaitingScreen }))
const StopScreen = lazy(async () => ({ default: (await import('./stop/stop-screen.tsx')).StopScreen }))
const RoutesScreen = lazy(async () => ({ default: (await import('./routes/routes-screen.tsx')).RoutesScreen }))
const LogInScreen = lazy(async () => ({ default: (await import('./log-in/log-in-screen.tsx')).LogInScreen }))

/** The night crew's app. Every screen draws what the phone knows; nothing on them waits for a network. */
export function CrewApp({ night }: { readonly night: Night }) {
  return (
    <NightProvider value={night}>
      <Router base="/crew">
        <Screens />
      </Router>
    </NightProvider>
  )
}

export function CannotKeep() {
  const { t } = useText()
  return (
    <main className="page">
      <h1>{t('crew.title')}</h1>
      <p className="notice bad" role="alert">
        {t('crew.cannot_keep')}
      </p>
    </main>
  )
}

function Screens() {
  const { t } = useText()
  const { now } = useNight()
  const link = useLogInLink()
  const [place] = useLocation()
  const shift = onShiftOf(now.route)
  const onShift = shift !== null
  const hasRoute = now.route !== null
  useWakeLock(onShift)
  useStoredMap()
  useEffect(() => {
    document.title = t('crew.title')
  }, [t])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each place begins at its top
  useEffect(() => {
    document.getElementById('main')?.scrollTo(0, 0)
  }, [place])
  useEffect(() => {
    if (hasRoute) watchPlace()
  }, [hasRoute])
  return (
    <>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <TopBar />
      <main id="main" tabIndex={-1}>
        {hasRoute && now.session === 'out' && <LogInAgain />}
        {now.sending === 'other_crew' && <OtherCrew />}
        {onShift && <NewPlan />}
        {link.kind === 'exchanging' ? (
          <Waiting text={t('crew.logging_in')} />
        ) : (
          <Suspense fallback={<Waiting text={t('app.loading')} />}>
            <Switch>
              <Route path="/waiting">
                <WaitingScreen />
              </Route>
              <Route path="/more">
                <MoreScreen />
              </Route>
              {shift !== null && (
                <Route path="/van">
                  <VanScreen route={shift} />
                </Route>
              )}
              {shift !== null && (
                <Route path="/route">
                  <RouteListScreen route={shift} />
                </Route>
              )}
              {shift !== null && (
                <Route path="/ready">
                  <ReadyScreen route={shift} />
                </Route>
              )}
              {shift !== null && (
                <Route path="/end">
                  <EndShiftScreen route={shift} />
                </Route>
              )}
              <Route>
                <Home refusedLink={link.kind === 'refused' ? link.code : null} />
              </Route>
            </Switch>
          </Suspense>
        )}
      </main>
      <DeedLine />
      {onShift && <Tabs />}
    </>
  )
}

function Home({ refusedLink }: { readonly refusedLink: FailureCode | null }) {
  const { now } = useNight()
  if (now.facts.ended !== undefined) return <EndedScreen ended={now.facts.ended} />
  if (now.route?.state === 'done') {
    if (now.route.load.length > 0) return <LeftInVanScreen route={now.route} />
    return <EndedScreen ended={{ route: now.route, why: 'end_shift' }} />
  }
  if (now.route !== null) return <StopScreen route={now.route} />
  if (now.session === 'out' || (refusedLink !== null && now.session !== 'in'))
    return <LogInScreen refused={refusedLink} />
  return <RoutesScreen />
}
