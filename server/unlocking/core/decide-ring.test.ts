import { describe, expect, it } from 'vitest'
import { realMs } from '../../../contracts/units.ts'
import { decideRing, mostRingsAMinute, type RingQuestion, ringEveryMs } from './decide-ring.ts'

const now = realMs(1_790_000_000_000)
const free: RingQuestion = { trip: null, isReservedByOther: false, isInVan: false, rungAt: null, ringsOfRider: 0 }
const asked = (over: Partial<RingQuestion>) => decideRing({ ...free, ...over }, now)?.code ?? null

describe('a bike', () => {
  it('rings for who knows its number, has it reserved or rides it', () => {
    expect(asked({})).toBeNull()
    for (const state of ['riding', 'paused', 'ending'] as const) {
      expect(asked({ trip: { isMine: true, state } })).toBeNull()
    }
  })

  it.each([
    ['somebody else rides it', { trip: { isMine: false, state: 'riding' } }, 'bike_in_use'],
    ['somebody else has reserved it', { isReservedByOther: true }, 'bike_reserved'],
    ['a van has it', { isInVan: true }, 'bike_being_moved'],
    ['its lock is about to open', { trip: { isMine: true, state: 'unlocking' } }, 'lock_busy'],
    ['it rang a moment ago', { rungAt: realMs(now - ringEveryMs + 1) }, 'ring_too_often'],
    ['this rider rings everywhere', { ringsOfRider: mostRingsAMinute }, 'too_many_requests'],
  ] as const)('does not ring when %s', (_, over, code) => expect(asked(over)).toBe(code))

  it('rings again after ten seconds', () => expect(asked({ rungAt: realMs(now - ringEveryMs) })).toBeNull())
})
