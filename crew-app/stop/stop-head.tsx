import type { CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { distanceM } from '../../ui-kit/distance.ts'
import { formatClock, formatDistance } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { usePlace } from '../night/place.ts'

/** Where to go: the name large enough for the windscreen holder, how far, and when it was planned. */
export function StopHead({ route, stop }: { readonly route: CrewRoute; readonly stop: CrewStop }) {
  const { t, tag } = useText()
  const place = usePlace()
  const at = route.stops.findIndex((one) => one.stopId === stop.stopId) + 1
  return (
    <header className="stop-head">
      <p className="soft">
        {t('crew.stop.of', { at, count: route.stops.length })} · {t(`crew.kind.${stop.kind}`)}
      </p>
      <h1 className="stop-name">{stop.name}</h1>
      <dl className="facts">
        <div>
          <dt>{t('crew.stop.from_here')}</dt>
          <dd className="number">{place === null ? '–' : formatDistance(tag, distanceM(place, stop))}</dd>
        </div>
        <div>
          <dt>{t('crew.stop.leg')}</dt>
          <dd className="number">{formatDistance(tag, stop.legM)}</dd>
        </div>
        <div>
          <dt>{t('crew.stop.arrive')}</dt>
          <dd className="number">{formatClock(tag, stop.arriveAt)}</dd>
        </div>
      </dl>
    </header>
  )
}
