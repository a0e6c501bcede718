import { useRef } from 'react'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { useRider } from '../rider-state.ts'
import { searchId } from '../search-id.ts'

export interface NearBikes {
  readonly bikes: readonly BikeNear[]
  readonly loading: boolean
  readonly refused: Refused | null
  readonly again: () => void
}

const radiusM = 1_500
const mostBikes = 120
const lookAgainEveryMs = 15_000
const none: readonly BikeNear[] = []
interface NearAnswer {
  readonly bikes: readonly BikeNear[]
}

/**
 * Free bikes around a point, nearest first. The last answer stays while a new place is asked. Only a look around the
 * rider's own place `here` is a search; the others are moves of the map.
 */
export function useNearBikes(point: MapPoint | null, here: MapPoint | null): NearBikes {
  const { api } = useRider()
  const isSearch = point !== null && point.lon === here?.lon && point.lat === here.lat
  const place = point === null ? '' : `lon=${point.lon.toFixed(5)}&lat=${point.lat.toFixed(5)}`
  const asked = isSearch ? `${place}&search=${searchId}` : place
  const answer = useAnswer<NearAnswer>(
    point === null ? null : `near:${asked}`,
    () => api.get<NearAnswer>(`/v1/bikes?${asked}&radiusM=${radiusM}&limit=${mostBikes}`),
    lookAgainEveryMs,
  )
  const last = useRef(none)
  if (answer.value !== null) last.current = answer.value.bikes
  return { bikes: last.current, loading: answer.loading, refused: answer.refused, again: answer.again }
}
