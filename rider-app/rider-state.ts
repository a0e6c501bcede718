import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import type { Me } from '../contracts/http/riders.ts'
import { type Api, createApi, type FailureCode } from '../ui-kit/api/api-client.ts'
import { type AppConfig, appConfig } from '../ui-kit/api/app-config.ts'
import { useAnswer } from '../ui-kit/api/use-answer.ts'

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
  /** Number of the bike that the page is about, for the demo's bike in the hand. */
  readonly inHand: string | null
  readonly takeInHand: (number: string | null) => void
}

const api = createApi('rider')
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
  return useMemo(
    () => ({
      api,
      config,
      me: gone ? null : me.value,
      meLoading: me.loading,
      meTrouble: gone ? null : trouble,
      reloadMe: me.again,
      inHand,
      takeInHand,
    }),
    [config, me.value, me.loading, me.again, gone, trouble, inHand],
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
