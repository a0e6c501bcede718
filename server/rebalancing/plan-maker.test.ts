import { describe, expect, it } from 'vitest'
import { searchSeconds } from './plan-maker.ts'

describe('the seconds of a search', () => {
  it.each([
    ['as staff set them in a city that lives as fast as we do', 20, 1, 3, 20],
    ['at most twenty minutes of a fast city, its inputs included', 60, 100, 4, 8],
    ['never less than one', 20, 100, 30, 1],
  ])('are %s', (_, wanted, speed, spent, seconds) => {
    expect(searchSeconds(wanted, speed, spent)).toBe(seconds)
  })
})
