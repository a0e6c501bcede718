import { useCallback, useEffect, useRef, useState } from 'react'
import type { PromiseView } from '../../contracts/http/payments.ts'
import { type Answer, type Api, isNetworkTrouble, type Refused } from '../../ui-kit/api/api-client.ts'
import { useRider } from '../rider-state.ts'
import type { Way } from './use-way.ts'

/** Who does not answer, the provider or our own server. */
type Trouble = 'provider' | 'connection' | null

/** Where a promise of money stands, as its rider must see it. */
export type PayStep =
  | { readonly kind: 'idle' | 'promising' | 'leaving' | 'cancelling' }
  /** `away`: the payer's question is open somewhere; `back`: the rider came back and it is not answered yet. */
  | {
      readonly kind: 'pending'
      readonly promise: PromiseView
      readonly trouble: Trouble
      readonly back: boolean
    }
  | {
      readonly kind: 'over'
      readonly reason: 'declined' | 'cancelled' | 'expired'
      readonly promise: PromiseView | null
    }
  | { readonly kind: 'refused'; readonly refused: Refused }
  | { readonly kind: 'done'; readonly promise: PromiseView }

export interface PayGesture {
  readonly step: PayStep
  /** Asks for the money in this way; what is open already is used, in the new way. */
  readonly start: (way: Way) => void
  /** Goes on with one that was open before this page was. `mayAct`: it is the rider's wish to end it in a deed. */
  readonly resume: (promiseId: string, mayAct: boolean) => void
  readonly cancel: () => void
  readonly reset: () => void
}

interface Gesture {
  readonly ask: (way: Way) => Promise<Answer<PromiseView>>
  /** Which state ends the wait well. */
  readonly isDone: (promise: PromiseView) => boolean
  readonly onDone: (promise: PromiseView) => void
}

const askEveryMs = 1_000
/** While nobody answers, now and then is enough. */
const askInTroubleEveryMs = 3_000

/**
 * One promise of money from the first request to its end, over the payer's page and back. Every wait ends: the server
 * ends a promise at its time, and each state that waits offers what else can be done. Nothing here can take money
 * twice: the server knows one open promise per rider.
 */
export function usePromise({ ask, isDone, onDone }: Gesture): PayGesture {
  const { api } = useRider()
  const [step, setStep] = useState<PayStep>({ kind: 'idle' })
  /** The promise that is being asked about; a new number ends the asking of an older one. */
  const turn = useRef(0)
  const asked = useRef({ ask, isDone, onDone })
  asked.current = { ask, isDone, onDone }
  useEffect(
    () => () => {
      turn.current += 1
    },
    [],
  )

  const follow = useCallback(
    (first: PromiseView, back: boolean, mayAct: boolean) => {
      const mine = ++turn.current
      const tell = (now: PayStep) => {
        if (turn.current !== mine) return false
        setStep(now)
        if (now.kind === 'done' && mayAct) asked.current.onDone(now.promise)
        return now.kind === 'pending'
      }
      return followPromise(api, first, { tell, back, isDone: (promise) => asked.current.isDone(promise) })
    },
    [api],
  )

  const start = useCallback(
    async (way: Way) => {
      const mine = ++turn.current
      setStep({ kind: 'promising' })
      const answer = await asked.current.ask(way)
      if (turn.current !== mine) return
      if (answer.kind === 'refused') {
        return answer.code === 'payment_declined'
          ? setStep({ kind: 'over', reason: 'declined', promise: null })
          : setStep({ kind: 'refused', refused: answer })
      }
      const { next, state } = answer.value
      if (state === 'hold_pending' && next.kind === 'redirect') {
        setStep({ kind: 'leaving' })
        return location.assign(next.url)
      }
      if (state === 'hold_pending' && next.kind === 'app') location.assign(next.url)
      return follow(answer.value, false, true)
    },
    [follow],
  )

  const resume = useCallback(
    async (promiseId: string, mayAct: boolean) => {
      const mine = ++turn.current
      if (mayAct) setStep({ kind: 'promising' })
      const answer = await api.get<PromiseView>(`/v1/promises/${promiseId}`)
      if (turn.current !== mine) return
      if (answer.kind === 'ok') return follow(answer.value, true, mayAct)
      if (answer.code === 'not_found') return setStep({ kind: 'idle' })
      setStep({ kind: 'refused', refused: answer })
    },
    [api, follow],
  )

  const cancel = useCallback(async () => {
    const promise = step.kind === 'pending' ? step.promise : null
    if (promise === null) return setStep({ kind: 'idle' })
    const mine = ++turn.current
    setStep({ kind: 'cancelling' })
    const answer = await takeBack(api, promise.promiseId)
    if (turn.current !== mine) return
    if (answer.kind === 'ok') return setStep({ kind: 'over', reason: 'cancelled', promise: answer.value })
    if (isNoAnswer(answer)) return follow(promise, true, false)
    setStep({ kind: 'refused', refused: answer })
  }, [api, step, follow])

  const latest = useRef(step)
  latest.current = step
  useEffect(() => {
    // The back button may show this page as it was left, on its way to the payer's page.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted && latest.current.kind === 'leaving') location.reload()
    }
    addEventListener('pageshow', shown)
    return () => removeEventListener('pageshow', shown)
  }, [])

  return {
    step,
    start: (way) => void start(way),
    resume: (promiseId, mayAct) => void resume(promiseId, mayAct),
    cancel: () => void cancel(),
    reset: () => {
      turn.current += 1
      setStep({ kind: 'idle' })
    },
  }
}

