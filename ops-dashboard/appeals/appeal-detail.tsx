import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { StaffAppeal } from '../../contracts/http/appeals.ts'
import type { StaffTrip } from '../../contracts/http/staff-trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PhotoStrip } from '../frame/photo-strip.tsx'
import { useLookAgain } from '../live/use-look-again.ts'
import { formatMoment } from '../trips/city-moment.ts'
import { FareLines } from '../trips/fare-lines.tsx'
import { RideFacts } from '../trips/ride-facts.tsx'
import { TripStory } from '../trips/trip-story.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { AppealDecide } from './appeal-decide.tsx'
import { TimeLeft } from './appeal-row.tsx'

/** One appeal with all that it is judged by: the rider's words and pictures, the bill, the ride and its story. */
export function AppealDetail({
  appealId,
  closeHref,
  onRefused,
}: {
  readonly appealId: string
  readonly closeHref: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const queries = useQueryClient()
  const [isDone, setDone] = useState(false)
  const path = `/v1/staff/appeals/${appealId}`
  const asked = useAsked<StaffAppeal>(path, onRefused)
  const tripPath = asked.data === undefined ? null : `/v1/staff/trips/${asked.data.tripId}`
  const trip = useAsked<StaffTrip>(tripPath, onRefused)
  useLookAgain([path], (event) => event.kind === 'appeal' && event.appealId === appealId)
  useLookAgain([tripPath], (event) => event.kind === 'trip' && event.tripId === asked.data?.tripId)
  const lookAgain = () => {
    for (const queryKey of [[path], [tripPath], ['appeals']]) void queries.invalidateQueries({ queryKey })
  }
  const isMissing = asked.error?.refused?.code === 'not_found'
  return (
    <section className="stack appeal-detail" aria-label={t('appeals.yours')}>
      <p>
        <Link href={closeHref}>← {t('appeals.desk.back')}</Link>
      </p>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {isMissing && <p className="notice warn">{t('appeals.desk.gone')}</p>}
      {asked.isError && !isMissing && (
        <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
      )}
      <p role="status" className={isDone ? 'notice good' : 'visually-hidden'}>
        {isDone ? t('appeals.desk.done') : ''}
      </p>
      {asked.data !== undefined && (
        <>
          <Said appeal={asked.data} />
          <AppealDecide
            appeal={asked.data}
            onDone={() => {
              setDone(true)
              lookAgain()
            }}
            onStale={lookAgain}
          />
        </>
      )}
      {trip.isError && <RefusalNotice refused={refusedOf(trip.error)} onAgain={() => void trip.refetch()} />}
      {trip.data !== undefined && (
        <>
          <section className="card stack" aria-label={t('appeals.desk.bill')}>
            <h2>{t('appeals.desk.bill')}</h2>
            <FareLines price={trip.data.trip.price} caption={t('appeals.desk.bill')} />
          </section>
          <RideFacts found={trip.data} answeredAtMs={trip.dataUpdatedAt} />
          <TripStory found={trip.data} />
        </>
      )}
    </section>
  )
}

function Said({ appeal }: { readonly appeal: StaffAppeal }) {
  const { t, tag } = useText()
  const { about, text, photoIds, bikeNumber, currency, state, tripId, earlier, answer, decidedAt } = appeal
  const number = formatBikeNumber(bikeNumber)
  return (
    <section className="card stack" aria-label={t('appeals.desk.said')}>
      <div className="row spread wrap">
        <h2>
          {t(`appeals.desk.about.${about}`)}: {t('appeals.desk.bike', { number })}
        </h2>
        {state === 'open' ? (
          <TimeLeft appeal={appeal} nowMs={appeal.cityTime} />
        ) : (
          <span className="badge">{t(`appeals.desk.state.${state}`)}</span>
        )}
      </div>
      {text === '' ? <p className="soft">{t('appeals.desk.no_words')}</p> : <q className="appeal-quote">{text}</q>}
      <PhotoStrip
        ids={photoIds}
        srcOf={(photoId) => `/v1/staff/appeals/photos/${photoId}`}
        altOf={(n) => t('appeals.desk.picture', { n, number })}
      />
      <dl className="facts">
        <div>
          <dt>{t('appeals.desk.asks')}</dt>
          <dd className="number">{formatMoney(tag, appeal.disputedMinor, currency)}</dd>
        </div>
        <div>
          <dt>{t('appeals.desk.made')}</dt>
          <dd className="number">{formatMoment(tag, appeal.createdAt)}</dd>
        </div>
        <div>
          <dt>{t(decidedAt === null ? 'appeals.desk.due' : 'appeals.desk.decided')}</dt>
          <dd className="number">{formatMoment(tag, decidedAt ?? appeal.decideBy)}</dd>
        </div>
        {decidedAt !== null && (
          <div>
            <dt>{t('appeals.desk.given')}</dt>
            <dd className="number">{formatMoney(tag, appeal.refundMinor, currency)}</dd>
          </div>
        )}
      </dl>
      {answer !== null && (
        <div>
          <p className="small soft">{t('appeals.desk.answer')}</p>
          <q className="appeal-quote">{answer}</q>
        </div>
      )}
      <p className="small">
        <Link href={`/trips/${tripId}`}>{t('appeals.desk.ride_page')}</Link>
        {earlier > 0 && <span className="soft"> · {t('appeals.desk.earlier', { count: earlier })}</span>}
      </p>
    </section>
  )
}
