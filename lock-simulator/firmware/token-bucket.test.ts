import { describe, expect, it } from 'vitest'
import { burstTokens, endGrant, fullBucket, grantTokens, hasGrant, spendToken } from './token-bucket.ts'

const spendAll = (bucket: ReturnType<typeof fullBucket>, atMs: number) => {
  let spent = 0
  while (spendToken(bucket, atMs)) spent++
  return spent
}

describe("a lock's own rate", () => {
  it('is a burst, and five a second', () => {
    const bucket = fullBucket()
    expect(spendAll(bucket, 0)).toBe(burstTokens)
    expect(spendAll(bucket, 1_000)).toBe(5)
    expect(spendAll(bucket, 3_600_000)).toBe(burstTokens)
  })

  it('is larger once when the server says so, and only for that connection', () => {
    const bucket = fullBucket()
    grantTokens(bucket, 100)
    expect(hasGrant(bucket)).toBe(true)
    expect(spendAll(bucket, 0)).toBe(100)
    expect(spendAll(bucket, 60_000)).toBe(burstTokens)
    grantTokens(bucket, 100)
    endGrant(bucket)
    expect(spendAll(bucket, 60_000)).toBe(burstTokens)
  })
})
