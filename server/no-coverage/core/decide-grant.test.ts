import { describe, expect, it } from 'vitest'
import { decideGrant, type EarlierGrant, type GrantQuestion, mostGrantsPerTrip } from './decide-grant.ts'

const earlier: EarlierGrant = {
  ...{ grantId: 'g1', isOfThisTrip: true, state: 'outstanding', nonce: 'old' },
  ...{ bootId: 3, challengedUptime: 1_000, counter: 8 },
}
const question: GrantQuestion = {
  trip: { state: 'unlocking', riderFree: false },
  riderHasAnotherTrip: false,
  grantsOfTrip: 0,
  challenge: { n: 'new', b: 3, u: 5_000, s: 7, bolt: 'locked' },
  earlier: [],
}
const ask = (change: Partial<GrantQuestion>) => {
  const decision = decideGrant({ ...question, ...change })
  return decision.kind === 'refusal' ? decision.code : decision
}

describe('a phone that asks to open a lock', () => {
  it.each(['promised', 'unlocking', 'paused'] as const)('may, while its ride is %s', (state) => {
    expect(ask({ trip: { state, riderFree: false } })).toEqual({ kind: 'issue', dead: [] })
  })

  it.each(['riding', 'ending', 'ended', 'charged', 'failed', 'cancelled'] as const)(
    'may not, when its ride is %s',
    (state) => {
      expect(ask({ trip: { state, riderFree: false } })).toBe('trip_wrong_state')
    },
  )

  it('gets the same answer for the same challenge, as long as that may still open', () => {
    const same = { ...earlier, nonce: 'new', challengedUptime: 5_000 }
    expect(ask({ earlier: [same] })).toEqual({ kind: 'again', grantId: 'g1' })
    expect(ask({ earlier: [{ ...same, state: 'opened' }] })).toBe('no_coverage_stale')
    expect(ask({ earlier: [{ ...same, isOfThisTrip: false }] })).toBe('no_coverage_stale')
  })

  it('with a challenge of before another one is replaying it', () => {
    expect(ask({ earlier: [{ ...earlier, state: 'opened', challengedUptime: 5_000 }] })).toBe('no_coverage_stale')
    expect(ask({ challenge: { ...question.challenge, b: 2, u: 9_000 }, earlier: [earlier] })).toBe('no_coverage_stale')
    // After a reset the lock counts its time from the beginning.
    const decision = ask({ challenge: { ...question.challenge, b: 4, u: 10 }, earlier: [earlier] })
    expect(decision).toEqual({ kind: 'issue', dead: ['g1'] })
  })

  it('proves by the counter of its challenge what became of the grant before', () => {
    expect(ask({ earlier: [earlier] })).toEqual({ kind: 'issue', dead: ['g1'] })
    expect(ask({ earlier: [earlier], challenge: { ...question.challenge, s: 8 } })).toBe('no_coverage_open')
    const ofAnother = { ...earlier, isOfThisTrip: false }
    expect(ask({ earlier: [ofAnother], challenge: { ...question.challenge, s: 8 } })).toEqual({
      kind: 'issue',
      dead: [],
    })
  })

  it('is refused when its rider rides elsewhere, the bolt is open, or it asked too often', () => {
    expect(ask({ trip: { state: 'unlocking', riderFree: true }, riderHasAnotherTrip: true })).toBe('rider_has_trip')
    const open = { ...question.challenge, bolt: 'unlocked' } as const
    expect(ask({ trip: { state: 'paused', riderFree: false }, challenge: open })).toBe('no_coverage_open')
    expect(ask({ grantsOfTrip: mostGrantsPerTrip })).toBe('no_coverage_enough')
  })
})
