import type { BikeNear } from '../../contracts/http/bikes.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatDistance, walkMinutes } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import type { NearBikes } from './use-near-bikes.ts'
import type { WhereAmI } from './use-where-am-i.ts'

const mostShown = 12

/** The same bikes as on the map, for fingers, keyboards and screen readers. */
export function NearList({
  near,
  chosen,
  onChoose,
  where,
}: {
  readonly near: NearBikes
  readonly chosen: string | null
  readonly onChoose: (bike: BikeNear | null) => void
  readonly where: WhereAmI
}) {
  const { t } = useText()
  return (
    <section className="stack" aria-labelledby="near-title">
      <div className="row spread">
        <h2 id="near-title">{where.here === null ? t('home.near_centre') : t('home.near_me')}</h2>
        <button type="button" className="button quiet" onClick={where.ask} disabled={where.status === 'asking'}>
          {t('home.locate')}
        </button>
      </div>
      {where.status === 'refused' && <p className="small soft">{t('home.position_refused')}</p>}
      {where.status === 'far' && <p className="small soft">{t('home.position_far')}</p>}
      {near.refused !== null && <RefusalNotice refused={near.refused} onAgain={near.again} />}
      {near.loading && near.bikes.length === 0 && <Waiting text={t('home.looking')} />}
      {!near.loading && near.refused === null && near.bikes.length === 0 && (
        <p className="notice" role="status">
          {t('home.none')}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {near.loading ? '' : t('home.count', { count: near.bikes.length })}
      </p>
      <ul className="bikes">
        {shownOf(near.bikes, chosen).map((bike) => (
          <NearItem key={bike.publicId} bike={bike} chosen={bike.publicId === chosen} onChoose={onChoose} />
        ))}
      </ul>
    </section>
  )
}

function NearItem({
  bike,
  chosen,
  onChoose,
}: {
  readonly bike: BikeNear
  readonly chosen: boolean
  readonly onChoose: (bike: BikeNear | null) => void
}) {
  const { t, tag } = useText()
  return (
    <li>
      <button type="button" className="bike" aria-pressed={chosen} onClick={() => onChoose(chosen ? null : bike)}>
        <span className="walk number">
          <strong>{t('home.walk', { count: walkMinutes(bike.distanceM) })}</strong>
          <span className="small soft">{formatDistance(tag, bike.distanceM)}</span>
        </span>
        <span className="small soft model">{bike.model}</span>
        <BatteryMark percent={bike.batteryPercent} />
      </button>
      {chosen && <p className="small soft hint">{t('home.walk_to_it')}</p>}
    </li>
  )
}

/** The nearest few; a bike chosen on the map comes first even when it is far down. */
function shownOf(bikes: readonly BikeNear[], chosen: string | null): readonly BikeNear[] {
  const nearest = bikes.slice(0, mostShown)
  const picked = bikes.find((bike) => bike.publicId === chosen)
  return picked === undefined || nearest.includes(picked) ? nearest : [picked, ...nearest]
}
