import { describe, expect, it } from 'vitest'
import { cityTimeOn, stretched } from '../platform/clock.ts'
import { thisMorning } from './city-clock.ts'

describe('city time', () => {
  it('runs on its line at its speed', () => {
    const line = { realAtMs: 1_000, cityAtMs: 1_790_000_000_000, speed: 10 }
    expect(cityTimeOn(line, 1_000)).toBe(1_790_000_000_000)
    expect(cityTimeOn(line, 3_500)).toBe(1_790_000_025_000)
  })
  it('begins on the morning of today in the city’s own zone', () => {
    const evening = Date.UTC(2026, 10, 21, 20, 45, 30)
    expect(new Date(thisMorning(evening, 'Europe/Amsterdam', 9, 20)).toISOString()).toBe('2026-11-21T08:20:00.000Z')
    const night = Date.UTC(2026, 10, 21, 23, 30)
    expect(new Date(thisMorning(night, 'Europe/Amsterdam', 9, 20)).toISOString()).toBe('2026-11-22T08:20:00.000Z')
  })
  it('never lets a lifetime fall below a few real seconds, however fast it runs', () => {
    expect(stretched(15_000, 4_000, 1)).toBe(15_000)
    expect(stretched(15_000, 4_000, 10)).toBe(40_000)
  })
})
