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
export function createRate(perSecond: () => number, burst: number, startMs: number): Rate {
  let tokens = burst
  let countedAtMs = startMs
  const count = (nowMs: number) => {
    const passedMs = Math.max(0, nowMs - countedAtMs)
    countedAtMs = Math.max(countedAtMs, nowMs)
    if (tokens < burst) tokens = Math.min(burst, tokens + (passedMs / 1_000) * perSecond())
  }
  return {
    take: (nowMs) => {
      count(nowMs)
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    waitMs: (nowMs) => {
      count(nowMs)
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond()) * 1_000)
    },
    grant: (granted, nowMs) => {
      count(nowMs)
      tokens = Math.max(tokens, granted)
    },
  }
}
