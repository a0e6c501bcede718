import type { Random } from '../../contracts/random.ts'

export interface BackOffLimits {
  readonly baseMs: number
  readonly capMs: number
  /** A connection that lived this long proves that the network is well again. */
  readonly resetAfterMs: number
}

export const fieldBackOff: BackOffLimits = { baseMs: 2_000, capMs: 300_000, resetAfterMs: 60_000 }
/** 2^20 base delays are over any cap. */
const maxExponent = 20

export interface BackOff {
  /** Full jitter: anywhere between now and the growing ceiling, so that a fleet does not return as one. */
  nextDelayMs(): number
  connectionEnded(livedMs: number): void
  spread(seconds: number): void
}

export function createBackOff(random: Random, limits: BackOffLimits = fieldBackOff): BackOff {
  let failures = 0
  let spreadMs = 0
  return {
    nextDelayMs: () => {
      const ceilingMs = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(failures, maxExponent))
      failures++
      const delayMs = Math.floor(random.next() * Math.max(ceilingMs, spreadMs))
      spreadMs = 0
      return delayMs
    },
    connectionEnded: (livedMs) => {
      if (livedMs >= limits.resetAfterMs) failures = 0
    },
    spread: (seconds) => {
      spreadMs = seconds * 1_000
    },
  }
}

/** 64-bit session nonce as the 16 hex digits of `sid`. */
export function sessionNonce(random: Random): string {
  const half = () => random.integer(0, 0xffffffff).toString(16).padStart(8, '0')
  return half() + half()
}
