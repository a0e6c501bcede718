import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createJoiner, piecesOf } from './frame-pieces.ts'

it('a frame comes together again from its pieces, none of which is longer than the air carries', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 512 }), (frame) => {
      const join = createJoiner()
      const pieces = piecesOf(frame)
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(180)
      const joined = pieces.map(join)
      expect(joined.slice(0, -1).every((one) => one === null)).toBe(true)
      expect(joined.at(-1)).toEqual(Uint8Array.from(frame))
    }),
  )
})

it('a missing or a repeated piece breaks the frame, and the next frame is whole again', () => {
  const join = createJoiner()
  const [first, second, third] = piecesOf(new Uint8Array(400)) as [Uint8Array, Uint8Array, Uint8Array]
  expect([join(first), join(third), join(first), join(first)]).toEqual([null, 'broken', null, 'broken'])
  expect([join(first), join(second), join(third)]).toEqual([null, null, new Uint8Array(400)])
})
