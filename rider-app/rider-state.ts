import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { Me } from '../contracts/http/riders.ts'
import { type Api, createApi, type FailureCode } from '../ui-kit/api/api-client.ts'
import { type AppConfig, appConfig } from '../ui-kit/api/app-config.ts'
import { useAnswer } from '../ui-kit/api/use-answer.ts'
import { forget, type Known, lastKnown, remember } from '../ui-kit/offline/last-known.ts'

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
  /** When `me` was told, by this device's clock: what runs out in it runs from there. */
  readonly meAtMs: number
  /** The rider logged out here: nothing of them is shown again, whether or not we can ask. */
  readonly leave: () => void
  /** The ride that runs, as last known while we cannot ask. */
  readonly rideId: string | null
  /** Number of the bike that the page is about, for the demo's bike in the hand. */
  readonly inHand: string | null
  readonly takeInHand: (number: string | null) => void
}

const api = createApi('rider')
const unasked: readonly FailureCode[] = ['offline', 'unreachable', 'timeout']
const notLoggedIn: readonly FailureCode[] = ['log_in_first', 'session_ended', 'not_found']
/** What this device keeps of a rider for a time without a network. */
const ofRider = ['me', 'trip', 'rides', 'phone-pass']
const RiderContext = createContext<RiderState | null>(null)
export const Rider = RiderContext.Provider

export function useRider(): RiderState {
  const rider = useContext(RiderContext)
  if (rider === null) throw new Error('a screen was drawn outside of the rider app')
  return rider
}

/** Who is there as far as we know: that we could not ask, or had no answer yet, is not that nobody is logged in. */
export function whoIsThere({
  me,
  meLoading,
  meTrouble,
}: Pick<RiderState, 'me' | 'meLoading' | 'meTrouble'>): 'a_rider' | 'not_told_yet' | 'cannot_tell' | 'nobody' {
  if (me !== null) return 'a_rider'
  if (meLoading) return 'not_told_yet'
  return meTrouble === null ? 'nobody' : 'cannot_tell'
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
  // A log-in that has ended: its last word stays in `me` while the next one cannot be asked for.
  const [ended, setEnded] = useState<Me | null>(null)
  const value = me.value === ended ? null : me.value
  const [before, setBefore] = useState(lastMe)
  const meAtMs = useMemo(() => (value === null ? (before?.atMs ?? 0) : Date.now()), [value, before])
  const { value: latest, again } = me
  const leave = useCallback(() => {
    for (const name of ofRider) forget(name)
    setEnded(latest)
    setBefore(null)
    again()
  }, [latest, again])
  useEffect(() => {
    if (!gone) {
      if (value !== null) remember('me', value)
      return
    }
    for (const name of ofRider) forget(name)
    setEnded(latest)
    setBefore(null)
  }, [gone, value, latest])
  const isUnasked = trouble !== null && unasked.includes(trouble)
  const told = before?.value ?? null
  const known = gone ? null : (value ?? (isUnasked ? told : null))
  const rideId = (me.loading ? told : known)?.activeTripId ?? null
  return useMemo(
    () => ({
      api,
      config,
      me: known,
      rideId,
      meLoading: me.loading,
      meTrouble: gone ? null : trouble,
      reloadMe: again,
      meAtMs,
      leave,
      inHand,
      takeInHand,
    }),
    [config, known, rideId, me.loading, again, meAtMs, leave, gone, trouble, inHand],
  )
}

/** The rider as last known; a reservation whose time has passed since then is not one any more. */
function lastMe(): Known<Me> | null {
  const known = lastKnown<Me>('me')
  const reservation = known?.value.reservation ?? null
  if (known === null || reservation === null) return known
  const isOver = Date.now() > known.atMs + reservation.realSecondsLeft * 1_000
  return isOver ? { ...known, value: { ...known.value, reservation: null } } : known
}

/** Says which bike this page is about, for as long as it is shown. */
export function useInHand(number: string | null): void {
  const { takeInHand } = useRider()
  useEffect(() => {
    takeInHand(number)
    return () => takeInHand(null)
  }, [number, takeInHand])
}
