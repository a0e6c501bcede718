import { useLocation } from 'wouter'
import type { CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useNight } from '../night/use-night.ts'
import { stopAtHand } from '../route/stop-at-hand.ts'

/** The whole night: what is done, skipped and still to come. A stop that is to come can be taken first. */
export function RouteListScreen({ route }: { readonly route: CrewRoute }) {
  const { t, tag } = useText()
  const { now, showStop } = useNight()
  const [, navigate] = useLocation()
  const atHand = stopAtHand(route, now.facts.shownStopId ?? null)?.stopId ?? null
  const done = route.stops.filter((stop) => stop.state !== 'planned').length
  const goTo = async (stop: CrewStop) => {
    await showStop(stop.stopId)
    navigate('/')
  }
  return (
    <div className="page">
      <h1>{t('crew.list.title')}</h1>
      <p>{t('crew.list.progress', { done, count: route.stops.length })}</p>
      <ol className="route-list">
        {route.stops.map((stop, index) => (
          <li key={stop.stopId} data-state={stop.state} aria-current={stop.stopId === atHand ? 'step' : undefined}>
            <span className="at number" aria-hidden="true">
              {stop.state === 'done' ? '✓' : stop.state === 'skipped' ? '–' : index + 1}
            </span>
            <div className="what">
              <p className="name">{stop.name}</p>
              <p className="soft number">
                {stop.state === 'planned' ? formatClock(tag, stop.arriveAt) : t(`crew.list.${stop.state}`)}
                {' · '}
                {workOf(stop, t)}
              </p>
            </div>
            {stop.stopId === atHand ? (
              <span className="badge">{t('crew.list.now')}</span>
            ) : (
              stop.state === 'planned' && (
                <button type="button" className="button quiet" onClick={() => void goTo(stop)}>
                  {t('crew.list.go')}
                  <span className="visually-hidden">: {stop.name}</span>
                </button>
              )
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

function workOf(stop: CrewStop, t: ReturnType<typeof useText>['t']): string {
  if (stop.kind === 'depot') return t('crew.give.all')
  const { give } = stop
  const parts = [
    ...(stop.take.length > 0 ? [t('crew.take.title', { count: stop.take.length })] : []),
    ...(give > 0 ? [t('crew.give.title', { count: give })] : []),
  ]
  return parts.join(' · ')
}
