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

export const createUptimeClock = (random: Random, nowMs: () => number): UptimeClock => new Oscillator(random, nowMs)

/** A class, because a process holds a hundred thousand. */
class Oscillator implements UptimeClock {
  readonly #nowMs: () => number
  readonly #rate: number
  #bootAtMs: number
  #latestMs = 0

  constructor(random: Random, nowMs: () => number) {
    this.#nowMs = nowMs
    this.#rate = 1 + ((random.next() * 2 - 1) * maxDriftPpm) / 1_000_000
    this.#bootAtMs = nowMs()
  }

  uptimeMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#uptimeAt(this.#nowMs()))
    return this.#latestMs
  }

  cityMsAt(uptimeMs: number): number {
    const cityMs = Math.ceil(this.#bootAtMs + uptimeMs / this.#rate)
    // One ms early by rounding would find nothing due, ask for the same moment, and so for ever.
    return this.#uptimeAt(cityMs) < uptimeMs ? cityMs + 1 : cityMs
  }

  restart(): void {
    this.#bootAtMs = this.#nowMs()
    this.#latestMs = 0
  }

  #uptimeAt(cityMs: number): number {
    return Math.floor((cityMs - this.#bootAtMs) * this.#rate)
  }
}
