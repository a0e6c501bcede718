import { Link } from 'wouter'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The lock did not open: why, what happens to the money, and the two ways on. */
export function UnlockFailed({ trip }: { readonly trip: TripView }) {
  const { t, tag, ofCode } = useText()
  const released = trip.payment.state === 'released' || trip.payment.state === 'expired'
  const held = formatMoney(tag, trip.payment.held, trip.price.currency)
  const cancelled = trip.state === 'cancelled'
  const mayRepeat = trip.failure === null || trip.failure !== 'bike_silent'
  return (
    <>
      <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
      <h1>{cancelled ? t('failed.cancelled') : t('failed.title')}</h1>
      {!cancelled && (
        <p className="notice bad" role="alert">
          {ofCode(`failure.${trip.failure ?? 'other'}`, 'failure.other')}
        </p>
      )}
      {trip.failure === 'lock_jammed' && (
        <div className="notice warn">
          <h2>{t('failed.jam_title')}</h2>
          <p>{t('failed.jam_hint')}</p>
        </div>
      )}
      <p className="notice good" role="status">
        {released ? t('failed.released') : t('failed.releasing', { held })}{' '}
        {!released && trip.holdReleaseAt !== null && t('failed.by', { time: formatClock(tag, trip.holdReleaseAt) })}
      </p>
      <div className="stack">
        {mayRepeat && (
          <Link href={`/b/${trip.bikeNumber}`} className="button main wide">
            {t('failed.again')}
          </Link>
        )}
        <Link href="/" className={mayRepeat ? 'button wide' : 'button main wide'}>
          {t('failed.other_bike')}
        </Link>
      </div>
    </>
  )
}
