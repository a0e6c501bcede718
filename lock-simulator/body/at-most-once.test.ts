import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GateOptions } from '../firmware/command-gate.ts'
import { type Misdeed, runHour } from './one-hour.fixture.ts'

type MisdeedKind = Misdeed['kind']
const mostSeeds = 150

/** The kinds of misdeed of a lock with these planted bugs, in one-hour runs until all of `wanted` were seen. */
function misdeedsOf(options: GateOptions, wanted: readonly MisdeedKind[], seeds = mostSeeds): ReadonlySet<MisdeedKind> {
  const kinds = new Set<MisdeedKind>()
  for (let seed = 0; seed < seeds && !(wanted.length > 0 && wanted.every((kind) => kinds.has(kind))); seed++) {
    for (const { kind } of runHour(seed, options).misdeeds) kinds.add(kind)
  }
  return kinds
}

describe('a lock in a hostile hour of loss, repeats, replays and power cuts', () => {
  it('moves its bolt for no command twice, none late, none of an earlier boot, none on a turning wheel, and obeys again once the world heals', () => {
    let [moved, closed] = [0, 0]
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { misdeeds, openings, closings, healed } = runHour(seed, {})
        moved += openings + closings
        closed += closings
        expect(misdeeds).toEqual([])
        expect(healed).toEqual({ isConnected: true, isOutboxEmpty: true, saysWhatIs: true, opensAgain: true })
      }),
      { numRuns: 30, seed: 1 },
    )
    // The hour is hostile, not dead: otherwise this proves nothing.
    expect(moved).toBeGreaterThan(200)
    expect(closed).toBeGreaterThan(50)
  })

  it('does the same twice for the same seed', () => {
    expect(runHour(4, {}).trace).toEqual(runHour(4, {}).trace)
  })
})

describe('the checkers', () => {
  it('catch a lock that does not bind commands to its boot', () => {
    const kinds = misdeedsOf({ withoutBootBinding: true }, ['other-boot', 'late'])
    expect(kinds).toContain('other-boot')
    expect(kinds).toContain('late')
  })

  it('catch a lock that ignores the deadline', () => {
    expect(misdeedsOf({ withoutDeadline: true }, ['late'])).toContain('late')
  })

  it('catch a lock that counts in RAM, once nothing else stands in for the counter', () => {
    expect(misdeedsOf({ ramCounter: true, withoutBootBinding: true }, ['twice'])).toContain('twice')
  })

  it('catch a lock that closes whatever its wheel does', () => {
    expect(misdeedsOf({ withoutWheelGuard: true }, ['closed-on-a-turning-wheel'])).toContain(
      'closed-on-a-turning-wheel',
    )
  })

  it('find that the boot id alone covers for a counter in RAM', () => {
    expect(misdeedsOf({ ramCounter: true }, [], 10)).toEqual(new Set())
  })
})
