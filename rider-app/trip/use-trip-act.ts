import { useCallback, useEffect, useRef, useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import { isNetworkTrouble, type Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey } from '../../ui-kit/api/gesture-key.ts'
import { useRider } from '../rider-state.ts'
import {
  freshForMs,
  isMeantIn,
  type KeptPress,
  mayStillBeSent,
  storedPress,
  storePress,
  type TripAct,
} from './kept-press.ts'

const againEveryMs = 4_000

export interface TripActs {
  readonly act: (name: TripAct, body?: KeptPress['body']) => void
  readonly busy: boolean
  /** Pressed, but not heard by the server yet: it is sent by itself when there is a network. */
  readonly waiting: TripAct | null
  /** Pressed, and not sent any more: it waited too long for a network. */
  readonly dropped: TripAct | null
  readonly giveUp: () => void
  readonly refused: Refused | null
}

/**
 * Asks the server for something about a trip; at most one ask at a time. Without a network the press is kept, with its
 * key, over a reload, and goes out when there is one while it can still be meant.
 * @param trip in its newest state: what was refused for the last one is not told any more in the next
 * @param look asks for the trip: a press may have been heard although its answer was lost
 */
export function useTripAct(
  trip: Pick<TripView, 'tripId' | 'state'>,
  onTrip: (trip: TripView) => void,
  look: () => void,
): TripActs {
  const { api } = useRider()
  const { tripId, state } = trip
  const [busy, setBusy] = useState(false)
  const [kept, setKept] = useState(() => storedPress(tripId))
  const [dropped, setDropped] = useState<TripAct | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const sending = useRef(false)
  const wanted = useRef(kept)

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was refused in another state is over
  useEffect(() => {
    setRefused(null)
    setDropped(null)
  }, [state])

  const forget = useCallback(
    (press: KeptPress) => {
      if (wanted.current === press) wanted.current = null
      gestureDone(gestureOf(tripId, press))
      storePress(tripId, null)
      setKept(null)
    },
    [tripId],
  )

  const send = useCallback(
    async (press: KeptPress) => {
      if (sending.current) return
      sending.current = true
      wanted.current = press
      // Before the bytes leave: the page may be gone when the answer comes.
      storePress(tripId, press)
      setBusy(true)
      setDropped(null)
      const answer = await api.send<TripView>(`/v1/trips/${tripId}/${press.name}`, {
        method: 'POST',
        gestureKey: gestureKey(gestureOf(tripId, press)),
        freshUntilMs: press.atMs + freshForMs(press.name),
        ...(press.body === undefined ? {} : { body: press.body }),
      })
      sending.current = false
      setBusy(false)
      if (answer.kind === 'refused' && isNetworkTrouble(answer.code)) {
        if (wanted.current === press) setKept(press)
        return
      }
      forget(press)
      setRefused(answer.kind === 'refused' ? answer : null)
      if (answer.kind === 'ok') onTrip(answer.value)
      look()
    },
    [api, tripId, onTrip, look, forget],
  )

  const meant = kept !== null && isMeantIn(kept, state) ? kept : null
  useEffect(() => {
    if (kept === null) return
    if (!isMeantIn(kept, state)) return forget(kept)
    const again = () => {
      if (mayStillBeSent(kept, Date.now())) return void (navigator.onLine && send(kept))
      forget(kept)
      setDropped(kept.name)
    }
    const timer = setInterval(again, againEveryMs)
    addEventListener('online', again)
    return () => {
      clearInterval(timer)
      removeEventListener('online', again)
    }
  }, [kept, state, send, forget])

  return {
    act: (name, body) => void send({ name, body, atMs: Date.now() }),
    busy,
    waiting: meant?.name ?? null,
    dropped,
    giveUp: () => kept !== null && forget(kept),
    refused,
  }
}

const gestureOf = (tripId: string, { name }: KeptPress) => `${name}:${tripId}`
