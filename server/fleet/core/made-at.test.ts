import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestFirstWordMs, madeAtMs, uptimeZeroAt } from './made-at.ts'

const zero = 1_900_000_000_000

describe('the time at which a record was made', () => {
  it.each([
    ['is the wall clock of a lock that has the network time', { u: 60_000, t: zero + 60_050, tq: 2 }, zero + 60_050],
    ['is counted from the boot when the clock is not set', { u: 60_000, t: 0, tq: 0 }, zero + 60_000],
    ['is counted from the boot when the clock says it is unset', { u: 60_000, t: zero + 60_050, tq: 0 }, zero + 60_000],
    ['is counted from the boot when the clock is ahead', { u: 60_000, t: zero + 62_050, tq: 3 }, zero + 60_000],
    ['is counted from the boot when nobody has set the clock', { u: 60_000, t: zero + 50_000, tq: 1 }, zero + 60_000],
    [
      'is counted from the boot when the clock is a day back',
      { u: 60_000, t: zero - 86_400_000, tq: 1 },
      zero + 60_000,
    ],
    [
      'is the wall clock when the first word of the boot came late',
      { u: 60_000, t: zero + 60_000 - latestFirstWordMs, tq: 2 },
      zero + 60_000 - latestFirstWordMs,
    ],
  ])('%s', (_, clocks, expected) => {
    expect(madeAtMs(clocks, zero)).toBe(expected)
  })

  it('is a plausible time, whatever a lock says', () => {
    const clock = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const clocks = fc.record({ u: clock, t: clock, tq: fc.integer({ min: 0, max: 3 }) })
    fc.assert(
      fc.property(clocks, fc.integer({ min: 0, max: 4_102_444_800_000 }), (said, receivedAtMs) => {
        const madeAt = madeAtMs(said, uptimeZeroAt(said.u, receivedAtMs))
        expect(Number.isSafeInteger(madeAt)).toBe(true)
        expect(madeAt).toBeGreaterThanOrEqual(1_577_836_800_000)
        expect(madeAt).toBeLessThanOrEqual(4_102_444_800_000)
      }),
    )
  })
})
