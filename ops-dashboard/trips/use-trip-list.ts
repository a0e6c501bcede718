import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import type { StaffTrips } from '../../contracts/http/staff-trips.ts'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'
import { dayInCity } from './city-moment.ts'
import { type TripsView, tripsQuestion, writeTripsView } from './trips-address.ts'

/** Running prices tick by the minute; a change of any trip is told at once. */
const lookEveryMs = 30_000

/** The pages of a list that were opened so far, kept new. */
export function useTripList(view: TripsView) {
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
  useLookAgain(['trips'], ({ kind }) => kind === 'trip')
  return asked
}
