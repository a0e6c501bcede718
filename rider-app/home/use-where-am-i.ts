import { useCallback, useEffect, useState } from 'react'
import { distanceM } from '../../ui-kit/distance.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { isPlaceRefused } from '../../ui-kit/place-refused.ts'

export interface WhereAmI {
  /** The phone's own place, when it may be known. */
  readonly here: MapPoint | null
  /** Around which point bikes are looked for. */
  readonly looking: MapPoint | null
  /** Where the map should go; a new object each time. */
  readonly focus: MapPoint | null
  /** `unknown`: it may be known, but the phone does not know it now. */
  readonly status: 'unasked' | 'asking' | 'found' | 'refused' | 'unknown' | 'far'
  readonly ask: () => void
  readonly around: 'me' | 'centre' | 'map'
  readonly look: (centre: MapPoint) => void
}

/** Further than this from the city, the phone's place is no place to look for bikes. */
const cityReachM = 15_000
const lookAgainAfterM = 120
const fixWaitMs = 8_000

/** The place that a link to a bike names, as `?at=lon,lat`. */
function linkedPlace(): MapPoint | null {
  const [lon = Number.NaN, lat = Number.NaN] = (new URLSearchParams(location.search).get('at') ?? '')
    .split(',')
    .map(Number.parseFloat)
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? { lon, lat } : null
}

/** The phone's place if the person allows it (asked at once only where that was allowed before), else the city's centre. */
export function useWhereAmI(centre: MapPoint | null): WhereAmI {
  const [here, setHere] = useState<MapPoint | null>(null)
  const [linked] = useState(linkedPlace)
  const [looked, setLooked] = useState<MapPoint | null>(linked)
  const [focus, setFocus] = useState<MapPoint | null>(linked)
  const [status, setStatus] = useState<WhereAmI['status']>('unasked')
  const looking = looked ?? centre

  const locate = useCallback(
    (goThere: boolean) => {
      if (centre === null || !('geolocation' in navigator)) return setStatus('refused')
      setStatus('asking')
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const point = { lon: coords.longitude, lat: coords.latitude }
          if (distanceM(point, centre) > cityReachM) return setStatus('far')
          setHere(point)
          if (goThere) {
            setLooked(point)
            setFocus({ ...point })
          }
          setStatus('found')
        },
        (error) => setStatus(isPlaceRefused(error) ? 'refused' : 'unknown'),
        { enableHighAccuracy: true, timeout: fixWaitMs, maximumAge: 30_000 },
      )
    },
    [centre],
  )
  const ask = useCallback(() => locate(true), [locate])

  useEffect(() => {
    if (centre === null || !('permissions' in navigator)) return
    void navigator.permissions.query({ name: 'geolocation' }).then((permission) => {
      if (permission.state === 'granted') locate(linked === null)
    })
  }, [locate, linked, centre])

  const look = useCallback(
    (point: MapPoint) => {
      setLooked((before) => {
        const from = before ?? centre
        return from !== null && distanceM(from, point) < lookAgainAfterM ? before : point
      })
    },
    [centre],
  )
  const around = looking === null || looking === centre ? 'centre' : looking === here ? 'me' : 'map'
  return { here, looking, focus, status, ask, look, around }
}
