import { describe, expect, it } from 'vitest'
import { kilometres, minutes, plainRides, signedKilometres, signedRides } from './formats.ts'

describe('numbers of a plan', () => {
  it('have a true minus, a plus, and a tenth where a tenth decides', () => {
    expect([0.83, -0.83, 41.2, -41.2, 1].map((rides) => signedRides('en-GB', rides))).toEqual([
      '+0.8',
      '−0.8',
      '+41',
      '−41',
      '+1.0',
    ])
    expect(signedKilometres('en-GB', -1_240)).toBe('−1.2 km')
  })
  it('say nothing of what nobody can notice', () => {
    expect([0, 0.04, -0.04].map((rides) => signedRides('en-GB', rides))).toEqual(['0', '0', '0'])
    expect(plainRides('en-GB', 0)).toBe('0')
  })
  it('are written as the language writes them', () => {
    expect(signedRides('nl-NL', 1.25)).toBe('+1,3')
    expect(kilometres('nl-NL', 61_200)).toBe('61 km')
    expect(minutes('zh-Hans-CN', 13.6)).toBe('14分钟')
  })
})
