import { Link } from 'wouter'
import type { ParkingAdvice, TripParking } from '../../contracts/http/parking.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatClock, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useRider } from '../rider-state.ts'
import { BetterPlaceWords } from './parking-notice.tsx'
import './parking.css'

/** So often the page looks whether there is still time, and whether the bike was put right from another device. */
const lookEveryMs = 10_000
const minuteMs = 60_000

/** Where the ride was left and what that did to its price; nothing when all is well. */
export function ParkingOutcome({ trip: told }: { readonly trip: TripView }) {
  const { t, tag } = useText()
  const { api } = useRider()
  const path = `/v1/trips/${told.tripId}`
  const mayChange = told.parking !== null && told.parking.feeMinor > 0 && !told.parking.cleared
  const { value: looked } = useAnswer<TripView>(mayChange ? path : null, () => api.get(path), lookEveryMs)
  const trip = looked !== null && looked.cityTime > told.cityTime ? looked : told
  const { parking, price } = trip
  if (parking === null) return null
  const money = (minor: number) => formatMoney(tag, minor, price.currency)
  const zone = parking.zoneName ?? ''
  if (parking.feeMinor > 0) return <WrongPlace trip={trip} parking={parking} />
  const words = price.lines.some(({ key }) => key === 'put_right')
    ? t('parking.done.put_right')
    : parking.rewardMinor > 0
      ? t('parking.done.rewarded', { zone, reward: money(parking.rewardMinor) })
      : null
  return words === null ? null : <p className="notice good">{words}</p>
}

/** The fee with its rule, how long it can still be cleared, and the way to do it. */
function WrongPlace({ trip, parking }: { readonly trip: TripView; readonly parking: TripParking }) {
  const { t, tag } = useText()
  const fee = formatMoney(tag, parking.feeMinor, trip.price.currency)
  if (parking.cleared) {
    return (
      <section className="notice good" aria-labelledby="parking-cleared">
        <h2 id="parking-cleared">{t('parking.done.cleared_title')}</h2>
        <p role="status">{t('parking.done.cleared', { fee })}</p>
      </section>
    )
  }
  const leftMs = (parking.clearableUntil ?? 0) - trip.cityTime
  return (
    <section className="card parking-wrong" aria-labelledby="parking-wrong">
      <h2 id="parking-wrong">
        <span className="parking-sign" data-wrong aria-hidden="true">
          P
        </span>
        {t('parking.done.title')}
      </h2>
      <p>
        {parking.verdict === 'no_parking'
          ? t('parking.done.no_parking', { zone: parking.zoneName ?? '', fee })
          : t('parking.done.outside_area', { fee })}
      </p>
      {leftMs > 0 && parking.clearableUntil !== null ? (
        <>
          <p>{t('parking.done.may', { count: Math.max(1, Math.floor(leftMs / minuteMs)) })}</p>
          <p className="small soft">
            {t('parking.done.until', { time: formatClock(tag, parking.clearableUntil) })}{' '}
            <WhereTo tripId={trip.tripId} />
          </p>
          <Link href={`/b/${trip.bikeNumber}`} className="button main wide">
            {t('parking.done.again')}
          </Link>
        </>
      ) : (
        <p className="small soft">{t('parking.done.over')}</p>
      )}
    </section>
  )
}

function WhereTo({ tripId }: { readonly tripId: string }) {
  const { api } = useRider()
  const path = `/v1/trips/${tripId}/parking`
  const { value: advice } = useAnswer<ParkingAdvice>(path, () => api.get(path))
  if (advice?.better == null) return null
  return <BetterPlaceWords better={advice.better} currency={advice.currency} />
}
