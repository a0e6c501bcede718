import { useState } from 'react'
import type { PromiseView } from '../../contracts/http/payments.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useRider } from '../rider-state.ts'
import { takeBack } from './use-promise.ts'

/** Its time may end, or the payer may answer, while the page is open. */
const lookEveryMs = 10_000
/** The other states are ends, as far as the next ride is concerned. */
const changing: readonly PromiseView['state'][] = ['hold_pending', 'held', 'release_pending']

export interface OpenPromise {
  /** The promise that no ride uses yet; null when there is none, or while it is not known. */
  readonly promise: PromiseView | null
  /** It was there and its time is over: it was given back. */
  readonly hasExpired: boolean
  readonly giveBack: () => void
  readonly again: () => void
  readonly busy: boolean
  readonly refused: Refused | null
}

/** The money that is held for this rider's next ride. */
export function useOpenPromise(): OpenPromise {
  const { api, me, reloadMe } = useRider()
  const id = me?.openPromiseId ?? null
  const [watched, setWatched] = useState<string | null>(id)
  if (id !== null && id !== watched) setWatched(id)
  const [mayChange, setMayChange] = useState(true)
  const look = useAnswer<PromiseView>(
    watched === null ? null : `promise:${watched}`,
    () => api.get(`/v1/promises/${watched}`),
    mayChange ? lookEveryMs : undefined,
  )
  const isWaiting = look.value === null || (look.value.tripId === null && changing.includes(look.value.state))
  if (isWaiting !== mayChange) setMayChange(isWaiting)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const giveBack = async () => {
    if (look.value === null) return
    setBusy(true)
    const answer = await takeBack(api, look.value.promiseId)
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    look.again()
    reloadMe()
  }
  const isOpen = look.value !== null && look.value.tripId === null && look.value.state === 'held'
  return {
    promise: isOpen ? look.value : null,
    hasExpired: look.value !== null && look.value.tripId === null && look.value.reason === 'expired',
    giveBack: () => void giveBack(),
    again: look.again,
    busy,
    refused,
  }
}
