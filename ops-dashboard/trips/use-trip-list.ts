import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { StaffTrips } from '../../contracts/http/staff-trips.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'
import { dayInCity } from './city-moment.ts'
import { type TripsView, tripsQuestion, writeTripsView } from './trips-address.ts'

/** Running prices tick by the minute; a change of any trip is told at once. */
const lookEveryMs = 30_000
/** In a large city trips change many times a second: the list is asked for again no more often than this. */
const lookAgainAfterMs = 2_000

/** The pages of a list that were opened so far, kept new. */
export function useTripList(view: TripsView) {
  const queries = useQueryClient()
  const { q: _q, sort: _sort, ...listed } = view
  const key = ['trips', writeTripsView({ ...listed, q: '', sort: 'asked' })]
  const asked = useInfiniteQuery<StaffTrips, AskFault, InfiniteData<StaffTrips>, string[], string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: ({ pageParam }) => valueOrThrow<StaffTrips>(opsApi.get(tripsQuestion(view, dayInCity, pageParam))),
    getNextPageParam: (last) => last.next,
    refetchInterval: view.tab === 'active' ? lookEveryMs : false,
    enabled: view.q === '',
  })
  useLookAgain(() => void queries.invalidateQueries({ queryKey: ['trips'] }))
  return asked
}

/** Calls back after what trips of the desk have changed, together for all changes of a short while. */
export function useLookAgain(lookAgain: () => void, isOurs: (event: DeskEvent) => boolean = () => true): void {
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(
    () => () => {
      if (waiting.current !== null) clearTimeout(waiting.current)
    },
    [],
  )
  useDeskEvents((event) => {
    if (event.kind !== 'again' && (event.kind !== 'trip' || !isOurs(event))) return
    waiting.current ??= setTimeout(() => {
      waiting.current = null
      lookAgain()
    }, lookAgainAfterMs)
  })
}
