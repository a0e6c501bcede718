import { latestPlausibleMs } from '../../contracts/units.ts'

/** Wall time as the lock knows it: unix ms = uptime + offset. Never used for a decision, only to stamp records. */
export interface LockClock {
  readonly offsetMs: number
  /** 0 unset, 2 network, 3 satellites. */
  readonly quality: 0 | 2 | 3
}

export const unsetClock: LockClock = { offsetMs: 0, quality: 0 }

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
  readonly tq: 0 | 2 | 3
}

export function stampRecord(clock: LockClock, q: number, uptimeMs: number): RecordStamp {
  if (clock.quality === 0) return { q, u: uptimeMs, t: 0, tq: 0 }
  const t = Math.min(latestPlausibleMs, Math.max(0, Math.round(clock.offsetMs + uptimeMs)))
  return { q, u: uptimeMs, t, tq: clock.quality }
}
