import { useCallback, useEffect, useState } from 'react'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { isPlaceRefused } from '../../ui-kit/place-refused.ts'

const fixWaitMs = 8_000
const fixAgeMs = 30_000

/** `unknown`: it may be known, but the phone does not know it now. */
type PlaceStatus = 'unasked' | 'asking' | 'found' | 'refused' | 'unknown'

/** The phone's place: at once where that was allowed before, else when the rider asks for it. */
export function usePlace(): {
  readonly here: MapPoint | null
  readonly status: PlaceStatus
  readonly ask: () => void
} {
  const [here, setHere] = useState<MapPoint | null>(null)
  const [status, setStatus] = useState<PlaceStatus>('unasked')
  const ask = useCallback(() => {
    if (!('geolocation' in navigator)) return setStatus('refused')
    setStatus('asking')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setHere({ lon: coords.longitude, lat: coords.latitude })
        setStatus('found')
      },
      (error) => setStatus(isPlaceRefused(error) ? 'refused' : 'unknown'),
      { enableHighAccuracy: true, timeout: fixWaitMs, maximumAge: fixAgeMs },
    )
  }, [])
  useEffect(() => {
    if (!('permissions' in navigator)) return
    void navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => {
      if (state === 'granted') ask()
    })
  }, [ask])
  return { here, status, ask }
}
