import { expect, it } from 'vitest'
import { placeAfterKey } from './list-keys.ts'

it.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 8, 9],
  ['ArrowDown', 9, 9],
  ['ArrowUp', -1, 0],
  ['ArrowUp', 3, 2],
  ['ArrowUp', 0, 0],
  ['PageDown', -1, 4],
  ['PageDown', 7, 9],
  ['PageUp', 7, 3],
  ['PageUp', 2, 0],
  ['Home', 5, 0],
  ['End', 5, 9],
  ['x', 5, null],
] as const)('%s moves the cursor of ten rows from %i to %s', (key, place, next) => {
  expect(placeAfterKey(key, place, 10, 4)).toBe(next)
})
it('stays nowhere in an empty list', () => {
  expect(placeAfterKey('End', -1, 0, 4)).toBeNull()
})
