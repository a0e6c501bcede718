import { useState } from 'react'
import type { BikeByCode } from '../../contracts/http/bikes.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatBikeNumber, formatClock, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { AppealCard } from '../appeals/appeal-card.tsx'
import { PayAndUnlock } from '../bike/pay-and-unlock.tsx'
import { useRider } from '../rider-state.ts'
import { LateNearAnother, LateReportSheet } from './late-parts.tsx'

/** The lock did not open: why, what happens to the money, a second try in one press, and another bike. */
export function UnlockFailed({ trip, bikeAt }: { readonly trip: TripView; readonly bikeAt: MapPoint | null }) {
  const { t, tag, ofCode } = useText()
  const [reports, setReports] = useState(false)
  const released = trip.payment.state === 'released' || trip.payment.state === 'expired'
  const held = formatMoney(tag, trip.payment.held, trip.price.currency)
  const cancelled = trip.state === 'cancelled'
  return (
    <>
      <div>
        <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
        <h1>{cancelled ? t('failed.cancelled') : t('failed.title')}</h1>
      </div>
      {!cancelled && <p className="notice bad">{ofCode(`failure.${trip.failure ?? 'other'}`, 'failure.other')}</p>}
      <p className="notice good" role="status">
        {released ? t('failed.released') : t('failed.releasing', { held })}{' '}
        {!released && trip.holdReleaseAt !== null && t('failed.by', { time: formatClock(tag, trip.holdReleaseAt) })}
      </p>
      {trip.failure === 'lock_jammed' && (
        <div className="notice warn">
          <h2>{t('failed.jam_title')}</h2>
          <p>{t('failed.jam_hint')}</p>
        </div>
      )}
      <AppealCard trip={trip} />
      <SecondTry trip={trip} />
      <LateNearAnother bikeAt={bikeAt} exceptNumber={trip.bikeNumber} />
      {!cancelled && (
        <button
          type="button"
          className="button quiet start"
          aria-expanded={reports}
          onClick={() => setReports(!reports)}
        >
          {t('ride.report')}
        </button>
      )}
      {reports && (
        <LateReportSheet
          bikeCode={trip.bikeNumber}
          number={trip.bikeNumber}
          first="lock"
          onClose={() => setReports(false)}
        />
      )}
    </>
  )
}

/** The same bike again, paid and asked with one press, while it may still be rented. */
function SecondTry({ trip }: { readonly trip: TripView }) {
  const { t, tag } = useText()
  const { api, me } = useRider()
  const path = `/v1/bikes/by-code/${trip.bikeNumber}`
  const bike = useAnswer<BikeByCode>(`again:${trip.tripId}`, () => api.get(path)).value
  if (bike === null || me === null || me.activeTripId !== null) return null
  if (!bike.rentable) return <p className="small soft">{t('failed.not_again')}</p>
  return (
    <section className="stack" aria-labelledby="again-title">
      <h2 id="again-title">{t('failed.again')}</h2>
      <PayAndUnlock
        bikeCode={bike.code}
        number={trip.bikeNumber}
        urlCode={trip.bikeNumber}
        hold={formatMoney(tag, bike.terms.hold, bike.terms.currency)}
        me={me}
      />
    </section>
  )
}
