import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysFrom, questionOf, rangeInAddress, whyNotOwn, withRange } from './range-in-address.ts'

const read = (query: string) => rangeInAddress(new URLSearchParams(query))

describe('the days in the address', () => {
  it('are the last seven where nothing else is said, and where it is wrong', () => {
    for (const query of ['', 'days=0', 'days=401', 'days=x', 'from=2026-11-02', 'from=2026-11-02&to=2026-11-01']) {
      expect(read(query)).toEqual({ kind: 'last', days: 7 })
    }
    expect(read('from=2026-02-30&to=2026-03-01&days=28')).toEqual({ kind: 'last', days: 28 })
  })

  it('come back as they were put in, beside what else is there', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.record({ kind: fc.constant('last' as const), days: fc.integer({ min: 1, max: 400 }) }),
          fc.tuple(fc.integer({ min: 18_000, max: 24_000 }), fc.integer({ min: 0, max: 399 })).map(([day, more]) => ({
            ...{ kind: 'own' as const, from: dateOf(day), to: dateOf(day + more) },
          })),
        ),
        (range) => {
          const query = withRange(new URLSearchParams('sort=name&days=3&from=x'), range)
          expect(query.get('sort')).toBe('name')
          expect(rangeInAddress(query)).toEqual(range)
          expect(rangeInAddress(new URLSearchParams(questionOf(range)))).toEqual(range)
        },
      ),
    )
  })

  it('are told apart when they are no range', () => {
    expect(whyNotOwn('2026-11-01', '')).toBe('incomplete')
    expect(whyNotOwn('2026-11-02', '2026-11-01')).toBe('backwards')
    expect(whyNotOwn('2025-01-01', '2026-11-01')).toBe('too_long')
    expect(whyNotOwn('2026-11-01', '2026-11-01')).toBeNull()
  })

  it('are each there once, also over a change of the clock', () => {
    expect(daysFrom('2026-10-24', '2026-10-27')).toEqual(['2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27'])
  })
})

const dateOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
