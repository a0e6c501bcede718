import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestFirstWordMs, lateUptimeZero, madeAtMs, uptimeZeroAt } from './made-at.ts'

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

  it.each([
    ['was told by the network, hours ago', [{ u: 5_000, t: zero + 5_000, tq: 2 }], {}, zero],
    [
      'was told by satellites at the end',
      [
        { u: 0, t: 0, tq: 0 },
        { u: 9_000, t: zero + 9_000, tq: 3 },
      ],
      {},
      zero,
    ],
    ['is not believed of an RTC', [{ u: 9_000, t: zero + 9_000, tq: 1 }], {}, zero + 36_000_000 - 9_000],
    [
      'lies before the next boot, by what it told last',
      [{ u: 9_000, t: 0, tq: 0 }],
      { nextAtMs: zero + 20_000 },
      zero + 11_000,
    ],
    [
      'lies after the boot before',
      [{ u: 9_000, t: zero - 99_000, tq: 2 }],
      { previousAtMs: zero - 1_000 },
      zero - 1_000,
    ],
    ['is as it came in when nothing is known', [{ u: 9_000, t: 0, tq: 0 }], {}, zero + 36_000_000 - 9_000],
  ])('of a boot that was never heard while it ran %s', (_, clocks, between, expected) => {
    const newest = Math.max(...clocks.map(({ u }) => u))
    const neighbours = { previousAtMs: null, nextAtMs: null, ...between }
    expect(lateUptimeZero(clocks, newest, zero + 36_000_000, neighbours)).toBe(expected)
  })

  it.each([
    ['when its first word came in, without a clock', { t: 0, tq: 0 }, zero + 11_000],
    ['when satellites say that it did, however late its first word was', { t: zero + 6_000, tq: 3 }, zero],
    ['when its first word came in, by the network: that is as late', { t: zero + 1_000, tq: 2 }, zero + 11_000],
    ['no later than its first word came in', { t: zero + 90_000, tq: 3 }, zero + 11_000],
    ['no earlier than any first word can be', { t: zero - latestFirstWordMs, tq: 3 }, zero + 11_000],
  ])('of a boot that is heard begins %s', (_, { t, tq }, expected) => {
    expect(uptimeZeroAt(6_000, zero + 17_000, [{ u: 6_000, t, tq }])).toBe(expected)
  })

  it('is a plausible time, whatever a lock says', () => {
    const clock = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const clocks = fc.record({ u: clock, t: clock, tq: fc.integer({ min: 0, max: 3 }) })
    fc.assert(
      fc.property(clocks, fc.integer({ min: 0, max: 4_102_444_800_000 }), (said, receivedAtMs) => {
        const madeAt = madeAtMs(said, uptimeZeroAt(said.u, receivedAtMs, [said]))
        expect(Number.isSafeInteger(madeAt)).toBe(true)
        expect(madeAt).toBeGreaterThanOrEqual(1_577_836_800_000)
        expect(madeAt).toBeLessThanOrEqual(4_102_444_800_000)
      }),
    )
  })
})
