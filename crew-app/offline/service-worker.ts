/** The parts of a service worker's world that are used: the UIs are checked against the page's types. */
interface WorkerWorld {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void
}
interface Asked extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
declare global {
  interface Window {
    /** Written in by the build: every file of this app, with its hash. */
    readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[]
  }
}
const world = globalThis as unknown as WorkerWorld
const files = self.__WB_MANIFEST
const version = [...files.map(({ url, revision }) => `${url}:${revision ?? ''}`).join()].reduce(
  (hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0,
  7,
)
const shellPrefix = 'zwerm-crew-shell-'
const shellCache = `${shellPrefix}${(version >>> 0).toString(36)}`
const indexUrl = new URL('./index.html', world.location.href).href
const fileUrls = new Set(files.map(({ url }) => new URL(url, world.location.href).href))

/**
 * The whole app is stored before this version takes over, and that is when no page of the one before is open: a shift is
 * worked with one version. A file with a hash in its name is taken from the one before.
 */
async function storeShell(): Promise<void> {
  const cache = await caches.open(shellCache)
  for (const url of fileUrls) {
    if ((await cache.match(url)) !== undefined) continue
    const known = /-[A-Za-z0-9_-]{8}\.\w+$/.test(url) ? await caches.match(url) : undefined
    const file = known ?? (await fetch(url, { cache: 'no-cache' }))
    if (!file.ok) throw new Error(`${url} cannot be stored: ${file.status}`)
    await cache.put(url, file)
  }
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(shellPrefix) && name !== shellCache)
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** Pages of the app: the stored index, at once. Its files and tiles: stored first. All else, and all of /v1: the network. */
async function answer(request: Request): Promise<Response> {
  if (request.mode === 'navigate') {
    return (await caches.match(indexUrl, { cacheName: shellCache })) ?? fetch(request)
  }
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request)
}

const isOurs = (request: Request): boolean => {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== world.location.origin) return false
  if (request.mode === 'navigate') return url.pathname.startsWith('/crew/')
  return fileUrls.has(request.url) || url.pathname.startsWith('/tiles/')
}

world.addEventListener('install', (event) => event.waitUntil(storeShell()))
world.addEventListener('activate', (event) => event.waitUntil(dropOldShells().then(() => world.clients.claim())))
world.addEventListener('fetch', (event) => {
  if (isOurs(event.request)) event.respondWith(answer(event.request))
})

export {}