/** Asks until there is an end; `tell` says whether anybody still wants to know. */
async function followPromise(
  api: Api,
  first: PromiseView,
  {
    tell,
    back,
    isDone,
  }: {
    readonly tell: (step: PayStep) => boolean
    readonly back: boolean
    readonly isDone: (promise: PromiseView) => boolean
  },
): Promise<void> {
  let promise = first
  let trouble: Trouble = troubleOf(first)
  while (tell(isDone(promise) ? { kind: 'done', promise } : stepOf(promise, trouble, back))) {
    await pause(trouble === null ? askEveryMs : askInTroubleEveryMs)
    const answer = await api.get<PromiseView>(`/v1/promises/${promise.promiseId}`)
    if (answer.kind === 'ok') {
      promise = answer.value
      trouble = troubleOf(promise)
    } else if (isNoAnswer(answer)) trouble = 'connection'
    else {
      tell({ kind: 'refused', refused: answer })
      return
    }
  }
}

const troubleOf = ({ reason }: PromiseView): Trouble => (reason === 'unknown' ? 'provider' : null)

function stepOf(promise: PromiseView, trouble: Trouble, back: boolean): PayStep {
  const reason = endOf(promise)
  return reason === null ? { kind: 'pending', promise, trouble, back } : { kind: 'over', reason, promise }
}

/** Gives a promise back that no ride uses. */
export const takeBack = (api: Api, promiseId: string): Promise<Answer<PromiseView>> =>
  api.send(`/v1/promises/${promiseId}`, { method: 'DELETE' })

/** Whether nothing came back that our server said: the same may be asked again. */
export const isNoAnswer = (answer: Answer<unknown>): boolean =>
  answer.kind === 'refused' && isNetworkTrouble(answer.code)

/** How a promise ended without a ride or a payment; null while it may still come to one. */
function endOf({ state, reason }: PromiseView): 'declined' | 'cancelled' | 'expired' | null {
  switch (state) {
    case 'failed':
      return reason === 'expired' ? 'expired' : 'declined'
    case 'expired':
      return 'expired'
    case 'release_pending':
    case 'released':
      return reason === 'declined' || reason === 'expired' ? reason : 'cancelled'
    case 'hold_pending':
    case 'held':
    case 'capture_pending':
    case 'captured':
    case 'refund_pending':
    case 'partially_refunded':
    case 'refunded':
    case 'debt':
      return null
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
