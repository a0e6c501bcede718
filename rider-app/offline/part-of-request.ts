/** `page`: a screen of this app; `tile`: of the map; `file`: of the app, its name holds its hash. */
export type RequestPart = 'page' | 'tile' | 'file'

/** The rider lives at the root, beside the desk, the crew, receipts, the demo and the API: it takes these addresses only. */
const screens = /^\/(?:(?:b|trip|mine|rides)(?:\/.*)?)?$/
const files = /^\/assets\/[^/]+-[A-Za-z0-9_-]{8}\.(?:js|css|woff2|wasm)$/

/** What the rider's service worker answers a request with; null leaves it to the network, as all of /v1. */
export function partOfRequest(
  request: { readonly method: string; readonly mode: string; readonly url: string },
  origin: string,
): RequestPart | null {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== origin) return null
  if (request.mode === 'navigate') return screens.test(url.pathname) ? 'page' : null
  if (url.pathname.startsWith('/tiles/')) return 'tile'
  return files.test(url.pathname) ? 'file' : null
}
