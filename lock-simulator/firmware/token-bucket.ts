/** The broker lets a lock send 5 messages a second, 20 at once; the lock keeps to it by itself. */
export const burstTokens = 20
const refillMs = 200

export interface TokenBucket {
  tokens: number
  atMs: number
}

export const fullBucket = (): TokenBucket => ({ tokens: burstTokens, atMs: 0 })

/** Takes one token, if there is one. */
export function spendToken(bucket: TokenBucket, uptimeMs: number): boolean {
  const refilled = Math.floor((uptimeMs - bucket.atMs) / refillMs)
  // What was granted beyond the burst is spent, never refilled.
  if (bucket.tokens < burstTokens) bucket.tokens = Math.min(burstTokens, bucket.tokens + refilled)
  bucket.atMs = bucket.tokens >= burstTokens ? uptimeMs : bucket.atMs + refilled * refillMs
  if (bucket.tokens < 1) return false
  bucket.tokens--
  return true
}

/** The server lets a full outbox out at once: a larger stock for this connection. */
export function grantTokens(bucket: TokenBucket, tokens: number): void {
  bucket.tokens = Math.max(bucket.tokens, tokens)
}

/** What was granted ends with the connection. */
export function endGrant(bucket: TokenBucket): void {
  bucket.tokens = Math.min(bucket.tokens, burstTokens)
}

export const hasGrant = (bucket: TokenBucket): boolean => bucket.tokens > burstTokens
