import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { Night, NightView } from './crew-night.ts'

const NightContext = createContext<Night | null>(null)
export const NightProvider = NightContext.Provider

export function useNight(): Night & { readonly now: NightView } {
  const night = useContext(NightContext)
  if (night === null) throw new Error('a screen was drawn outside of the crew app')
  const now = useSyncExternalStore(night.subscribe, night.view)
  return { ...night, now }
}

const clockTickMs = 15_000

/** City time for ages and arrival times, fresh to a quarter of a minute. */
export function useCityTime(): number {
  const { cityNow } = useNight()
  const [nowMs, setNowMs] = useState(cityNow)
  useEffect(() => {
    const tick = () => setNowMs(cityNow())
    tick()
    const timer = setInterval(tick, clockTickMs)
    return () => clearInterval(timer)
  }, [cityNow])
  return nowMs
}
