import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import type { Me } from '../contracts/http/riders.ts'
import { type Api, createApi, type FailureCode } from '../ui-kit/api/api-client.ts'
import { type AppConfig, appConfig } from '../ui-kit/api/app-config.ts'
import { useAnswer } from '../ui-kit/api/use-answer.ts'
import { forget, lastKnown, remember } from '../ui-kit/offline/last-known.ts'

export interface RiderState {
  readonly api: Api
  /** Null until the server has told it. */
  readonly config: AppConfig | null
  /** Null while nobody is logged in, or not known yet. */
  readonly me: Me | null
  readonly meLoading: boolean
  /** Why we cannot tell who this is, other than that nobody logged in. */
  readonly meTrouble: FailureCode | null
  readonly reloadMe: () => void
  /** The ride that runs, as last known while we cannot ask. */
  readonly rideId: string | null
  /** Number of the bike that the page is about, for the demo's bike in the hand. */
  readonly inHand: string | null
  readonly takeInHand: (number: string | null) => void
}

const api = createApi('rider')
const unasked: readonly FailureCode[] = ['offline', 'unreachable', 'timeout']
const notLoggedIn: readonly FailureCode[] = ['log_in_first', 'session_ended', 'not_found']
const RiderContext = createContext<RiderState | null>(null)
export const Rider = RiderContext.Provider

export function useRider(): RiderState {
  const rider = useContext(RiderContext)
  if (rider === null) throw new Error('a screen was drawn outside of the rider app')
  return rider
}

export function useRiderState(): RiderState {
  const [config, setConfig] = useState<AppConfig | null>(null)
  const [inHand, takeInHand] = useState<string | null>(null)
  const me = useAnswer<Me>('me', () => api.get('/v1/me'))
  useEffect(() => {
    void appConfig(api).then(setConfig)
  }, [])
  const trouble = me.refused?.code ?? null
  const gone = trouble !== null && notLoggedIn.includes(trouble)
  const { value } = me
  useEffect(() => {
    if (gone) for (const name of ['me', 'trip']) forget(name)
    else if (value !== null) remember('me', value)
  }, [gone, value])
  const [before] = useState(() => lastKnown<Me>('me')?.value ?? null)
  const isUnasked = trouble !== null && unasked.includes(trouble)
  const known = gone ? null : (value ?? (isUnasked ? before : null))
  const rideId = (me.loading ? before : known)?.activeTripId ?? null
  return useMemo(
    () => ({
      api,
      config,
      me: known,
      rideId,
      meLoading: me.loading,
      meTrouble: gone ? null : trouble,
      reloadMe: me.again,
      inHand,
      takeInHand,
    }),
    [config, known, rideId, me.loading, me.again, gone, trouble, inHand],
  )
}

/** Says which bike this page is about, for as long as it is shown. */
export function useInHand(number: string | null): void {
  const { takeInHand } = useRider()
  useEffect(() => {
    takeInHand(number)
    return () => takeInHand(null)
  }, [number, takeInHand])
}
