import type { CrewRoute } from '../../contracts/http/crews.ts'
import { tileUrl } from '../../ui-kit/offline/map-tiles.ts'
import { tilesOfRoute } from './tiles-of-route.ts'

/** Also in service-worker.ts, which answers from it. */
const tileCache = 'zwerm-crew-tiles'
const tilesAtOnce = 6
const tileTimeoutMs = 15_000

export interface TilePlace {
  /** With `{z}`, `{x}` and `{y}`. */
  readonly tilesUrl: string
  readonly minZoom: number
  readonly maxZoom: number
}

/**
 * Stores the map of a route's area, what is stored already is not asked for again, and drops tiles of earlier nights.
 * @param onProgress told after each tile
 * @returns how many are stored; fewer than wanted when the network failed
 */
export async function storeTiles(
  route: CrewRoute,
  place: TilePlace,
  onProgress: (stored: number, wanted: number) => void,
  isStopped: () => boolean,
): Promise<{ readonly stored: number; readonly wanted: number }> {
  const tiles = tilesOfRoute(route, { min: place.minZoom, max: place.maxZoom })
  const urls = tiles.map((tile) => tileUrl(place.tilesUrl, tile))
  const cache = await caches.open(tileCache)
  const wantedUrls = new Set(urls.map((url) => new URL(url, location.origin).href))
  const kept = await cache.keys()
  for (const old of kept) if (!wantedUrls.has(old.url)) await cache.delete(old)
  const have = new Set(kept.map((request) => request.url))
  const missing = [...wantedUrls].filter((url) => !have.has(url))
  let stored = wantedUrls.size - missing.length
  let isAway = false
  onProgress(stored, wantedUrls.size)
  const worker = async () => {
    for (let url = missing.shift(); url !== undefined && !isAway && !isStopped(); url = missing.shift()) {
      if (!(await storeOne(cache, url))) isAway = true
      else onProgress(++stored, wantedUrls.size)
    }
  }
  await Promise.all(Array.from({ length: tilesAtOnce }, worker))
  return { stored, wanted: wantedUrls.size }
}

async function storeOne(cache: Cache, url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(tileTimeoutMs) })
    if (!response.ok) return false
    await cache.put(url, response)
    return true
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof DOMException) return false
    throw fault
  }
}
