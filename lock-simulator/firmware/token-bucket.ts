/** The broker lets a lock send 5 messages a second, 20 at once; the lock keeps to it by itself. */
const burstTokens = 20
const refillMs = 200

export interface TokenBucket {
  tokens: number
  atMs: number
}

export const fullBucket = (): TokenBucket => ({ tokens: burstTokens, atMs: 0 })

/** Takes one token, if there is one. */
export function spendToken(bucket: TokenBucket, uptimeMs: number): boolean {
  const refilled = Math.floor((uptimeMs - bucket.atMs) / refillMs)
  bucket.tokens = Math.min(burstTokens, bucket.tokens + refilled)
  bucket.atMs = bucket.tokens === burstTokens ? uptimeMs : bucket.atMs + refilled * refillMs
  if (bucket.tokens < 1) return false
  bucket.tokens--
  return true
}
