import './trip.css'
import { Suspense, useEffect, useState } from 'react'
import type { BikeByCode } from '../../contracts/http/bikes.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { LogInFirst } from '../log-in/log-in-first.tsx'
import { useInHand, useRider } from '../rider-state.ts'
import { LinkNotice } from './link-notice.tsx'
import { RideDone } from './ride-done.tsx'
import { RideRunning } from './ride-running.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { TripSpoken } from './trip-spoken.tsx'
import { UnlockFailed } from './unlock-failed.tsx'
import { UnlockSteps } from './unlock-steps.tsx'
import { useRideTitle } from './use-ride-title.ts'
import { useTrip, type WatchedTrip } from './use-trip.ts'
import { useTripAct } from './use-trip-act.ts'

/** One trip from the promise to the receipt, always as the server knows it: a reload or another device shows the same. */
export function TripScreen({ tripId }: { readonly tripId: string }) {
  const { t } = useText()
  const { me, reloadMe } = useRider()
  const trip = useTrip(tripId)
  const { seen, refused } = trip
  const over = seen !== null && ['charged', 'failed', 'cancelled', 'ended'].includes(seen.trip.state)
  const riderFree = seen?.trip.riderFree === true
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is riding changes when the trip is over
  useEffect(() => reloadMe(), [over, riderFree, reloadMe])
  useInHand(seen?.trip.bikeNumber ?? null)
  useRideTitle(seen?.trip ?? null)

  if (me === null)
    return (
      <div className="page">
        <LogInFirst reason={t('login.to_see_ride')} />
      </div>
    )
  return (
    <div className="page stack trip">
      <TripSpoken trip={seen?.trip ?? null} />
      <LinkNotice watched={trip} />
      {seen !== null && <TripByState watched={trip} seen={seen} />}
      {seen === null && refused !== null && <RefusalNotice refused={refused} onAgain={() => location.reload()} />}
      {seen === null && refused === null && <Waiting text={t('trip.loading')} />}
    </div>
  )
}

function TripByState({ watched, seen }: { readonly watched: WatchedTrip; readonly seen: SeenTrip }) {
  const { t } = useText()
  const { api } = useRider()
  const { trip } = seen
  const bike = useAnswer<BikeByCode>(`terms:${trip.bikeNumber}`, () => api.get(`/v1/bikes/by-code/${trip.bikeNumber}`))
  const terms = bike.value?.terms ?? null
  // Held over a change of state: a free exit that waits for a network is still meant when the ride has ended.
  const acts = useTripAct(trip, watched.take, watched.look)
  // Told only while the trip has the bike; who looks for another one stands there also when it failed.
  const [bikeAt, setBikeAt] = useState(trip.bikePlace)
  if (trip.bikePlace !== null && bikeAt === null) setBikeAt(trip.bikePlace)
  const part = () => {
    switch (trip.state) {
      case 'promised':
      case 'unlocking':
        return <UnlockSteps seen={seen} bikeAt={bikeAt} isCutOff={watched.link === 'lost'} acts={acts} />
      case 'failed':
      case 'cancelled':
        return <UnlockFailed trip={trip} bikeAt={bikeAt} />
      case 'riding':
      case 'paused':
      case 'ending':
        return <RideRunning seen={seen} terms={terms} isCutOff={watched.link === 'lost'} acts={acts} />
      case 'ended':
      case 'charged':
        return <RideDone seen={seen} terms={terms} look={watched.look} acts={acts} />
    }
  }
  return <Suspense fallback={<Waiting text={t('trip.loading')} />}>{part()}</Suspense>
}
