import { useCallback, useEffect, useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { lastKnown, remember } from '../../ui-kit/offline/last-known.ts'
import { useRider } from '../rider-state.ts'

interface Trips {
  readonly trips: readonly TripView[]
}
interface KnownRides extends Trips {
  readonly riderId: string
}
export const ridesAtOnce = 20

export interface Rides {
  /** Null while nothing is known. */
  readonly rides: readonly TripView[] | null
  /** When they were true, on this device's clock, where the server cannot be asked. */
  readonly knownAtMs: number | null
  readonly hasOlder: boolean
  readonly loading: boolean
  readonly loadingOlder: boolean
  readonly refused: Refused | null
  readonly again: () => void
  readonly older: () => void
}

/** Rides, newest first, page by page. The first page is kept on this device for when there is no network. */
export function useRides(riderId: string): Rides {
  const { api } = useRider()
  const first = useAnswer<Trips>(`trips:${riderId}`, () => api.get(`/v1/trips?limit=${ridesAtOnce}`))
  const [more, setMore] = useState<readonly TripView[]>([])
  const [ended, setEnded] = useState(false)
  const [loadingOlder, setLoadingOlder] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [kept] = useState(() => {
    const known = lastKnown<KnownRides>('rides')
    return known?.value.riderId === riderId ? known : null
  })
  useEffect(() => {
    if (first.value !== null) remember('rides', { riderId, trips: first.value.trips } satisfies KnownRides)
  }, [first.value, riderId])
  const fresh = first.value === null ? null : [...first.value.trips, ...more]
  const last = fresh?.at(-1)?.createdAt
  const older = useCallback(async () => {
    if (last === undefined) return
    setLoadingOlder(true)
    const answer = await api.get<Trips>(`/v1/trips?limit=${ridesAtOnce}&before=${last}`)
    setLoadingOlder(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind !== 'ok') return
    setMore((before) => [...before, ...answer.value.trips])
    if (answer.value.trips.length < ridesAtOnce) setEnded(true)
  }, [api, last])
  const isKept = fresh === null && !first.loading && kept !== null
  return {
    rides: fresh ?? (isKept ? kept.value.trips : null),
    knownAtMs: isKept ? kept.atMs : null,
    hasOlder: !ended && (first.value?.trips.length ?? 0) === ridesAtOnce,
    loading: first.loading,
    loadingOlder,
    refused: refused ?? first.refused,
    again: () => {
      setRefused(null)
      first.again()
    },
    older: () => void older(),
  }
}
