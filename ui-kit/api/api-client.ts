import type { Problem, RefusalCode } from '../../contracts/refusals.ts'

/** Why nothing came back: a refusal of the server's, or the way to it. Each is a text key `refusal.<code>`. */
export type FailureCode = RefusalCode | 'offline' | 'timeout' | 'unreachable'
export interface Refused {
  readonly kind: 'refused'
  readonly code: FailureCode
  readonly detail?: string
  readonly requestId?: string
  /** No word of our server's: the code only stands for the status that something on the way answered with. */
  readonly isGuess?: true
}
export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refused

export interface SendOptions {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON, but a Blob as it is, with its own type. */
  readonly body?: unknown
  /** For what takes longer than an answer does: a picture over a bad connection. */
  readonly timeoutMs?: number
  /** The same for every try of one gesture of a person, so that a repeat costs nothing. */
  readonly gestureKey?: string
  /** Wall clock after which it is not tried again: a phone that slept between two tries wakes up somewhere else. */
  readonly freshUntilMs?: number
}
export interface Api {
  readonly get: <T>(path: string) => Promise<Answer<T>>
  readonly send: <T>(path: string, options: SendOptions) => Promise<Answer<T>>
}

const requestTimeoutMs = 12_000
const maxTries = 3
const pauseBetweenTriesMs = 700

/** Talks to our own server at the page's origin, with its cookie. Never throws; unsafe requests carry the app's name. */
export function createApi(app: 'rider' | 'ops' | 'crew'): Api {
  return {
    get: (path) => withTries(() => once(path, { headers: { accept: 'application/json' } })),
    send: (path, options) => {
      const init: RequestInit = {
        method: options.method,
        headers: {
          accept: 'application/json',
          'x-zwerm-app': app,
          ...(options.body === undefined ? {} : { 'content-type': typeOf(options.body) }),
          ...(options.gestureKey === undefined ? {} : { 'idempotency-key': options.gestureKey }),
        },
        ...(options.body === undefined ? {} : { body: bodyOf(options.body) }),
      }
      const repeatable = options.gestureKey !== undefined || options.method !== 'POST'
      const attempt = () => once<never>(path, init, options.timeoutMs)
      return repeatable ? withTries(attempt, options.freshUntilMs) : attempt()
    },
  }
}

const typeOf = (body: unknown) => (body instanceof Blob ? body.type : 'application/json')
const bodyOf = (body: unknown) => (body instanceof Blob ? body : JSON.stringify(body))

async function withTries<T>(
  attempt: () => Promise<Answer<T>>,
  freshUntilMs = Number.POSITIVE_INFINITY,
): Promise<Answer<T>> {
  let answer = await attempt()
  for (let tries = 1; tries < maxTries && answer.kind === 'refused' && mayPass(answer.code); tries++) {
    await new Promise((resolve) => setTimeout(resolve, pauseBetweenTriesMs * tries))
    if (Date.now() > freshUntilMs) return answer
    const next = await attempt()
    // An earlier try may have been heard, so `offline` would be untrue: it says that nothing was sent.
    if (next.kind === 'refused' && next.code === 'offline') return answer
    answer = next
  }
  return answer
}

/** Without a word of our server: it may have heard it or not, and asking the same again is the way to know. */
export const isUnheard = (code: FailureCode): boolean =>
  ['offline', 'timeout', 'unreachable', 'server_fault', 'shutting_down'].includes(code)

/** The same, or it is too busy for us: it passes, and the same may be asked again. */
export const isNetworkTrouble = (code: FailureCode): boolean => isUnheard(code) || code === 'too_many_requests'

const mayPass = (code: FailureCode) => code === 'unreachable' || code === 'timeout' || code === 'shutting_down'

async function once<T>(path: string, init: RequestInit, timeoutMs = requestTimeoutMs): Promise<Answer<T>> {
  const wasOffline = typeof navigator !== 'undefined' && navigator.onLine === false
  try {
    const response = await fetch(path, {
      ...init,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) return refusedBy(response.status, await readJson(response))
    if (response.status === 204) return { kind: 'ok', value: undefined as T }
    const value = await readJson(response)
    return value === undefined
      ? { kind: 'refused', code: 'server_fault', isGuess: true }
      : { kind: 'ok', value: value as T }
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === 'TimeoutError') return { kind: 'refused', code: 'timeout' }
    // Only without a network from the beginning is it sure that nothing left this device.
    return { kind: 'refused', code: wasOffline ? 'offline' : 'unreachable' }
  }
}

/** The refusal in a problem+json answer; a proxy's own error page is told by its status. */
export function refusedBy(status: number, body: unknown): Refused {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  const code = typeof problem.code === 'string' ? problem.code : status >= 502 ? 'unreachable' : codeOfStatus(status)
  return {
    kind: 'refused',
    code: code as FailureCode,
    ...(typeof problem.code === 'string' || code === 'unreachable' ? {} : { isGuess: true }),
    ...(typeof problem.detail === 'string' ? { detail: problem.detail } : {}),
    ...(typeof problem.requestId === 'string' ? { requestId: problem.requestId } : {}),
  }
}

function codeOfStatus(status: number): RefusalCode {
  if (status === 401) return 'log_in_first'
  if (status === 403) return 'not_allowed'
  if (status === 404) return 'not_found'
  if (status === 429) return 'too_many_requests'
  return status < 500 ? 'bad_request' : 'server_fault'
}

/** An empty answer is an empty object; undefined: it is no JSON at all. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined
    throw fault
  }
}
