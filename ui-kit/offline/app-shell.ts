import type { BuiltFile, WorkerWorld } from './worker-world.ts'

export interface AppShell {
  readonly has: (url: string) => boolean
  /** The page that every address inside the app gets. */
  readonly page: () => Promise<Response | undefined>
  readonly file: (url: string) => Promise<Response | undefined>
}

const hashedName = /-[A-Za-z0-9_-]{8}\.\w+$/

/**
 * Stores one version of an app whole before it takes over, and drops the versions before it. That is when no page of the
 * one before is open: a shift or a ride is made with one version.
 * @param prefix of the caches' names, one for each app
 */
export function keepShell(world: WorkerWorld, prefix: string, files: readonly BuiltFile[]): AppShell {
  const name = `${prefix}${versionOf(files)}`
  const indexUrl = new URL('./index.html', world.location.href).href
  const urls = new Set(files.map(({ url }) => new URL(url, world.location.href).href))

  const store = async () => {
    const cache = await caches.open(name)
    for (const url of urls) {
      if ((await cache.match(url)) !== undefined) continue
      // a name with a hash means the same bytes for ever: from the version before, or as the page has just loaded it
      const isHashed = hashedName.test(url)
      const known = isHashed ? await caches.match(url) : undefined
      const file = known ?? (await fetch(url, { cache: isHashed ? 'default' : 'no-cache' }))
      if (!file.ok) throw new Error(`${url} cannot be stored: ${file.status}`)
      await cache.put(url, file)
    }
  }
  const dropOld = async () => {
    const old = (await caches.keys()).filter((one) => one.startsWith(prefix) && one !== name)
    await Promise.all(old.map((one) => caches.delete(one)))
  }
  world.addEventListener('install', (event) => event.waitUntil(store()))
  world.addEventListener('activate', (event) => event.waitUntil(dropOld().then(() => world.clients.claim())))
  return {
    has: (url) => urls.has(url),
    page: () => caches.match(indexUrl, { cacheName: name }),
    file: (url) => caches.match(url, { cacheName: name, ignoreVary: true }),
  }
}

function versionOf(files: readonly BuiltFile[]): string {
  const listed = files.map(({ url, revision }) => `${url}:${revision ?? ''}`).join()
  const hash = [...listed].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7)
  return (hash >>> 0).toString(36)
}
