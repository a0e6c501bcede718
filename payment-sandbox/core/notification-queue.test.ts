import { describe, expect, it } from 'vitest'
import { afterAttempt, type Pending, pendingOf, retryWaitsMs } from './notification-queue.ts'

const fresh = pendingOf({ notifyId: 'n', notifyType: 'fund_auth_freeze', url: 'http://m', createdMs: 100, fields: {} })

describe('a notification', () => {
  it('is due at once and gone when it is acknowledged', () => {
    expect(fresh.dueMs).toBe(100)
    expect(afterAttempt(fresh, true, 100, 1)).toEqual({ kind: 'delivered' })
  })

  it("is sent eight times on Alipay's schedule and then given up", () => {
    const waits: number[] = []
    let pending: Pending | undefined = fresh
    let nowMs = 0
    while (pending !== undefined) {
      const next = afterAttempt(pending, false, nowMs, 1)
      if (next.kind === 'retry') waits.push(next.pending.dueMs - nowMs)
      pending = next.kind === 'retry' ? next.pending : undefined
      nowMs = pending?.dueMs ?? nowMs
    }
    expect(waits).toEqual(retryWaitsMs)
    expect(waits.map((ms) => ms / 60_000)).toEqual([4, 10, 10, 60, 120, 360, 900])
  })

  it('is retried sooner under a fast clock, but not within a second', () => {
    expect(afterAttempt(fresh, false, 0, 10)).toMatchObject({ pending: { dueMs: 24_000 } })
    expect(afterAttempt(fresh, false, 0, 10_000)).toMatchObject({ pending: { dueMs: 1_000 } })
  })
})
