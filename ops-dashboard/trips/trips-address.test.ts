import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTripsView, type TripsView, tripsQuestion, tripsSorts, tripsTabs, writeTripsView } from './trips-address.ts'

const day = fc.constantFrom('', '2026-11-22', '2026-12-31')
const view: fc.Arbitrary<TripsView> = fc.record({
  tab: fc.constantFrom(...tripsTabs),
  number: fc.constantFrom('', '10019'),
  from: day,
  to: day,
  q: fc.constantFrom('', '2026-000123'),
  sort: fc.constantFrom(...tripsSorts),
})

describe('the address of the trips', () => {
  it('says what the page shows, and the page shows what it says', () => {
    fc.assert(
      fc.property(view, (shown) => {
        expect(readTripsView(writeTripsView(shown))).toEqual(shown)
      }),
    )
  })
  it('with nonsense in it is the usual one', () => {
    expect(readTripsView('?tab=all&number=x&from=yesterday&q=a&sort=up')).toEqual({
      ...{ tab: 'ended', number: '', from: '', to: '', q: '', sort: 'asked' },
    })
    expect(writeTripsView(readTripsView(''))).toBe('')
  })
  it('asks for whole days of the city', () => {
    const asked = tripsQuestion(
      { ...readTripsView('?from=2026-12-31&to=2026-12-31') },
      (text) => Date.parse(text),
      null,
    )
    const query = new URL(asked, 'http://x').searchParams
    expect(Number(query.get('to')) - Number(query.get('from'))).toBe(86_400_000)
  })
})
