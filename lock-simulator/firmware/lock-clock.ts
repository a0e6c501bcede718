import { latestPlausibleMs } from '../../contracts/units.ts'

/** How far the wall clock can be trusted: 0 unset, 1 the lock's own battery-backed clock, 2 network, 3 satellites. */
type ClockQuality = 0 | 1 | 2 | 3

/** Wall time as the lock knows it: unix ms = uptime + offset. Never used for a decision, only to stamp records. */
export interface LockClock {
  readonly offsetMs: number
  readonly quality: ClockQuality
}

export const unsetClock: LockClock = { offsetMs: 0, quality: 0 }

/** What the battery-backed clock says at boot, unix ms; null: it has lost its time. It may be wrong by days. */
export const clockAtBoot = (rtcMs: number | null, uptimeMs: number): LockClock =>
  rtcMs === null ? unsetClock : { offsetMs: rtcMs - uptimeMs, quality: 1 }

/**
 * Server time in a `sync` was true when it was sent, so it is never ahead of the truth: of several the latest wins, and
 * a delayed or replayed one cannot turn the clock back. Satellite time is better and stays.
 */
export function heardServerTime(clock: LockClock, serverMs: number, uptimeMs: number): LockClock {
  const offsetMs = serverMs - uptimeMs
  if (clock.quality === 3 || (clock.quality === 2 && offsetMs <= clock.offsetMs)) return clock
  return { offsetMs, quality: 2 }
}

export const heardSatelliteTime = (satelliteMs: number, uptimeMs: number): LockClock => ({
  offsetMs: satelliteMs - uptimeMs,
  quality: 3,
})

export interface RecordStamp {
  readonly q: number
  readonly u: number
  readonly t: number
  readonly tq: ClockQuality
}

export function stampRecord(clock: LockClock, q: number, uptimeMs: number): RecordStamp {
  if (clock.quality === 0) return { q, u: uptimeMs, t: 0, tq: 0 }
  const t = Math.min(latestPlausibleMs, Math.max(0, Math.round(clock.offsetMs + uptimeMs)))
  return { q, u: uptimeMs, t, tq: clock.quality }
}
