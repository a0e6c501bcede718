import { Link } from 'wouter'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatDay, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { rideDurationMs } from '../../ui-kit/ride-clock.ts'
import { byMonth } from './by-month.ts'
import { moneyOfRide } from './money-of-ride.ts'
import { ridesAtOnce, useRides } from './use-rides.ts'

const beganAt = (trip: TripView) => trip.startedAt ?? trip.createdAt

export function RidesScreen({ riderId }: { readonly riderId: string }) {
  const { t, tag, language } = useText()
  const { rides, knownAtMs, hasOlder, loading, loadingOlder, refused, again, older } = useRides(riderId)
  return (
    <>
      <h1>{t('rides.title')}</h1>
      {loading && rides === null && <Waiting text={t('app.loading')} />}
      {refused !== null && (
        <RefusalNotice refused={refused} onAgain={again}>
          {knownAtMs !== null && (
            <p>{t('rides.known', { at: `${formatDay(tag, knownAtMs)}, ${formatClock(tag, knownAtMs)}` })}</p>
          )}
        </RefusalNotice>
      )}
      {rides?.length === 0 && (
        <section className="card stack centre">
          <p>
            <strong>{t('rides.none')}</strong>
          </p>
          <p className="soft">{t('rides.none_hint')}</p>
          <Link href="/" className="button main">
            {t('rides.find')}
          </Link>
        </section>
      )}
      {byMonth(tag, rides ?? [], beganAt).map(({ month, items }) => (
        <section key={month} className="month" aria-label={month}>
          <h2>{month}</h2>
          <ul>
            {items.map((trip) => (
              <li key={trip.tripId} className="card ride-row">
                <RideLink trip={trip} />
                <RideMore trip={trip} language={language} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {hasOlder && (
        <button type="button" className="button" onClick={older} disabled={loadingOlder}>
          {loadingOlder ? t('app.loading') : t('rides.older')}
        </button>
      )}
      {rides !== null && rides.length > ridesAtOnce && !hasOlder && (
        <p className="small soft centre">{t('rides.all')}</p>
      )}
    </>
  )
}

function RideLink({ trip }: { readonly trip: TripView }) {
  const { t, tag } = useText()
  const at = beganAt(trip)
  return (
    <Link href={`/trip/${trip.tripId}`} className="ride-link">
      <span>
        <strong>
          {formatDay(tag, at)}, {formatClock(tag, at)}
        </strong>
        <span className="small soft note">
          {t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}
          {trip.startedAt !== null && ` · ${formatStopwatch(rideDurationMs(trip, trip.cityTime))}`}
        </span>
      </span>
      <strong className="right number">{formatMoney(tag, trip.price.total, trip.price.currency)}</strong>
    </Link>
  )
}

function RideMore({ trip, language }: { readonly trip: TripView; readonly language: string }) {
  const { t, tag } = useText()
  const money = moneyOfRide(trip)
  const { appeal } = trip
  const refunded = formatMoney(tag, trip.payment.refunded, trip.price.currency)
  const isOver = trip.state === 'failed' || trip.state === 'cancelled'
  return (
    <div className="ride-more">
      <span className={`badge is-${money.tone}`}>
        {isOver && money.key === 'money_mark.nothing' ? t(`trip.state.${trip.state}`) : t(money.key, { refunded })}
      </span>
      {appeal !== null && (
        <span className={`badge ${appeal.state === 'open' ? 'is-open' : ''}`}>
          {t(`appeal_mark.${appeal.state}`, {
            by: `${formatDay(tag, appeal.decideBy)}, ${formatClock(tag, appeal.decideBy)}`,
          })}
        </span>
      )}
      {trip.receiptPath !== null && (
        <a
          className="receipt-link"
          href={`${trip.receiptPath}?lang=${language}`}
          aria-label={t('rides.receipt_of', {
            day: `${formatDay(tag, beganAt(trip))}, ${formatClock(tag, beganAt(trip))}`,
          })}
        >
          {t('rides.receipt')}
        </a>
      )}
    </div>
  )
}
