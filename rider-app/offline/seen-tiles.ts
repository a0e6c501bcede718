const cacheName = 'zwerm-rider-tiles'
/** A tile has 10 to 40 kB: about 10 MB in all. */
export const mostTiles = 500
const largestTileBytes = 400_000
/** Tiles are thrown away so many at a time: to count them is the dear part. */
const tidyEvery = 20

/** Whose turn it is has been noted in this life of the worker. */
const touched = new Set<string>()
let stored = 0

/**
 * A tile that was seen before, at once and for ever: its address says which city it is of. What is not stored comes from
 * the network and is; of too many the least recently used go. A cache lists its entries in the order they were put in.
 */
export async function seenTile(request: Request, later: (work: Promise<unknown>) => void): Promise<Response> {
  const cache = await caches.open(cacheName)
  const known = await cache.match(request.url)
  if (known !== undefined) {
    if (!touched.has(request.url)) later(keep(cache, request.url, known.clone()))
    return known
  }
  const fresh = await fetch(request)
  const isKeepable = fresh.ok && Number(fresh.headers.get('content-length') ?? 0) < largestTileBytes
  if (isKeepable) later(keep(cache, request.url, fresh.clone()))
  return fresh
}

async function keep(cache: Cache, url: string, tile: Response): Promise<void> {
  touched.add(url)
  try {
    await cache.delete(url)
    await cache.put(url, tile)
    if (stored++ % tidyEvery === 0) await tidy(cache)
  } catch (fault) {
    // a full disk: the map goes on without being kept
    if (!(fault instanceof DOMException)) throw fault
  }
}

async function tidy(cache: Cache): Promise<void> {
  const kept = await cache.keys()
  for (const old of kept.slice(0, Math.max(0, kept.length - mostTiles))) await cache.delete(old)
}
