import { useCallback, useEffect, useState } from 'react'
import { distanceM } from '../../ui-kit/distance.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { isPlaceRefused } from '../../ui-kit/place-refused.ts'

export interface OwnPlace {
  readonly here: MapPoint | null
  readonly status: 'unasked' | 'asking' | 'found' | 'refused'
  readonly ask: () => void
}

const movedM = 12
const fixWaitMs = 15_000

/** Follows the phone's own place for as long as the screen lives, at once only where that was allowed before. */
export function useOwnPlace(): OwnPlace {
  const [here, setHere] = useState<MapPoint | null>(null)
  const [status, setStatus] = useState<OwnPlace['status']>('unasked')
  const [wanted, setWanted] = useState(false)
  const ask = useCallback(() => {
    setStatus('asking')
    setWanted(true)
  }, [])

  useEffect(() => {
    if (!('permissions' in navigator)) return
    void navigator.permissions.query({ name: 'geolocation' }).then((permission) => {
      if (permission.state === 'granted') ask()
    })
  }, [ask])

  useEffect(() => {
    if (!wanted) return
    if (!('geolocation' in navigator)) return setStatus('refused')
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        const point = { lon: coords.longitude, lat: coords.latitude }
        setHere((before) => (before !== null && distanceM(before, point) < movedM ? before : point))
        setStatus('found')
      },
      (error) => {
        // Between high houses there may be no fix for a while: only a no of the person's is the end of it.
        if (!isPlaceRefused(error)) return
        setStatus('refused')
        setWanted(false)
      },
      { enableHighAccuracy: true, timeout: fixWaitMs, maximumAge: 5_000 },
    )
    return () => navigator.geolocation.clearWatch(watch)
  }, [wanted])
  return { here, status, ask }
}
