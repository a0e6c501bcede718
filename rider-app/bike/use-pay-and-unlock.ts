import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { PromiseView } from '../../contracts/http/payments.ts'
import type { Me } from '../../contracts/http/riders.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Answer, Api, Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey } from '../../ui-kit/api/gesture-key.ts'
import { useRider } from '../rider-state.ts'

export type UnlockStep =
  | { readonly kind: 'idle' | 'promising' | 'leaving' | 'waiting' | 'unlocking' }
  | { readonly kind: 'scan_to_pay'; readonly content: string }
  | { readonly kind: 'refused'; readonly refused: Refused }

interface Gesture {
  readonly bikeCode: string
  readonly urlCode: string
  readonly me: Me
}

const askPromiseEveryMs = 1_000
const longestWaitMs = 120_000
/** In the address after the payer's page: the gesture goes on by itself. */
const goesOn = 'unlock'
const refused = (code: Refused['code']): Refused => ({ kind: 'refused', code })

/**
 * "Pay and unlock" as one gesture over three requests and perhaps the payer's own page: promise → held → trip. Each
 * request keeps its idempotency key until it is answered, so coming back, reloading or pressing twice does nothing twice.
 */
export function usePayAndUnlock({ bikeCode, urlCode, me }: Gesture) {
  const { api, reloadMe } = useRider()
  const [, navigate] = useLocation()
  const [step, setStep] = useState<UnlockStep>({ kind: 'idle' })
  const busy = useRef(false)
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])

  const run = useCallback(async () => {
    if (busy.current) return
    busy.current = true
    const outcome = await payAndUnlock({ api, bikeCode, urlCode, me }, setStep, () => gone.current)
    busy.current = false
    if (outcome === null || gone.current) return
    reloadMe()
    if (outcome.kind === 'ok') return navigate(`/trip/${outcome.value.tripId}`, { replace: true })
    navigate(`/b/${urlCode}`, { replace: true })
    setStep({ kind: 'refused', refused: outcome })
  }, [api, bikeCode, urlCode, me, navigate, reloadMe])

  const begun = useRef(false)
  useEffect(() => {
    if (begun.current || !new URLSearchParams(location.search).has(goesOn)) return
    begun.current = true
    void run()
  }, [run])
  return { step, start: () => void run() }
}

async function payAndUnlock(
  { api, bikeCode, urlCode, me }: Gesture & { readonly api: Api },
  tell: (step: UnlockStep) => void,
  isGone: () => boolean,
): Promise<Answer<TripView> | null> {
  tell({ kind: 'promising' })
  let promise = await openPromise(api, me, `/b/${urlCode}?${goesOn}=1`)
  const returned = new URLSearchParams(location.search).has(goesOn)
  const untilMs = performance.now() + longestWaitMs
  while (promise.kind === 'ok' && promise.value.state === 'hold_pending') {
    const { next } = promise.value
    if (next.kind === 'redirect' && !returned) {
      tell({ kind: 'leaving' })
      location.assign(next.url)
      return null
    }
    if (isGone()) return null
    if (performance.now() > untilMs) return refused('promise_not_held')
    tell(next.kind === 'qr' ? { kind: 'scan_to_pay', content: next.content } : { kind: 'waiting' })
    await new Promise((resolve) => setTimeout(resolve, askPromiseEveryMs))
    promise = await api.get<PromiseView>(`/v1/promises/${promise.value.promiseId}`)
  }
  if (promise.kind === 'refused') return promise
  if (promise.value.state !== 'held') return refused('payment_declined')
  tell({ kind: 'unlocking' })
  const { promiseId } = promise.value
  const gesture = `trip:${bikeCode}:${promiseId}`
  const trip = await api.send<TripView>('/v1/trips', {
    method: 'POST',
    body: { bikeCode, promiseId },
    gestureKey: gestureKey(gesture),
  })
  if (isAnswered(trip)) gestureDone(gesture)
  return trip
}

/** The rider's open promise when there is one that can still be used, else a new one. */
async function openPromise(api: Api, me: Me, returnPath: string): Promise<Answer<PromiseView>> {
  if (me.openPromiseId !== null) {
    const open = await api.get<PromiseView>(`/v1/promises/${me.openPromiseId}`)
    if (open.kind === 'refused' && open.code !== 'not_found') return open
    if (open.kind === 'ok' && (open.value.state === 'held' || open.value.state === 'hold_pending')) return open
  }
  const made = await api.send<PromiseView>('/v1/promises', {
    method: 'POST',
    body: { provider: 'alipay', returnPath },
    gestureKey: gestureKey('promise'),
  })
  if (isAnswered(made)) gestureDone('promise')
  return made
}

/** Whether the server itself has answered: only then may the next press be another gesture. */
const isAnswered = (answer: Answer<unknown>) =>
  answer.kind === 'ok' || !['offline', 'timeout', 'unreachable', 'server_fault', 'shutting_down'].includes(answer.code)
