import { useEffect } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const name = 'Zwerm'

/** The tab and the frame of the app say that a ride runs, also when another tab is looked at. */
export function useRideTitle(trip: Pick<TripView, 'state' | 'bikeNumber'> | null): void {
  const { t } = useText()
  const state = trip?.state ?? null
  const title =
    trip === null ? name : `${t(`trip.state.${trip.state}`)} · ${formatBikeNumber(trip.bikeNumber)} · ${name}`
  useEffect(() => {
    document.title = title
    return () => {
      document.title = name
    }
  }, [title])
  useEffect(() => {
    const runs = state === 'riding' || state === 'paused' || state === 'ending'
    if (!runs) return
    document.documentElement.dataset.ride = state
    return () => {
      delete document.documentElement.dataset.ride
    }
  }, [state])
}
