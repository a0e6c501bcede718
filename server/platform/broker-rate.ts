/** A token bucket: `burst` at once, `perSecond` for ever. Time is an argument, so any clock will do. */
export interface Rate {
  /** Takes one token if there is one. */
  take(nowMs: number): boolean
  /** How long until there is a token, ms; 0 when there is one. */
  waitMs(nowMs: number): number
  /** A larger stock, once; it is not refilled above `burst`. */
  grant(tokens: number, nowMs: number): void
}

/** `perSecond` is asked each time, since it follows the city clock's speed. */
export const createRate = (perSecond: () => number, burst: number, startMs: number): Rate =>
  new Bucket(perSecond, burst, startMs)

/** A class, because every lock has three: closures took five times the memory. */
class Bucket implements Rate {
  readonly #perSecond: () => number
  readonly #burst: number
  #tokens: number
  #countedAtMs: number

  constructor(perSecond: () => number, burst: number, startMs: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#countedAtMs = startMs
  }

  take(nowMs: number): boolean {
    this.#count(nowMs)
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  waitMs(nowMs: number): number {
    this.#count(nowMs)
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond()) * 1_000)
  }

  grant(granted: number, nowMs: number): void {
    this.#count(nowMs)
    this.#tokens = Math.max(this.#tokens, granted)
  }

  #count(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.#countedAtMs)
    this.#countedAtMs = Math.max(this.#countedAtMs, nowMs)
    if (this.#tokens >= this.#burst) return
    this.#tokens = Math.min(this.#burst, this.#tokens + (passedMs / 1_000) * this.#perSecond())
  }
}
