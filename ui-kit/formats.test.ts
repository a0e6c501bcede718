import { describe, expect, it } from 'vitest'
import { formatAge, formatBikeNumber, formatDistance, formatMoney, formatStopwatch, walkMinutes } from './formats.ts'

describe('money', () => {
  it('is told in whole units of its currency', () => {
    expect(formatMoney('en-GB', 9_900, 'CNY')).toBe('¥99.00')
    expect(formatMoney('en-GB', 5, 'EUR')).toBe('€0.05')
    expect(formatMoney('en-GB', -120, 'EUR')).toBe('-€1.20')
  })
  it('knows currencies without minor digits', () => {
    expect(formatMoney('en-GB', 300, 'JPY')).toBe('¥300')
  })
})

describe('a distance', () => {
  it('is rounded as far as a walker cares', () => {
    expect(formatDistance('en-GB', 43)).toBe('40 m')
    expect(formatDistance('en-GB', 1_240)).toBe('1.2 km')
  })
  it('is never zero minutes away', () => {
    expect([0, 79, 200].map(walkMinutes)).toEqual([1, 1, 3])
  })
})

describe('a running clock', () => {
  it('shows hours only when there are any', () => {
    expect([0, 247_000, 3_847_000].map(formatStopwatch)).toEqual(['0:00', '4:07', '1:04:07'])
  })
  it('never runs backwards below zero', () => {
    expect(formatStopwatch(-5_000)).toBe('0:00')
  })
})

it('tells an age in the largest unit that fits', () => {
  expect([12_000, 300_000, 7_200_000, 259_200_000].map((ms) => formatAge('en-GB', ms))).toEqual([
    '12 secs',
    '5 mins',
    '2 hrs',
    '3 days',
  ])
})

it('prints a bike number in threes, as on the bike', () => {
  expect(formatBikeNumber('123456')).toBe('123 456')
  expect(formatBikeNumber('12345')).toBe('12 345')
})
