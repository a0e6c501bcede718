import './rides.css'
import { Link } from 'wouter'
import type { TripView } from '../../contracts/http/trips.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatBikeNumber, formatClock, formatDay, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { rideDurationMs } from '../../ui-kit/ride-clock.ts'
import { LogInForm } from '../log-in/log-in-form.tsx'
import { useRider } from '../rider-state.ts'

interface Trips {
  readonly trips: readonly TripView[]
}
const mostShown = 50

export function RidesScreen() {
  const { t } = useText()
  const { api, me, meLoading, reloadMe } = useRider()
  const rides = useAnswer<Trips>(me === null ? null : `trips:${me.riderId}`, () =>
    api.get(`/v1/trips?limit=${mostShown}`),
  )
  return (
    <div className="page stack">
      <h1>{t('rides.title')}</h1>
      {me === null && !meLoading && <LogInForm reason={t('login.to_see_rides')} onDone={reloadMe} />}
      {(meLoading || rides.loading) && <Waiting text={t('app.loading')} />}
      {rides.refused !== null && <RefusalNotice refused={rides.refused} onAgain={rides.again} />}
      {rides.value?.trips.length === 0 && <p className="notice">{t('rides.none')}</p>}
      <ul className="stack">
        {rides.value?.trips.map((trip) => (
          <li key={trip.tripId}>
            <RideLink trip={trip} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function RideLink({ trip }: { readonly trip: TripView }) {
  const { t, tag } = useText()
  const at = trip.startedAt ?? trip.createdAt
  return (
    <Link href={`/trip/${trip.tripId}`} className="card ride-link">
      <span>
        <strong>
          {formatDay(tag, at)}, {formatClock(tag, at)}
        </strong>
        <span className="small soft note">
          {t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}
          {trip.startedAt !== null && ` · ${formatStopwatch(rideDurationMs(trip, trip.cityTime))}`}
        </span>
      </span>
      <span className="right">
        <strong className="number">{formatMoney(tag, trip.price.total, trip.price.currency)}</strong>
        <span className="small soft note">{t(`trip.state.${trip.state}`)}</span>
      </span>
    </Link>
  )
}
