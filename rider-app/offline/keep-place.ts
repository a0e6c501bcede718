import type { AppConfig } from '../../ui-kit/api/app-config.ts'
import { around, tileAt, tileUrl } from '../../ui-kit/offline/map-tiles.ts'

const smallestZoom = 11
const ring = 1
const tilesAtOnce = 4
const tileTimeoutMs = 15_000

/** Has the service worker keep the map around a place, at every zoom from the city to the street. Not on a metered wish. */
export async function keepPlace(
  place: { readonly lon: number; readonly lat: number },
  config: Pick<AppConfig, 'tilesUrl' | 'maxZoom' | 'mapboxToken'>,
): Promise<void> {
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  if (config.mapboxToken !== null || connection?.saveData === true) return
  if (navigator.serviceWorker?.controller == null) return
  const zooms = Array.from({ length: Math.max(0, config.maxZoom - smallestZoom + 1) }, (_, step) => smallestZoom + step)
  const missing = zooms.flatMap((z) => around(tileAt(place, z), ring)).map((tile) => tileUrl(config.tilesUrl, tile))
  const worker = async () => {
    for (let url = missing.shift(); url !== undefined; url = missing.shift()) {
      const init = { signal: AbortSignal.timeout(tileTimeoutMs), priority: 'low' } as RequestInit
      await fetch(url, init).then((answer) => answer.arrayBuffer())
    }
  }
  // without a network the rest waits for another day
  await Promise.allSettled(Array.from({ length: tilesAtOnce }, worker))
}
