import { expect, it } from 'vitest'
import { vanLook } from './van-looks.ts'

it('gives no two of the first eight vans the same colour, and no two of the first thirty-two the same look', () => {
  const looks = Array.from({ length: 32 }, (_, van) => vanLook(van, 'light'))
  expect(new Set(looks.slice(0, 8).map(({ colour }) => colour)).size).toBe(8)
  expect(new Set(looks.map(({ colour, dash }) => `${colour}${dash.join()}`)).size).toBe(32)
})
