import { keepShell } from '../../ui-kit/offline/app-shell.ts'
import { leaving } from '../../ui-kit/offline/leaving.ts'
import type { WorkerWorld } from '../../ui-kit/offline/worker-world.ts'
import { partOfRequest } from './part-of-request.ts'
import { seenTile } from './seen-tiles.ts'

const world = globalThis as unknown as WorkerWorld
const shell = keepShell(world, 'zwerm-rider-shell-', self.__WB_MANIFEST)
/** Files that are large and not needed to start (the scanner's program): kept once they were used. */
const usedCache = 'zwerm-rider-used'
const mostUsed = 12
const takeOver = 'take-over'

/** When a page said that it is being left; one that stayed after all counts as open again soon. */
const leftAt = new Map<string, number>()
const leaveLastsMs = 5_000
const isLeft = ({ id }: { readonly id: string }) => Date.now() - (leftAt.get(id) ?? 0) < leaveLastsMs

/**
 * A screen is the stored page, at once. When a newer version waits and this is the next start (no page is open, or the
 * only ones are just loaded again), the new one takes over and the browser asks it. A page that stays open is never
 * changed, nor is a ride.
 */
async function page(request: Request, pageId: string): Promise<Response> {
  const { waiting } = world.registration
  if (waiting !== null && !new URL(request.url).pathname.startsWith('/trip/')) {
    const open = await world.clients.matchAll({ type: 'window' })
    if (open.every(isLeft)) {
      waiting.postMessage(takeOver)
      // the empty page comes back at once, and perhaps before the new version is there
      leftAt.set(pageId, Date.now())
      return new Response('', { headers: { 'content-type': 'text/html', refresh: '0' } })
    }
  }
  return (await shell.page()) ?? fetch(request)
}

async function file(request: Request): Promise<Response> {
  const known = (await shell.file(request.url)) ?? (await caches.match(request.url, { cacheName: usedCache }))
  if (known !== undefined) return known
  const fresh = await fetch(request)
  if (fresh.ok) {
    const cache = await caches.open(usedCache)
    await cache.put(request.url, fresh.clone())
    const kept = await cache.keys()
    for (const old of kept.slice(0, Math.max(0, kept.length - mostUsed))) await cache.delete(old)
  }
  return fresh
}

world.addEventListener('message', (event) => {
  if (event.data === takeOver) event.waitUntil(world.skipWaiting())
  if (event.data === leaving && event.source?.id !== undefined) leftAt.set(event.source.id, Date.now())
})
world.addEventListener('fetch', (event) => {
  const { request } = event
  const isShell = request.mode !== 'navigate' && shell.has(request.url)
  const part = isShell ? 'file' : partOfRequest(request, world.location.origin)
  if (part === 'page') event.respondWith(page(request, event.resultingClientId))
  if (part === 'file') event.respondWith(file(request))
  if (part === 'tile') event.respondWith(seenTile(request, (work) => event.waitUntil(work)))
})
