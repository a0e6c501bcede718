import { useEffect, useState } from 'react'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import { isUnheard, type Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey, gesturesDone } from '../../ui-kit/api/gesture-key.ts'
import { useRider, whoIsThere } from '../rider-state.ts'

export type ReserveStep =
  | { readonly kind: 'idle' | 'log_in' | 'asking' }
  | { readonly kind: 'refused'; readonly refused: Refused }

const reserving = 'reserve:'

/** Keeps one bike for the rider. Who is not logged in does that first, and it goes on by itself. */
export function useReserve(bike: string, onReserved: () => void) {
  const rider = useRider()
  const { api, me, reloadMe } = rider
  const [step, setStep] = useState<ReserveStep>({ kind: 'idle' })
  const isKept = me?.reservation?.state === 'open'
  // What was not heard of is there: the next wish is a new one.
  useEffect(() => {
    if (isKept) gesturesDone(reserving)
  }, [isKept])

  const ask = async () => {
    setStep({ kind: 'asking' })
    const gesture = `${reserving}${bike}`
    const answer = await api.send<ReservationView>('/v1/reservations', {
      method: 'POST',
      body: { bike },
      gestureKey: gestureKey(gesture),
    })
    if (answer.kind === 'refused' && (answer.code === 'log_in_first' || answer.code === 'session_ended')) {
      gestureDone(gesture)
      return setStep({ kind: 'log_in' })
    }
    if (answer.kind === 'ok' || !isUnheard(answer.code)) gestureDone(gesture)
    reloadMe()
    if (answer.kind === 'refused') return setStep({ kind: 'refused', refused: answer })
    setStep({ kind: 'idle' })
    onReserved()
  }
  // Who is not known to be nobody is asked by the server, if need be.
  const start = () => (whoIsThere(rider) === 'nobody' ? setStep({ kind: 'log_in' }) : void ask())
  return { step, start, loggedIn: () => void ask(), leave: () => setStep({ kind: 'idle' }) }
}
