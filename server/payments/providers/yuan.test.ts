import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestAmountMinor, minor } from '../../../contracts/units.ts'
import { fenFrom, yuanFrom } from './yuan.ts'

describe('an amount on its way to Alipay and back', () => {
  it('is the same for every amount we can have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: largestAmountMinor }), (fen) => {
        expect(yuanFrom(minor(fen))).toMatch(/^(0|[1-9][0-9]*)\.[0-9]{2}$/)
        expect(fenFrom(yuanFrom(minor(fen)))).toBe(fen)
      }),
    )
  })

  it.each([
    ['1.50', 150],
    ['1.5', 150],
    ['1', 100],
    ['0.01', 1],
    ['1000000.00', 100_000_000],
  ])('%s is %i fen', (yuan, fen) => expect(fenFrom(yuan)).toBe(fen))

  it.each(['', '1.505', '-1', '+1', '01', '1e3', '1,50', ' 1', '.5', '1000000.01', '٣', 'NaN'])(
    '"%s" is no amount',
    (yuan) => expect(fenFrom(yuan)).toBeNull(),
  )

  it.each([1.5, -1, Number.NaN, largestAmountMinor + 1])('%d fen is a bug, never a payment', (fen) =>
    expect(() => yuanFrom(minor(fen))).toThrow('whole number of fen'),
  )
})
