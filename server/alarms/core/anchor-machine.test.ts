import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../contracts/units.ts'
import { type AnchorFacts, type AnchorState, type Fix, stepAnchor } from './anchor-machine.ts'

const nowMs = epochMs(1_900_000_000_000)
const fix = (uptimeMs: number, more: Partial<Fix> = {}): Fix => ({
  ...{ lon: 5.12, lat: 52.09, accuracyM: 4, bootId: 7, uptimeMs },
  ...more,
})
const facts = (more: Partial<AnchorFacts> = {}): AnchorFacts => ({
  ...{ nowMs, isTaken: false, fix: fix(1_000), boltUptimeMs: 1_000, isPutDown: false },
  ...more,
})
const away: AnchorState = { kind: 'away' }
const there = (state: AnchorState) => (state.kind === 'set' ? state.anchor : state.kind)

describe('where a bike should be', () => {
  it('is forgotten when a rider takes it, and is where the lock closed', () => {
    const set = stepAnchor(away, facts())
    expect(there(set)).toMatchObject({ lon: 5.12, accuracyM: 4, atMs: nowMs })
    expect(stepAnchor(set, facts({ isTaken: true }))).toEqual(away)
  })

  it('waits for a fix of after the closing: the last one is from under way', () => {
    const closed = facts({ fix: fix(900), boltUptimeMs: 1_000 })
    const waiting = stepAnchor(away, closed)
    expect(waiting.kind).toBe('settling')
    expect(stepAnchor(waiting, closed)).toBe(waiting)
    const later = stepAnchor(waiting, facts({ fix: fix(61_000, { lon: 5.13 }), boltUptimeMs: 61_000 }))
    expect(there(later)).toMatchObject({ lon: 5.13, atMs: nowMs })
  })

  it('is where a crew put it down, and not where it was taken from', () => {
    const stale = facts({ fix: fix(900), boltUptimeMs: 1_000 })
    expect(there(stepAnchor(away, stale))).toBe('settling')
    const put = facts({ fix: fix(-1, { bootId: -1, lon: 5.14 }), isPutDown: true })
    expect(there(stepAnchor(away, put))).toMatchObject({ lon: 5.14 })
  })

  it('after a restart is the first word of its lock, when it was not kept', () => {
    const fresh: AnchorState = { kind: 'settling', sinceMs: nowMs, after: null }
    const kept = facts({ fix: fix(-1), boltUptimeMs: -1 })
    expect(stepAnchor(fresh, kept)).toBe(fresh)
    expect(there(stepAnchor(fresh, facts()))).toMatchObject({ lon: 5.12 })
  })

  it('stays where it was, whatever fixes say later', () => {
    const set = stepAnchor(away, facts())
    expect(stepAnchor(set, facts({ fix: fix(90_000, { lon: 6 }), boltUptimeMs: 90_000 }))).toBe(set)
    expect(stepAnchor(set, facts({ fix: null }))).toBe(set)
  })
})
