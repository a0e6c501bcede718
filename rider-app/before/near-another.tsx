import './before.css'
import { useState } from 'react'
import { Link } from 'wouter'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatDistance, walkMinutes } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { usePlace } from './use-place.ts'

const radiusM = 800
const mostShown = 3
/** One more than shown, and some: the bike in front of the rider may be among them. */
const asked = 6
/** A bike so near to the one that is no good may be that one; its number is not told to strangers. */
const sameBikeM = 6
/** Who stands beside a bike that is no good waits for the next one to come free. */
const againEveryMs = 20_000

/**
 * The nearest free bikes beside one that is no good, each a link to its card: from the place of that bike, else from the
 * phone's when that is known or the rider gives it, else around the centre of the city. The map is always one press away.
 * @param bikeAt where the bike is that is no good, as far as this rider may know   @param exceptNumber its number
 */
export function NearAnother(props: { readonly bikeAt?: MapPoint | null | undefined; readonly exceptNumber: string }) {
  const { t, tag } = useText()
  const { api, config } = useRider()
  const place = usePlace()
  const [first] = useState(props.exceptNumber)
  const nearby: MapPoint | null = props.bikeAt ?? place.here
  const from = nearby ?? (place.status === 'asking' ? null : (config?.centre ?? null))
  const where = from === null ? null : `lon=${from.lon.toFixed(5)}&lat=${from.lat.toFixed(5)}`
  const near = useAnswer<{ readonly bikes: readonly BikeNear[] }>(
    where === null ? null : `another:${first}:${where}`,
    () => api.get(`/v1/bikes?${where}&radiusM=${radiusM}&limit=${asked}`),
    againEveryMs,
  )
  const bikes = (near.value?.bikes ?? [])
    .filter((bike) => nearby === null || bike.distanceM > sameBikeM)
    .slice(0, mostShown)
  return (
    <section className="stack another" aria-labelledby="another">
      <h2 id="another">{t(nearby === null && from !== null ? 'before.others_centre' : 'before.others')}</h2>
      {nearby === null && place.status !== 'refused' && (
        <button type="button" className="button" onClick={place.ask} disabled={place.status === 'asking'}>
          {t('before.show_near')}
        </button>
      )}
      {near.refused !== null && near.value === null && <RefusalNotice refused={near.refused} onAgain={near.again} />}
      {near.value !== null && bikes.length === 0 && <p className="small soft">{t('before.others_none')}</p>}
      {from !== null && bikes.length > 0 && (
        <ul className="bikes">
          {bikes.map((bike) => (
            <li key={bike.publicId}>
              <Link href={`/?bike=${bike.publicId}&at=${bike.lon.toFixed(5)},${bike.lat.toFixed(5)}`} className="bike">
                {/* From the centre it is no walk of this rider's. */}
                {nearby !== null && (
                  <span className="walk number">
                    <strong>{t('home.walk', { count: walkMinutes(bike.distanceM) })}</strong>
                    <span className="small soft">{formatDistance(tag, bike.distanceM)}</span>
                  </span>
                )}
                <span className="small soft model">{bike.model}</span>
                <BatteryMark percent={bike.batteryPercent} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Link href="/" className="button wide">
        {t('bike.other')}
      </Link>
    </section>
  )
}
