import { useLocation, useRoute } from 'wouter'
import type { TripView } from '../contracts/http/trips.ts'
import { useAnswer } from '../ui-kit/api/use-answer.ts'
import { VirtualBikePanel } from '../ui-kit/demo/virtual-bike-panel.tsx'
import { useRider } from './rider-state.ts'

const lookEveryMs = 4_000

/** Stands in for the bike in the hand: the one of this page, or the nearest ones to walk to. */
export function DemoDock() {
  const { api, config } = useRider()
  const [, navigate] = useLocation()
  const [onBike, bikePage] = useRoute('/b/:code')
  const [onTrip, tripPage] = useRoute('/trip/:id')
  const tripId = onTrip ? tripPage.id : null
  const trip = useAnswer<TripView>(
    tripId === null ? null : `dock:${tripId}`,
    () => api.get(`/v1/trips/${tripId}`),
    lookEveryMs,
  )
  if (config === null) return null
  const wanted = onBike ? bikePage.code : (trip.value?.bikeNumber ?? null)
  return <VirtualBikePanel api={api} centre={config.centre} wanted={wanted} onTake={(code) => navigate(`/b/${code}`)} />
}
