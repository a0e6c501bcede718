import type { CrewAct, CrewActsAnswer } from '../../contracts/http/crews.ts'
import type { Answer, Api, FailureCode } from '../../ui-kit/api/api-client.ts'
import type { Keep } from '../night/keep.ts'
import { nextSend, type WaitingAct } from './next-send.ts'
import { pauseAfter, settleAnswer } from './settle-answer.ts'

/** `log_in`: acts are safe but nobody is logged in; `failing`: there is no way to the server now. */
export type SendState = 'idle' | 'sending' | 'failing' | 'log_in'

export interface Sender {
  /** Sends what may go, soon. */
  readonly wake: () => void
  /** Runs `work` when nothing is being sent, by any tab: a route read then has every confirmed act in it. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>
}

export interface SenderOptions {
  readonly api: Api
  readonly keep: Keep
  readonly waiting: () => readonly WaitingAct[]
  /** Something was confirmed, refused or marked: read it again. */
  readonly onChanged: () => Promise<void>
  readonly onState: (state: SendState) => void
}

const photoTimeoutMs = 60_000
const lockName = 'zwerm-crew-sender'
const notLoggedIn: readonly FailureCode[] = ['log_in_first', 'session_ended']
/** The server has judged the request itself: repeating the same one is of no use. */
const judged: readonly FailureCode[] = ['bad_request', 'not_allowed', 'not_found', 'stop_unknown']

type Step = 'more' | 'rest' | { readonly failed: FailureCode }

/** The only one who sends acts, in order, one request at a time, over all tabs; rests longer after each failure. */
export function startSender(options: SenderOptions): Sender {
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  let running = false
  let again = false

  const later = (ms: number) => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => void run(), ms)
  }
  const run = async () => {
    if (running) {
      again = true
      return
    }
    running = true
    again = false
    try {
      await alone(async () => {
        await options.onChanged()
        // without any network nothing is tried, so that it can still be undone
        let step: Step = navigator.onLine ? 'more' : { failed: 'offline' }
        while (step === 'more') step = await oneStep(options, later)
        settle(step)
      })
    } finally {
      running = false
    }
    if (again) later(0)
  }
  const settle = (step: 'rest' | { readonly failed: FailureCode }) => {
    if (step === 'rest') {
      failures = 0
      return options.onState('idle')
    }
    if (notLoggedIn.includes(step.failed)) return options.onState('log_in')
    failures += 1
    options.onState('failing')
    later(pauseAfter(failures, Math.random()))
  }
  return { wake: () => later(0), between: (work) => alone(work) }
}

async function oneStep(options: SenderOptions, later: (ms: number) => void): Promise<Step> {
  const next = nextSend(options.waiting(), Date.now())
  switch (next.kind) {
    case 'nothing':
      return 'rest'
    case 'wait':
      later(next.ms)
      return 'rest'
    case 'photo':
      options.onState('sending')
      return sendPhoto(options, next.photoId)
    case 'acts':
      options.onState('sending')
      return sendActs(options, next.acts)
  }
}

async function sendPhoto({ api, keep, onChanged }: SenderOptions, photoId: string): Promise<Step> {
  const photo = await keep.photo(photoId)
  if (photo !== null) {
    const path = `/v1/crew/photos/${photoId}`
    const answer = await api.send<unknown>(path, { method: 'PUT', body: photo, timeoutMs: photoTimeoutMs })
    if (answer.kind !== 'ok') {
      if (answer.code !== 'photo_wrong' && !judged.includes(answer.code)) return { failed: answer.code }
      await keep.dropPhotoOfAct(photoId)
      await onChanged()
      return 'more'
    }
  }
  await keep.dropPhoto(photoId)
  await onChanged()
  return 'more'
}

async function sendActs(options: SenderOptions, acts: readonly WaitingAct[]): Promise<Step> {
  const { keep, onChanged } = options
  await keep.markTried(acts.map(({ seq }) => seq))
  await onChanged()
  let sent = acts
  let answer = await post(options, acts)
  // one act that the server cannot read must not hold up the others
  if (answer.kind !== 'ok' && judged.includes(answer.code) && acts.length > 1) {
    sent = acts.slice(0, 1)
    answer = await post(options, sent)
  }
  if (answer.kind !== 'ok' && !judged.includes(answer.code)) return { failed: answer.code }
  const results = answer.kind === 'ok' ? answer.value.results : sent.map(({ act }) => refusedBy(act, answer.code))
  const settled = settleAnswer(sent, results)
  if (settled.done.length === 0) return { failed: 'server_fault' }
  await keep.settle(settled, answer.kind === 'ok' ? answer.value.route : null)
  await onChanged()
  return 'more'
}

const refusedBy = ({ actId }: CrewAct, code: FailureCode) => ({ actId, outcome: 'refused' as const, code, by: null })

const post = ({ api }: SenderOptions, acts: readonly WaitingAct[]): Promise<Answer<CrewActsAnswer>> =>
  api.send<CrewActsAnswer>('/v1/crew/acts', { method: 'POST', body: { acts: acts.map(({ act }) => act) } })

/** Plain http on a local network has no locks: then one tab is assumed. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? (navigator.locks.request(lockName, work) as Promise<T>) : work()
