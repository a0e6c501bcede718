import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GateOptions } from '../firmware/command-gate.ts'
import { type Misdeed, runHour } from './one-hour.fixture.ts'

const seedsForMutants = 150

/** All misdeeds of a lock with these planted bugs, over many one-hour runs. */
function misdeedsOf(options: GateOptions): ReadonlySet<Misdeed['kind']> {
  const kinds = new Set<Misdeed['kind']>()
  for (let seed = 0; seed < seedsForMutants; seed++) {
    for (const { kind } of runHour(seed, options).misdeeds) kinds.add(kind)
  }
  return kinds
}

describe('a lock in a hostile hour of loss, repeats, replays and power cuts', () => {
  it('opens for no command twice, none late and none of an earlier boot', () => {
    let opened = 0
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { misdeeds, openings } = runHour(seed, {})
        opened += openings
        expect(misdeeds).toEqual([])
      }),
      { numRuns: 150 },
    )
    // The hour is hostile, not dead: otherwise this proves nothing.
    expect(opened).toBeGreaterThan(500)
  })

  it('does the same twice for the same seed', () => {
    expect(runHour(4, {}).trace).toEqual(runHour(4, {}).trace)
  })
})

describe('the checkers', () => {
  it('catch a lock that does not bind commands to its boot', () => {
    const kinds = misdeedsOf({ withoutBootBinding: true })
    expect(kinds).toContain('other-boot')
    expect(kinds).toContain('late')
  })

  it('catch a lock that ignores the deadline', () => {
    expect(misdeedsOf({ withoutDeadline: true })).toContain('late')
  })

  it('catch a lock that counts in RAM, once nothing else stands in for the counter', () => {
    expect(misdeedsOf({ ramCounter: true, withoutBootBinding: true })).toContain('twice')
  })

  it('find that the boot id alone covers for a counter in RAM', () => {
    expect(misdeedsOf({ ramCounter: true })).toEqual(new Set())
  })
})
