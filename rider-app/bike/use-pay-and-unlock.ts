import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { PromiseView } from '../../contracts/http/payments.ts'
import type { Me } from '../../contracts/http/riders.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Answer, Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey, gesturesDone } from '../../ui-kit/api/gesture-key.ts'
import { isNoAnswer, type PayGesture, usePromise } from '../pay/use-promise.ts'
import type { Way, Ways } from '../pay/use-way.ts'
import { useRider } from '../rider-state.ts'

interface Wanted {
  readonly bikeCode: string
  readonly urlCode: string
  readonly me: Me
}

export interface PayAndUnlock {
  readonly gesture: PayGesture
  readonly unlocking: boolean
  /** The ride was refused; the money that is promised stays for the next bike, or goes back by itself. */
  readonly refused: Refused | null
  readonly start: () => void
  readonly unlock: (promiseId: string) => void
  /** The refusal is read; what is held waits for the next press. */
  readonly dismiss: () => void
}

/** In the address after the payer's page: the gesture goes on by itself. */
const goesOn = 'unlock'
/** The promise that was being paid when this page was left; it outlives the tab, and tells what became of it. */
const payingKey = 'zwerm-paying'
/** Names of the wish for a promise. Each is answered once the rider's promise is known, wherever it was asked for. */
const promising = 'promise:'

/**
 * "Pay and unlock" as one gesture over three requests and perhaps the payer's own page: promise → held → trip. Each
 * request keeps its idempotency key until it is answered, so coming back, reloading or pressing twice does nothing twice.
 */
export function usePayAndUnlock({ bikeCode, urlCode, me }: Wanted, ways: Ways): PayAndUnlock {
  const { api, reloadMe } = useRider()
  const [, navigate] = useLocation()
  const [unlocking, setUnlocking] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const busy = useRef(false)

  const unlock = useCallback(
    async (promiseId: string) => {
      if (busy.current) return
      busy.current = true
      setUnlocking(true)
      const gesture = `trip:${bikeCode}:${promiseId}`
      const trip = await api.send<TripView>('/v1/trips', {
        method: 'POST',
        body: { bikeCode, promiseId },
        gestureKey: gestureKey(gesture),
      })
      if (!isNoAnswer(trip)) gestureDone(gesture)
      busy.current = false
      reloadMe()
      if (trip.kind === 'ok') {
        localStorage.removeItem(payingKey)
        gesturesDone(promising)
        return navigate(`/trip/${trip.value.tripId}`, { replace: true })
      }
      navigate(`/b/${urlCode}`, { replace: true })
      setUnlocking(false)
      setRefused(trip)
    },
    [api, bikeCode, urlCode, navigate, reloadMe],
  )

  const ask = async ({ provider, way }: Way): Promise<Answer<PromiseView>> => {
    const gesture = `${promising}${provider}:${way}:${urlCode}`
    const made = await api.send<PromiseView>('/v1/promises', {
      method: 'POST',
      // A code is answered on another phone, which has nothing to come back to.
      body: { provider, way, ...(way === 'qr' ? {} : { returnPath: `/b/${urlCode}?${goesOn}=1` }) },
      gestureKey: gestureKey(gesture),
    })
    if (!isNoAnswer(made)) gestureDone(gesture)
    if (made.kind === 'ok') localStorage.setItem(payingKey, made.value.promiseId)
    return made
  }
  const gesture = usePromise({
    ask,
    isDone: ({ state }) => state === 'held',
    onDone: ({ promiseId }) => void unlock(promiseId),
  })

  const { resume, step } = gesture
  const begun = useRef(false)
  useEffect(() => {
    if (me.openPromiseId !== null) gesturesDone(promising)
    if (begun.current) return
    begun.current = true
    const isBack = new URLSearchParams(location.search).has(goesOn)
    const left = localStorage.getItem(payingKey)
    const id = me.openPromiseId ?? (isBack ? left : null)
    // Back from the payer's page it goes on by itself; a page that is merely opened waits for the rider's word.
    if (id !== null) resume(id, isBack)
  }, [me.openPromiseId, resume])
  useEffect(() => {
    if (step.kind !== 'over') return
    localStorage.removeItem(payingKey)
    gesturesDone(promising)
    navigate(`/b/${urlCode}`, { replace: true })
    reloadMe()
  }, [step.kind, urlCode, navigate, reloadMe])

  const start = () => {
    setRefused(null)
    if (me.openPromiseId !== null) return resume(me.openPromiseId, true)
    if (ways.chosen !== null) gesture.start(ways.chosen)
  }
  return {
    gesture,
    unlocking,
    refused,
    start,
    unlock: (promiseId) => void unlock(promiseId),
    dismiss: () => setRefused(null),
  }
}
