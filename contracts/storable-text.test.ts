import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStorable, storable } from './storable-text.ts'

describe('a text that is to be stored', () => {
  it('loses NUL and halves of characters, and nothing else', () => {
    expect(storable('a\0b')).toBe('ab')
    expect(storable('x\ud83dy\udeb2')).toBe('x\ufffdy\ufffd')
    expect(storable('🚲 fiets 单车')).toBe('🚲 fiets 单车')
  })
  it('can be stored whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', '\ud83d'), (text, more) => {
        expect(isStorable(text + more)).toBe(storable(text + more) === text + more)
        expect(isStorable(storable(text + more))).toBe(true)
      }),
    )
  })
})
