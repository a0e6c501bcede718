import type { Random } from '../../contracts/random.ts'

/** A crystal without temperature compensation is off by up to this much, and stays off by the same. */
const maxDriftPpm = 100

export interface UptimeClock {
  /** Whole ms since boot by the lock's own oscillator; never goes back. */
  uptimeMs(): number
  /** The city time at which the uptime has reached `uptimeMs`. */
  cityMsAt(uptimeMs: number): number
  restart(): void
}

export function createUptimeClock(random: Random, nowMs: () => number): UptimeClock {
  const rate = 1 + ((random.next() * 2 - 1) * maxDriftPpm) / 1_000_000
  let bootAtMs = nowMs()
  let latestMs = 0
  const uptimeAt = (cityMs: number) => Math.floor((cityMs - bootAtMs) * rate)
  return {
    uptimeMs: () => {
      latestMs = Math.max(latestMs, uptimeAt(nowMs()))
      return latestMs
    },
    cityMsAt: (uptimeMs) => {
      const cityMs = Math.ceil(bootAtMs + uptimeMs / rate)
      // One ms early by rounding would find nothing due, ask for the same moment, and so for ever.
      return uptimeAt(cityMs) < uptimeMs ? cityMs + 1 : cityMs
    },
    restart: () => {
      bootAtMs = nowMs()
      latestMs = 0
    },
  }
}
