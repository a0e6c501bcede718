import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromAmountField, toAmountField } from './amount-field.ts'

describe('a field for an amount', () => {
  it.each([
    ['1.5', 150],
    ['1,50', 150],
    ['12', 1_200],
    ['0.05', 5],
    ['1.505', null],
    ['', null],
    ['-1', null],
    ['1e3', null],
  ])('with %j in it is %j minor units', (text, minor) => expect(fromAmountField(text, 'CNY')).toBe(minor))

  it('reads what it writes, also where a currency has no cents', () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), fc.constantFrom('CNY', 'EUR', 'JPY'), (minor, currency) => {
        expect(fromAmountField(toAmountField(minor, currency), currency)).toBe(minor)
      }),
    )
  })
})
