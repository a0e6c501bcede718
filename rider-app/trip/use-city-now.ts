import { useEffect, useState } from 'react'
import { cityNow } from '../../ui-kit/ride-clock.ts'
import { useRider } from '../rider-state.ts'
import type { SeenTrip } from './seen-trip.ts'

const tickMs = 500

/** City time, ticking on this screen between two words of the server. While a person rides, the city runs at 1. */
export function useCityNow(seen: SeenTrip): number {
  const { config } = useRider()
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  const speed = config?.demo === true ? 1 : (config?.citySpeed ?? 1)
  return cityNow({ cityTime: seen.trip.cityTime, atMs: seen.atMs, speed }, nowMs)
}
