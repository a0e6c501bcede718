import type { BikeState } from '../../../contracts/live/bike-states.ts'
import type { EpochMs } from '../../../contracts/units.ts'
import { silentAfterMs } from './bike-state.ts'

/** A lock on the way reports its place every few seconds: after so long, city time, it is not where the map has it. */
export const lostAfterMs = 300_000

/** Whether the last word of a bike is so old that its mark on the map is only a memory. */
export function isAged(state: BikeState, lastHeardAtMs: EpochMs | null, nowMs: EpochMs): boolean {
  if (lastHeardAtMs === null) return true
  const isOnTheWay = state === 'riding' || state === 'unlocking'
  return nowMs - lastHeardAtMs > (isOnTheWay ? lostAfterMs : silentAfterMs)
}
