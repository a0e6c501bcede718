import { describe, expect, it } from 'vitest'
import { factorsOf, usualMood } from './city-mood.ts'

describe('the mood of the city', () => {
  it('changes nothing when it is the usual one', () => {
    expect(factorsOf(usualMood, 0)).toEqual({ departures: 1, wear: 1, deadSpots: 1, jams: 1 })
  })
  it('keeps people at home in the rain, and lets them out in a rush until it is over', () => {
    expect(factorsOf({ ...usualMood, weather: 'rain' }, 0).departures).toBeLessThan(1)
    const rush = { ...usualMood, rushTillMs: 1_000 }
    expect(factorsOf(rush, 999).departures).toBe(3)
    expect(factorsOf(rush, 1_000).departures).toBe(1)
  })
  it('has no mishaps when faults are off, and more of them when there are many', () => {
    expect(factorsOf({ ...usualMood, weather: 'storm', faultRate: 'none' }, 0)).toMatchObject({ deadSpots: 0, jams: 0 })
    expect(factorsOf({ ...usualMood, faultRate: 'many' }, 0)).toMatchObject({ deadSpots: 10, jams: 10 })
  })
})
