import { describe, expect, it } from 'vitest'
import { factorySettings } from '../../../contracts/mqtt/config.ts'
import { nextVersion, standingOf, wantedSettings } from './wanted-settings.ts'

const told = (configVersion: number | null, refused: number | null = null) => ({
  configVersion,
  configRefusal: refused === null ? null : { version: refused },
})

describe('what a lock should go by', () => {
  it('is the factory’s when nobody set anything', () => {
    expect(wantedSettings(null, null)).toEqual({ version: 0, set: {}, whole: factorySettings })
  })

  it('is what is set in all, and its own beside and above that', () => {
    const all = { version: 5, settings: { park_s: 600, beep: 0 } }
    const own = { version: 9, settings: { beep: 1, guard: 0 } }
    expect(wantedSettings(all, own)).toMatchObject({ version: 9, set: { park_s: 600, beep: 1, guard: 0 } })
    expect(wantedSettings({ ...all, version: 12 }, own).version).toBe(12)
  })

  it('rises when its own is taken back', () => {
    const all = { version: 5, settings: { park_s: 600 } }
    expect(wantedSettings(all, { version: 10, settings: null })).toMatchObject({ version: 10, set: { park_s: 600 } })
  })
})

describe('how far a configuration has come', () => {
  it.each([
    [0, told(0), 'factory'],
    [0, told(null), 'factory'],
    [7, told(null), 'unheard'],
    [7, told(7), 'in_use'],
    [7, told(7, 6), 'in_use'],
    [7, told(0), 'waiting'],
    [7, told(5, 6), 'waiting'],
    [7, told(5, 7), 'refused'],
    [7, told(9), 'ahead'],
    [0, told(9), 'ahead'],
  ] as const)('wanted %i, told %o: %s', (version, reported, standing) => {
    expect(standingOf(version, reported)).toBe(standing)
  })
})

describe('the number of a decision', () => {
  it('is the second in which it was made, or the next one', () => {
    expect(nextVersion(3, 1_790_000_000_999)).toBe(1_790_000_000)
    expect(nextVersion(1_790_000_000, 1_790_000_000_999)).toBe(1_790_000_001)
    expect(nextVersion(1_990_000_000, 1_790_000_000_999)).toBe(1_990_000_001)
  })
})
