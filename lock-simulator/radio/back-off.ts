import type { Random } from '../../contracts/random.ts'

export interface BackOffLimits {
  readonly baseMs: number
  readonly capMs: number
  /** A connection that lived this long proves that the network is well again. */
  readonly resetAfterMs: number
}

export const fieldBackOff: BackOffLimits = { baseMs: 2_000, capMs: 300_000, resetAfterMs: 60_000 }
export interface BackOff {
  /**
   * Full jitter: anywhere between now and a ceiling of twice what has been waited already, so that a fleet does not
   * return as one. That doubles with each attempt, as 2^n does on average, and spares a lock whose draws were all short
   * (one of a hundred after 8 s) a ceiling of minutes that the outage never gave a reason for.
   */
  nextDelayMs(): number
  connectionEnded(livedMs: number): void
  spread(seconds: number): void
}

export const createBackOff = (random: Random, limits: BackOffLimits = fieldBackOff): BackOff =>
  new JitteredBackOff(random, limits)

/** A class, because a process holds a hundred thousand. */
class JitteredBackOff implements BackOff {
  readonly #random: Random
  readonly #limits: BackOffLimits
  #waitedMs = 0
  #spreadMs = 0

  constructor(random: Random, limits: BackOffLimits) {
    this.#random = random
    this.#limits = limits
  }

  nextDelayMs(): number {
    const { baseMs, capMs } = this.#limits
    const ceilingMs = Math.min(capMs, Math.max(baseMs, 2 * this.#waitedMs))
    const delayMs = Math.floor(this.#random.next() * Math.max(ceilingMs, this.#spreadMs))
    this.#waitedMs += delayMs
    this.#spreadMs = 0
    return delayMs
  }

  connectionEnded(livedMs: number): void {
    if (livedMs >= this.#limits.resetAfterMs) this.#waitedMs = 0
  }

  spread(seconds: number): void {
    this.#spreadMs = seconds * 1_000
  }
}

/** 64-bit session nonce as the 16 hex digits of `sid`. */
export function sessionNonce(random: Random): string {
  const half = () => random.integer(0, 0xffffffff).toString(16).padStart(8, '0')
  return half() + half()
}
