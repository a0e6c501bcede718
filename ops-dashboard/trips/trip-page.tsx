import './trips.css'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import type { StaffAppeals } from '../../contracts/http/appeals.ts'
import type { StaffTrip, TripActKind } from '../../contracts/http/staff-trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useHasPage } from '../frame/desk-paths.ts'
import { PageFrame } from '../frame/page-frame.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useLookAgain } from '../live/use-look-again.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { MoneyBox } from './money-box.tsx'
import { RideFacts } from './ride-facts.tsx'
import { TripActs } from './trip-acts.tsx'
import { TripReplay } from './trip-replay.tsx'
import { TripStory } from './trip-story.tsx'

/** A running ride's price ticks by the minute; everything else is told. */
const lookEveryMs = 20_000

/** One trip: what happened, what it cost and why, and what a colleague may do about it. */
export function TripPage({
  tripId,
  onRefused,
}: {
  readonly tripId: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const path = `/v1/staff/trips/${tripId}`
  const asked = useAsked<StaffTrip>(path, onRefused, (known) =>
    known === undefined || known.trip.price.final ? false : lookEveryMs,
  )
  const queries = useQueryClient()
  const lookAgain = () => void queries.invalidateQueries({ queryKey: [path] })
  useLookAgain([path], (event) => event.kind === 'trip' && event.tripId === tripId)
  return (
    <PageFrame title={asked.data ? t('trips.one', { number: asked.data.trip.bikeNumber }) : t('trips.title')}>
      <p>
        <Link href="/trips">← {t('trips.back')}</Link>
      </p>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && (
        <TripParts found={asked.data} answeredAtMs={asked.dataUpdatedAt} onChanged={lookAgain} />
      )}
    </PageFrame>
  )
}

function TripParts({
  found,
  answeredAtMs,
  onChanged,
}: {
  readonly found: StaffTrip
  readonly answeredAtMs: number
  readonly onChanged: () => void
}) {
  const { t } = useText()
  const { trip } = found
  const hasBikePage = useHasPage('/bikes/:number')
  const isReplaying = new URLSearchParams(useSearch()).get('replay') === '1'
  const [, navigate] = useLocation()
  const [done, setDone] = useState<TripActKind | null>(null)
  const number = formatBikeNumber(trip.bikeNumber)
  const showReplay = (on: boolean) => navigate(`/trips/${trip.tripId}${on ? '?replay=1' : ''}`)
  return (
    <>
      <div className="row wrap">
        <h1>{t('trips.one', { number })}</h1>
        <span className="badge">{t(`ops.trip.${trip.state}`)}</span>
        {trip.isLong && <span className="badge warn">{t('trips.long')}</span>}
        <AppealsOfTrip tripId={trip.tripId} />
        {hasBikePage && <Link href={`/bikes/${trip.bikeNumber}`}>{t('trips.bike_page')}</Link>}
      </div>
      <p className="soft">
        {t('trips.rider_of', { name: trip.rider })} · <span className="small">{t('trips.rider_how')}</span>
      </p>
      <p role="status" className={done === null ? 'visually-hidden' : 'notice good'}>
        {done === null ? '' : t('trips.done', { act: t(`trips.act.${done}`) })}
      </p>
      {isReplaying && (
        <TripReplay key={trip.tripId} found={found} onClose={() => showReplay(false)} onLooked={onChanged} />
      )}
      <div className="trip-columns">
        <div className="stack">
          <RideFacts found={found} answeredAtMs={answeredAtMs} />
          <TripStory found={found} />
        </div>
        <div className="stack">
          <TripActs
            found={found}
            onDone={(act) => {
              setDone(act)
              onChanged()
            }}
            onReplay={() => showReplay(true)}
          />
          <MoneyBox found={found} />
        </div>
      </div>
      <p className="small soft">{t('trips.privacy')}</p>
    </>
  )
}

/** The way to what its rider said against the price, for whoever may see that. */
function AppealsOfTrip({ tripId }: { readonly tripId: string }) {
  const { t } = useText()
  const me = useMe()
  const path = mayI(me, 'appeal.see') ? `/v1/staff/appeals?tripId=${tripId}` : null
  const asked = useAsked<StaffAppeals>(path, ignored)
  useLookAgain([path], (event) => event.kind === 'appeal' && event.tripId === tripId)
  const appeals = asked.data?.appeals ?? []
  const [newest] = appeals
  if (newest === undefined) return null
  return <Link href={`/appeals/${newest.appealId}`}>{t('trips.appeals', { count: appeals.length })}</Link>
}
/** The page itself asks too, and tells the desk. */
const ignored = () => undefined
