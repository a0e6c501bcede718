import type { KeyObject } from 'node:crypto'
import { beijingTime } from './core/beijing-time.ts'
import { type Fault, hitOf } from './core/faults.ts'
import { afterAttempt, type Pending } from './core/notification-queue.ts'
import type { FaultBox } from './fault-box.ts'
import type { Provider } from './provider.ts'
import { signedForm } from './signing.ts'

export interface NotifierDeps {
  readonly provider: Provider
  readonly faults: FaultBox
  readonly privateKey: KeyObject
  readonly nowMs: () => number
  readonly timeScale: number
  readonly log: (line: string) => void
}

export interface Notifier {
  /** Sends what is due; resolves when these attempts, and those already on their way, have ended. */
  readonly sendDue: () => Promise<void>
  /** Stops taking new notifications; resolves when none is on its way. */
  readonly stop: () => Promise<void>
}

const attemptTimeoutMs = 5_000
const maxInFlight = 8
/** A merchant that answers more than this has not answered `success`. */
const maxAnswerBytes = 4_096
/** A reordered notification waits for a later one to overtake it, but no longer than this. */
const overtakeWaitMs = 2_000
/** How old an `old-notification-timestamp` is: older than the 15 minutes that a careful merchant allows. */
const oldTimestampMs = 3_600_000

/** Sends notifications until they are acknowledged or Alipay's schedule ends. */
export function newNotifier(deps: NotifierDeps): Notifier {
  const inFlight = new Map<string, Promise<void>>()
  const overtakers: (() => void)[] = []
  const stopping = new AbortController()

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      stopping.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })

  const overtaken = (): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => overtakers.push(resolve)), wait(overtakeWaitMs)])

  const attempt = async (pending: Pending): Promise<void> => {
    const hits = deps.faults.draw('notification', { target: pending.notification.notifyType })
    const delay = hitOf(hits, 'delay-notification')
    if (delay !== undefined) await wait(delay.delayMs)
    if (hitOf(hits, 'reorder-notification') !== undefined) await overtaken()
    // Stopped while held back: nothing was sent, so it stays due and goes out after the next start.
    if (stopping.signal.aborted) return
    const isDropped = hitOf(hits, 'drop-notification') !== undefined
    let isAcknowledged = !isDropped && (await post(deps, pending, hits))
    if (hitOf(hits, 'duplicate-notification') !== undefined && !isDropped)
      isAcknowledged = (await post(deps, pending, hits)) || isAcknowledged
    await deps.provider.settleAttempt(pending, afterAttempt(pending, isAcknowledged, deps.nowMs(), deps.timeScale))
    for (const overtake of overtakers.splice(0)) overtake()
  }

  const sendDue = async (): Promise<void> => {
    const nowMs = deps.nowMs()
    const due = [...deps.provider.pending().values()]
      .filter((pending) => pending.dueMs <= nowMs && !inFlight.has(pending.notification.notifyId))
      .sort((a, b) => a.dueMs - b.dueMs)
      .slice(0, Math.max(0, maxInFlight - inFlight.size))
    if (stopping.signal.aborted) return
    for (const pending of due) {
      const { notifyId } = pending.notification
      inFlight.set(
        notifyId,
        attempt(pending).finally(() => inFlight.delete(notifyId)),
      )
    }
    await Promise.all(inFlight.values())
  }

  return {
    sendDue,
    stop: async () => {
      stopping.abort()
      await Promise.allSettled(inFlight.values())
    },
  }
}

/** One POST; true when the merchant answered exactly `success`. */
async function post(deps: NotifierDeps, pending: Pending, hits: readonly Fault[]): Promise<boolean> {
  const ageMs = hitOf(hits, 'old-notification-timestamp') === undefined ? 0 : oldTimestampMs
  const form = signedForm(deps.privateKey, {
    ...pending.notification.fields,
    notify_time: beijingTime(deps.nowMs() - ageMs),
  })
  const body = hitOf(hits, 'corrupt-notification-signature') === undefined ? form : corruptSign(form)
  try {
    const response = await fetch(pending.notification.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(attemptTimeoutMs),
    })
    return (await readShort(response)) === 'success'
  } catch (error) {
    deps.log(`notify ${pending.notification.notifyId} failed: ${error instanceof Error ? error.message : 'unknown'}`)
    return false
  }
}

async function readShort(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body === null) return ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxAnswerBytes) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Still base64 of the right length, but another number. */
function corruptSign(form: string): string {
  const parameters = new URLSearchParams(form)
  const sign = parameters.get('sign') ?? ''
  parameters.set('sign', `${sign.startsWith('A') ? 'B' : 'A'}${sign.slice(1)}`)
  return parameters.toString()
}
