import { keepShell } from '../../ui-kit/offline/app-shell.ts'
import type { WorkerWorld } from '../../ui-kit/offline/worker-world.ts'

const world = globalThis as unknown as WorkerWorld
const shell = keepShell(world, 'zwerm-crew-shell-', self.__WB_MANIFEST)

/** Pages of the app: the stored index, at once. Its files and tiles: stored first. All else, and all of /v1: the network. */
async function answer(request: Request): Promise<Response> {
  if (request.mode === 'navigate') return (await shell.page()) ?? fetch(request)
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request)
}

const isOurs = (request: Request): boolean => {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== world.location.origin) return false
  if (request.mode === 'navigate') return url.pathname.startsWith('/crew/')
  return shell.has(request.url) || url.pathname.startsWith('/tiles/')
}

world.addEventListener('fetch', (event) => {
  if (isOurs(event.request)) event.respondWith(answer(event.request))
})
