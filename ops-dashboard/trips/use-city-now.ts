import { useEffect, useState } from 'react'
import { appConfig } from '../../ui-kit/api/app-config.ts'
import { cityNow } from '../../ui-kit/ride-clock.ts'
import { opsApi } from '../ops-api.ts'

const tickMs = 1_000

/**
 * City time that goes on between two answers of the server.
 * @param cityTime of the newest answer; null: none yet   @param answeredAtMs when that came, by this device
 */
export function useCityNow(cityTime: number | null, answeredAtMs: number): number | null {
  const [nowMs, setNow] = useState(() => Date.now())
  const [speed, setSpeed] = useState(1)
  useEffect(() => {
    void appConfig(opsApi).then((config) => setSpeed(config.citySpeed))
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return cityTime === null ? null : cityNow({ cityTime, atMs: answeredAtMs, speed }, nowMs)
}
