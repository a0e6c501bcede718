import { describe, expect, it } from 'vitest'
import { maskAddress } from './mask-address.ts'

describe('an address that is shown', () => {
  it.each([
    ['+31612345678', '+31 ••• 78'],
    ['+8613800138000', '+86 ••• 00'],
    ['mia.bos@example.org', 'm•••@example.org'],
    ['a@b.nl', 'a•••@b.nl'],
  ])('%s is known again by its owner only: %s', (address, shown) => {
    expect(maskAddress(address)).toBe(shown)
  })
})
