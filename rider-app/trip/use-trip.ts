import { useCallback, useEffect, useRef, useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { type TripLink, type TripWatch, watchTrip } from '../../ui-kit/api/trip-stream.ts'
import { useRider } from '../rider-state.ts'
import { keepTrip, keptTrip } from './kept-trip.ts'
import type { SeenTrip } from './seen-trip.ts'

export interface WatchedTrip {
  readonly seen: SeenTrip | null
  readonly link: TripLink | 'first'
  /** Wall clock of this device when the connection was found to be lost; null while there is one. */
  readonly lostAtMs: number | null
  readonly refused: Refused | null
  readonly take: (trip: TripView) => void
  /** Something was done to the trip elsewhere on this page: ask for it. */
  readonly look: () => void
}

/** One trip as the server knows it, for as long as this rider looks at it. */
export function useTrip(tripId: string): WatchedTrip {
  const { api, me, reloadMe } = useRider()
  const [seen, setSeen] = useState<SeenTrip | null>(null)
  const [link, setLink] = useState<TripLink | 'first'>('first')
  const [lostAtMs, setLostAtMs] = useState<number | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const watch = useRef<TripWatch | null>(null)
  const riderId = me?.riderId ?? null

  const take = useCallback((trip: TripView) => {
    keepTrip(trip)
    // An answer that was on its way while a newer one came must not turn the page back.
    setSeen((before) =>
      before !== null && before.trip.cityTime > trip.cityTime ? before : { trip, atMs: performance.now() },
    )
  }, [])
  const look = useCallback(() => watch.current?.look(), [])

  useEffect(() => {
    if (riderId === null) return
    setRefused(null)
    const started = watchTrip({
      api,
      tripId,
      onTrip: take,
      onLink: (now) => {
        setLink(now)
        if (now === 'lost') setSeen((before) => before ?? keptTrip(tripId))
        setLostAtMs((before) => (now === 'lost' ? (before ?? Date.now()) : null))
      },
      onRefused: (no) => {
        setRefused(no)
        // The session has ended, here or on another device: the page stays, and asks who it is.
        if (no.code === 'log_in_first' || no.code === 'session_ended') reloadMe()
      },
    })
    watch.current = started
    return () => {
      started.stop()
      watch.current = null
      setSeen(null)
    }
  }, [api, tripId, riderId, take, reloadMe])

  return { seen, link, lostAtMs, refused, take, look }
}
