import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDigit, isBikeNumber } from './bike-number.ts'

const numbers = fc.stringMatching(/^[0-9]{3,7}$/).map((digits) => `${digits}${checkDigit(digits)}`)

describe('a bike number', () => {
  it('is one of ours with its own check digit', () => {
    fc.assert(fc.property(numbers, (number) => isBikeNumber(number)))
    // The example of Damm's thesis.
    expect(checkDigit('572')).toBe(4)
  })

  it('is not one of ours when any one digit is wrong', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        for (let at = 0; at < number.length; at++) {
          for (let digit = 0; digit <= 9; digit++) {
            const typed = `${number.slice(0, at)}${digit}${number.slice(at + 1)}`
            expect(isBikeNumber(typed), typed).toBe(typed === number)
          }
        }
      }),
    )
  })

  it('is not one of ours when two neighbours that differ are swapped', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        for (let at = 0; at + 1 < number.length; at++) {
          const typed = `${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`
          expect(isBikeNumber(typed), typed).toBe(typed === number)
        }
      }),
    )
  })

  it.each(['', '123', '123456789', '12a4', ' 5724', '٥٧٢٤'])('"%s" has not even the form of one', (typed) => {
    expect(isBikeNumber(typed)).toBe(false)
  })
})
