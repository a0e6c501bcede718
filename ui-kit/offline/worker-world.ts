/** The parts of a service worker's world that are used: the UIs are checked against the page's types. */
export interface WorkerWorld {
  readonly location: Location
  readonly registration: { readonly waiting: { postMessage(message: string): void } | null }
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: { readonly type: 'window' }): Promise<readonly { readonly id: string }[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Asked) => void): void
  addEventListener(type: 'message', listener: (event: Said) => void): void
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void
}
interface Said extends Lasting {
  readonly data: unknown
  /** The page that says it; null: a worker does. */
  readonly source: { readonly id?: string } | null
}
interface Asked extends Lasting {
  readonly request: Request
  /** Of the page that a navigation will open. */
  readonly resultingClientId: string
  respondWith(answer: Promise<Response>): void
}
/** A file of the app as the build lists it; one without a revision has its hash in its name. */
export interface BuiltFile {
  readonly url: string
  readonly revision: string | null
}
declare global {
  interface Window {
    /** Written in by the build: every file of this app, with its hash. */
    readonly __WB_MANIFEST: readonly BuiltFile[]
  }
}
