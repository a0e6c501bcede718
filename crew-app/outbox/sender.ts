import type { CrewAct, CrewActsAnswer } from '../../contracts/http/crews.ts'
import type { Answer, Api, FailureCode } from '../../ui-kit/api/api-client.ts'
import type { Keep } from '../night/keep.ts'
import { nextSend, photoOf, type WaitingAct } from './next-send.ts'
import { pauseAfter, settleAnswer } from './settle-answer.ts'

/**
 * `log_in`: acts are safe but nobody is logged in; `other_crew`: they are of another crew than who is logged in;
 * `failing`: there is no way to the server now.
 */
export type SendState = 'idle' | 'sending' | 'failing' | 'log_in' | 'other_crew'

export interface Sender {
  /** Sends what may go, soon. */
  readonly wake: () => void
  /** Runs `work` when nothing is being sent, by any tab: a route read then has every confirmed act in it. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>
}

export type KeepOfActs = Pick<
  Keep,
  'markTried' | 'photoFailed' | 'addFault' | 'photo' | 'dropPhoto' | 'dropPhotoOfAct' | 'settle'
>

export interface SenderOptions {
  readonly api: Api
  readonly keep: KeepOfActs
  /** Who is logged in; null when that is not known. */
  readonly crewId: () => string | null
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
const isJudged = (code: FailureCode | null) => code !== null && judged.includes(code)

/** So often the server may break over one act, or over its picture; then it is set aside if others get through. */
const mostFaults = 6
const mostPhotoFaults = 60

type Step = 'more' | 'rest' | 'other_crew' | { readonly failed: FailureCode }

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
  const settle = (step: 'rest' | 'other_crew' | { readonly failed: FailureCode }) => {
    if (step === 'rest') {
      failures = 0
      return options.onState('idle')
    }
    if (step === 'other_crew') return options.onState('other_crew')
    if (notLoggedIn.includes(step.failed)) return options.onState('log_in')
    failures += 1
    options.onState('failing')
    later(pauseAfter(failures, Math.random()))
  }
  return { wake: () => later(0), between: (work) => alone(work) }
}

async function oneStep(options: SenderOptions, later: (ms: number) => void): Promise<Step> {
  const next = nextSend(options.waiting(), Date.now(), options.crewId())
  switch (next.kind) {
    case 'nothing':
      return 'rest'
    case 'other_crew':
      return 'other_crew'
    case 'wait':
      later(next.ms)
      return 'rest'
    case 'photo':
      options.onState('sending')
      return sendPhoto(options, next.of)
    case 'acts':
      options.onState('sending')
      return sendActs(options, next.acts)
  }
}

async function sendPhoto(options: SenderOptions, of: WaitingAct): Promise<Step> {
  const { api, keep, onChanged } = options
  const photoId = photoOf(of.act) ?? ''
  const body = await keep.photo(photoId)
  const path = `/v1/crew/photos/${photoId}`
  const code = body === null ? null : codeOf(await api.send(path, { method: 'PUT', body, timeoutMs: photoTimeoutMs }))
  if (code === null) await keep.dropPhoto(photoId)
  else if (code === 'photo_wrong' || isJudged(code)) await keep.dropPhotoOfAct(photoId)
  else if (notLoggedIn.includes(code)) return { failed: code }
  else if (code === 'server_fault' && (await isItsFault(options, of, mostPhotoFaults))) {
    await keep.dropPhotoOfAct(photoId)
  } else {
    await keep.photoFailed(of.seq)
    await onChanged()
    // its act, and those behind it, go without it
    return of.confirmed ? { failed: code } : 'more'
  }
  await onChanged()
  return 'more'
}

async function sendActs(options: SenderOptions, chosen: readonly WaitingAct[]): Promise<Step> {
  const { keep, onChanged } = options
  const acts = await keep.markTried(chosen.map(({ seq }) => seq))
  await onChanged()
  // all of them were undone meanwhile
  if (acts.length === 0) return 'more'
  let sent = acts
  let answer = await post(options, sent)
  // one act that the server cannot read, or breaks over, must not hold up the others
  if (acts.length > 1 && (answer.code === 'server_fault' || isJudged(answer.code))) {
    sent = acts.slice(0, 1)
    answer = await post(options, sent)
  }
  const { code } = answer
  const isSetAside = code === 'server_fault' && sent.length === 1 && (await isItsFault(options, acts[0], mostFaults))
  if (code !== null && !isSetAside && !isJudged(code)) return { failed: code }
  const results = code === null ? answer.results : sent.map(({ act }) => refusedBy(act, code))
  await keep.settle(settleAnswer(sent, results), answer.route)
  await onChanged()
  return 'more'
}

/** Whether the server breaks over this one act or its picture; else it may be the server that is broken. */
async function isItsFault({ api, keep }: SenderOptions, one: WaitingAct | undefined, most: number): Promise<boolean> {
  if (one === undefined) return false
  if (one.faults + 1 >= most && (await api.get('/v1/crew/routes')).kind === 'ok') return true
  await keep.addFault(one.seq)
  return false
}

const refusedBy = ({ actId }: CrewAct, code: FailureCode) => ({ actId, outcome: 'refused' as const, code, by: null })

/** Null: it worked. What something on the way said of a request is no word of the server's. */
const codeOf = (answer: Answer<unknown>): FailureCode | null =>
  answer.kind === 'ok' ? null : answer.isGuess ? 'unreachable' : answer.code

/** `code` is null when the server said something of at least one of the acts. */
interface Outcome extends CrewActsAnswer {
  readonly code: FailureCode | null
}

async function post({ api }: SenderOptions, acts: readonly WaitingAct[]): Promise<Outcome> {
  const body = { acts: acts.map(({ act }) => act) }
  const answer = await api.send<CrewActsAnswer>('/v1/crew/acts', { method: 'POST', body })
  if (answer.kind !== 'ok') return { code: codeOf(answer), results: [], route: null }
  const { results, route } = answer.value
  const isHeard = acts.some(({ act }) => results.some(({ actId }) => actId === act.actId))
  return { code: isHeard ? null : 'server_fault', results, route }
}

/** Plain http on a local network has no locks: then one tab is assumed. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? (navigator.locks.request(lockName, work) as Promise<T>) : work()
