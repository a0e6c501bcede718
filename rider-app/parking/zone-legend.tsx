import type { PublicZones } from '../../contracts/http/city-zones.ts'
import { distanceM } from '../../contracts/units.ts'
import { formatDistance, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { circleAround, middleOf } from '../../ui-kit/map/zone-shapes.ts'
import './parking.css'

const nearest = 4
/** What lies farther away is no answer to "where". */
const nearM = 1_500

/** What the zones on the map mean, in words: the same for who does not see them. */
export function ZoneLegend({ zones, near }: { readonly zones: PublicZones | null; readonly near: MapPoint | null }) {
  const { t } = useText()
  if (zones === null || zones.features.length === 0) return null
  return (
    <details className="zone-legend">
      <summary>
        <span className="parking-sign" aria-hidden="true">
          P
        </span>
        {t('parking.legend')}
      </summary>
      <div className="zone-words">
        <Rules zones={zones} />
        {near !== null && <Nearest zones={zones} near={near} />}
      </div>
    </details>
  )
}

/** A sentence for each kind that is on the map, with what it costs or is worth. */
function Rules({ zones: { features, fees, currency } }: { readonly zones: PublicZones }) {
  const { t, tag } = useText()
  const money = (minor: number) => formatMoney(tag, minor, currency)
  const has = (kind: string) => features.some(({ properties }) => properties.kind === kind)
  const reward = Math.max(0, ...features.map(({ properties }) => properties.reward ?? 0))
  const rules: readonly (readonly [swatch: string, words: string | null])[] = [
    [
      'service_area',
      !has('service_area')
        ? t('parking.may.anywhere')
        : fees.outsideArea > 0
          ? t('parking.may.area_fee', { fee: money(fees.outsideArea) })
          : t('parking.may.area'),
    ],
    [
      'hotspot',
      !has('hotspot')
        ? null
        : reward > 0
          ? t('parking.at.hotspot_reward', { reward: money(reward) })
          : t('parking.at.hotspot'),
    ],
    [
      'no_parking',
      !has('no_parking')
        ? null
        : fees.noParking > 0
          ? t('parking.not.no_parking_fee', { fee: money(fees.noParking) })
          : t('parking.not.no_parking'),
    ],
    ['no_ride', has('no_ride') ? t('parking.not.no_ride') : null],
    ['slow', has('slow') ? t('parking.not.slow') : null],
  ]
  return (
    <ul className="zone-rules">
      {rules.map(([swatch, words]) =>
        words === null ? null : (
          <li key={swatch}>
            <span className="zone-swatch" data-kind={swatch} aria-hidden="true">
              {swatch === 'hotspot' ? 'P' : ''}
            </span>
            {words}
          </li>
        ),
      )}
    </ul>
  )
}

/** The hotspots and the bans around, by name and distance. */
function Nearest({ zones: { features, currency }, near }: { readonly zones: PublicZones; readonly near: MapPoint }) {
  const { t, tag } = useText()
  const around = (kind: string) =>
    features
      .filter(({ properties }) => properties.kind === kind)
      .map((feature) => {
        const [lon, lat] = middleOf(circleAround(feature))
        return { ...feature.properties, metres: distanceM(near, { lon, lat }) }
      })
      .filter(({ metres }) => metres <= nearM)
      .sort((a, b) => a.metres - b.metres)
      .slice(0, nearest)
  const hotspots = around('hotspot')
  const bans = around('no_parking')
  const isWorthIt = features.some(({ properties }) => (properties.reward ?? 0) > 0)
  const worth = (reward: number) =>
    reward > 0
      ? t('parking.spot_reward', { reward: formatMoney(tag, reward, currency) })
      : isWorthIt && t('parking.spot_full')
  const placeOf = ({ name, metres }: { name: string; metres: number }) =>
    t('parking.spot', { name, distance: formatDistance(tag, metres) })
  return (
    <>
      {hotspots.length > 0 && (
        <>
          <h3>{t('parking.near')}</h3>
          <ul>
            {hotspots.map((spot) => (
              <li key={spot.zoneId} className="row zone-near">
                <span>{placeOf(spot)}</span>
                <span className="small soft">{worth(spot.reward ?? 0)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {bans.length > 0 && (
        <>
          <h3>{t('parking.near_no')}</h3>
          <ul>
            {bans.map((ban) => (
              <li key={ban.zoneId}>{placeOf(ban)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
