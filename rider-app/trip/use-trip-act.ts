import { useCallback, useEffect, useRef, useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey } from '../../ui-kit/api/gesture-key.ts'
import { isNetworkTrouble } from '../../ui-kit/api/trip-stream.ts'
import { useRider } from '../rider-state.ts'

export type TripAct = 'pause' | 'resume' | 'cancel' | 'end' | 'free-exit'
interface Pressed {
  readonly name: TripAct
  readonly body: object | undefined
  readonly sinceMs: number
}

const againEveryMs = 4_000
/** Who pressed longer ago than this did not mean it for now. */
const longestWaitMs = 600_000

export interface TripActs {
  readonly act: (name: TripAct, body?: object) => void
  readonly busy: boolean
  /** Pressed, but not heard by the server yet: it is sent by itself when there is a network. */
  readonly waiting: TripAct | null
  readonly giveUp: () => void
  readonly refused: Refused | null
}

/**
 * Asks the server for something about a running trip; at most one ask at a time. Without a network the press is kept,
 * with its key, and goes out when there is one.
 * @param state of the trip: what was refused for the last one is not told any more in the next
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
  const [kept, setKept] = useState<Pressed | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const sending = useRef(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was pressed in another state is over
  useEffect(() => {
    setRefused(null)
    setKept(null)
  }, [state])

  const send = useCallback(
    async (pressed: Pressed) => {
      if (sending.current) return
      sending.current = true
      setBusy(true)
      const gesture = `${pressed.name}:${tripId}`
      const answer = await api.send<TripView>(`/v1/trips/${tripId}/${pressed.name}`, {
        method: 'POST',
        gestureKey: gestureKey(gesture),
        ...(pressed.body === undefined ? {} : { body: pressed.body }),
      })
      sending.current = false
      setBusy(false)
      if (answer.kind === 'refused' && isNetworkTrouble(answer.code)) {
        return setKept(performance.now() - pressed.sinceMs > longestWaitMs ? null : pressed)
      }
      gestureDone(gesture)
      setKept(null)
      setRefused(answer.kind === 'refused' ? answer : null)
      if (answer.kind === 'ok') onTrip(answer.value)
      look()
    },
    [api, tripId, onTrip, look],
  )

  useEffect(() => {
    if (kept === null) return
    const again = () => void send(kept)
    const timer = setInterval(() => navigator.onLine && again(), againEveryMs)
    addEventListener('online', again)
    return () => {
      clearInterval(timer)
      removeEventListener('online', again)
    }
  }, [kept, send])

  return {
    act: (name, body) => void send({ name, body, sinceMs: performance.now() }),
    busy,
    waiting: kept?.name ?? null,
    giveUp: () => setKept(null),
    refused,
  }
}
