import { useEffect, useMemo } from 'react'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import type { FailureCode } from '../../ui-kit/api/api-client.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { lastKnown, remember } from '../../ui-kit/offline/last-known.ts'
import { useRider } from '../rider-state.ts'
import type { NearBikes } from './use-near-bikes.ts'

const slot = 'bikes'
/** Our server did not say no: it was not asked, or not heard. */
const unasked: readonly FailureCode[] = ['offline', 'unreachable', 'timeout']
/** So long the map stays where it is before its surroundings are kept for a time without a network. */
const settledMs = 4_000

/**
 * The bikes near, kept on the device with the map around them: without an answer they are shown as last known.
 * @returns the bikes, and since when they have been known when our server cannot be asked
 */
export function useKeptBikes(
  near: NearBikes,
  looking: MapPoint | null,
): NearBikes & { readonly knownAt: number | null } {
  const { config } = useRider()
  const { bikes, loading, refused } = near
  // that none is there is worth knowing too
  const isFresh = looking !== null && !loading && refused === null
  useEffect(() => {
    if (isFresh) remember(slot, bikes)
  }, [isFresh, bikes])
  useEffect(() => {
    if (!isFresh || config === null) return
    const timer = setTimeout(() => {
      void import('../offline/keep-place.ts').then(({ keepPlace }) => keepPlace(looking, config))
    }, settledMs)
    return () => clearTimeout(timer)
  }, [isFresh, looking, config])
  const isUnasked = refused !== null && unasked.includes(refused.code)
  const kept = useMemo(() => (isUnasked ? lastKnown<readonly BikeNear[]>(slot) : null), [isUnasked])
  if (kept === null) return { ...near, knownAt: null }
  return { ...near, refused: null, bikes: bikes.length > 0 ? bikes : kept.value, knownAt: kept.atMs }
}
