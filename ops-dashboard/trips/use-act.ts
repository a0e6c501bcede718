import { useRef } from 'react'
import type { TripAct } from '../../contracts/http/staff-trips.ts'
import type { Answer, Refused } from '../../ui-kit/api/api-client.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { opsApi } from '../ops-api.ts'

/** One question of a page makes one act at most: its id is made when the question opens, and goes with every try. */
export function useAct<T = TripAct>(tripId: string, act: string) {
  const actId = useRef(newUuid())
  return (more: object): Promise<Answer<T>> =>
    opsApi.send<T>(`/v1/staff/trips/${tripId}/${act}`, {
      method: 'POST',
      body: { actId: actId.current, ...more },
      gestureKey: actId.current,
    })
}

/** What a dialog wants to hear: null when it is done. */
export async function toldDone(answer: Promise<Answer<unknown>>, onDone: () => void): Promise<Refused | null> {
  const settled = await answer
  if (settled.kind === 'refused') return settled
  onDone()
  return null
}
