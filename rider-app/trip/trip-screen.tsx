import './trip.css'
import { useCallback, useEffect, useState } from 'react'
import type { BikeByCode } from '../../contracts/http/bikes.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { type TripLink, watchTrip } from '../../ui-kit/api/trip-stream.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { LogInForm } from '../log-in/log-in-form.tsx'
import { useInHand, useRider } from '../rider-state.ts'
import { RideDone } from './ride-done.tsx'
import { RideRunning } from './ride-running.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { TripSpoken } from './trip-spoken.tsx'
import { UnlockFailed } from './unlock-failed.tsx'
import { UnlockSteps } from './unlock-steps.tsx'

/** One trip from the promise to the receipt, always as the server knows it: a reload shows the same. */
export function TripScreen({ tripId }: { readonly tripId: string }) {
  const { t } = useText()
  const { api, me, meLoading, reloadMe } = useRider()
  const [seen, setSeen] = useState<SeenTrip | null>(null)
  const [link, setLink] = useState<TripLink>('polling')
  const take = useCallback((trip: TripView) => setSeen({ trip, atMs: performance.now() }), [])
  const riderId = me?.riderId ?? null

  useEffect(() => {
    if (riderId === null) return
    return watchTrip({ api, tripId, onTrip: take, onLink: setLink })
  }, [api, tripId, riderId, take])

  const over = seen !== null && ['charged', 'failed', 'cancelled', 'ended'].includes(seen.trip.state)
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is riding changes when the trip is over
  useEffect(() => reloadMe(), [over, reloadMe])

  useInHand(seen?.trip.bikeNumber ?? null)

  if (me === null && !meLoading)
    return (
      <div className="page">
        <LogInForm reason={t('login.to_see_ride')} onDone={reloadMe} />
      </div>
    )
  return (
    <div className="page stack">
      {link === 'lost' && (
        <p className="notice warn" role="status">
          {t('trip.no_connection')}
        </p>
      )}
      {seen === null ? (
        <FirstLook tripId={tripId} waiting={link !== 'lost'} />
      ) : (
        <>
          <TripSpoken trip={seen.trip} />
          <TripByState seen={seen} onTrip={take} />
        </>
      )}
    </div>
  )
}

function FirstLook({ tripId, waiting }: { readonly tripId: string; readonly waiting: boolean }) {
  const { t } = useText()
  const { api, me } = useRider()
  const first = useAnswer<TripView>(me === null || waiting ? null : `trip:${tripId}`, () =>
    api.get(`/v1/trips/${tripId}`),
  )
  return first.refused === null ? (
    <Waiting text={t('trip.loading')} />
  ) : (
    <RefusalNotice refused={first.refused} onAgain={first.again} />
  )
}

function TripByState({ seen, onTrip }: { readonly seen: SeenTrip; readonly onTrip: (trip: TripView) => void }) {
  const { api } = useRider()
  const { trip } = seen
  const bike = useAnswer<BikeByCode>(`terms:${trip.bikeNumber}`, () => api.get(`/v1/bikes/by-code/${trip.bikeNumber}`))
  const terms = bike.value?.terms ?? null
  switch (trip.state) {
    case 'promised':
    case 'unlocking':
      return <UnlockSteps seen={seen} onTrip={onTrip} />
    case 'failed':
    case 'cancelled':
      return <UnlockFailed trip={trip} />
    case 'riding':
    case 'paused':
    case 'ending':
      return <RideRunning seen={seen} terms={terms} onTrip={onTrip} />
    case 'ended':
    case 'charged':
      return <RideDone seen={seen} terms={terms} onTrip={onTrip} />
  }
}
