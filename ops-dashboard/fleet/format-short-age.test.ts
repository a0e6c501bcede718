import { expect, it } from 'vitest'
import { formatShortAge } from './format-short-age.ts'

it.each([
  [-5, '0s'],
  [12_400, '12s'],
  [5 * 60_000, '5m'],
  [40 * 3_600_000, '40h'],
  [50 * 3_600_000, '2d'],
])('%i ms are told as %s', (ageMs, text) => {
  expect(formatShortAge('en-GB', ageMs)).toBe(text)
})
