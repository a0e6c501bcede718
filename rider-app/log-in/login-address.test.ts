import { describe, expect, it } from 'vitest'
import { addressOf } from './login-address.ts'

describe('an address for a code', () => {
  it.each([
    ['+31 6 1234 5678', 'en', '+31612345678'],
    ['0031 (0)6-12345678', 'en', '+31612345678'],
    ['06 1234 5678', 'nl', '+31612345678'],
    ['138 1234 5678', 'zh', '+8613812345678'],
    ['+86 138 1234 5678', 'zh', '+8613812345678'],
    ['  ada@example.org ', 'nl', 'ada@example.org'],
  ] as const)('reads %s in %s as %s', (text, language, address) => {
    expect(addressOf(text, language)).toBe(address)
  })

  it.each([
    ['06 1234 5678', 'en'],
    ['06 1234 5678', 'zh'],
    ['138 1234 567', 'zh'],
    ['ada@example', 'en'],
    ['', 'nl'],
  ] as const)('does not guess at %s in %s', (text, language) => {
    expect(addressOf(text, language)).toBe(null)
  })
})
