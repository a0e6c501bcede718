import { useEffect } from 'react'
import { useOnline } from '../../ui-kit/use-online.ts'
import { useNight } from '../night/use-night.ts'

const tellEvery = 10

/** Stores the map of the route that is ours, and goes on with it when the network is back. */
export function useStoredMap(): void {
  const { now, setFact } = useNight()
  const online = useOnline()
  const routeId = now.route?.routeId ?? null
  const config = now.facts.config
  const tilesUrl = config?.tilesUrl ?? null
  const { tiles } = now.facts
  const isStored = tiles !== undefined && tiles.routeId === routeId && tiles.stored >= tiles.wanted

  // biome-ignore lint/correctness/useExhaustiveDependencies: a route's area is stored once, not after each act
  useEffect(() => {
    const { route } = now
    if (route === null || config === undefined || !online || isStored || !('caches' in globalThis)) return
    let stopped = false
    const tell = (stored: number, wanted: number) => setFact('tiles', { routeId: route.routeId, stored, wanted })
    const onProgress = (stored: number, wanted: number) => {
      if (stored % tellEvery === 0 && stored < wanted && !stopped) void tell(stored, wanted)
    }
    void navigator.storage?.persist?.()
    void import('./tile-store.ts')
      .then(({ storeTiles }) => storeTiles(route, config, onProgress, () => stopped))
      .then(({ stored, wanted }) => {
        if (!stopped) void tell(stored, wanted)
      })
    return () => {
      stopped = true
    }
  }, [routeId, tilesUrl, online, isStored])
}
