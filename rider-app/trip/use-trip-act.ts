import { useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey } from '../../ui-kit/api/gesture-key.ts'
import { useRider } from '../rider-state.ts'

export type TripAct = 'pause' | 'resume' | 'cancel' | 'end' | 'free-exit'

/** Asks the server for something about a running trip; at most one ask at a time. */
export function useTripAct(tripId: string, onTrip: (trip: TripView) => void) {
  const { api } = useRider()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const act = async (name: TripAct, body?: object) => {
    if (busy) return
    const gesture = `${name}:${tripId}`
    setBusy(true)
    const answer = await api.send<TripView>(`/v1/trips/${tripId}/${name}`, {
      method: 'POST',
      gestureKey: gestureKey(gesture),
      ...(body === undefined ? {} : { body }),
    })
    setBusy(false)
    gestureDone(gesture)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind === 'ok' && typeof answer.value === 'object' && 'tripId' in answer.value) onTrip(answer.value)
  }
  return { act: (name: TripAct, body?: object) => void act(name, body), busy, refused }
}
