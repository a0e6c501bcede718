import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestDetailChars, redact } from './redact.ts'

describe('what the log keeps of a request', () => {
  it('is what was asked', () => {
    const asked = { reason: 'brakes fail', amountMinor: 150, nested: { list: [1, 'two', null, true] } }
    expect(redact(asked)).toEqual(asked)
  })

  it.each([
    'password',
    'newPassword',
    'code',
    'link',
    'token',
    'secret',
    'totpSecret',
    'recoveryCodes',
    'commandKeyHex_secret',
    'Authorization',
  ])('is never a %s', (name) => {
    const text = JSON.stringify(redact({ body: { [name]: 'hunter2hunter2', deep: [{ [name]: 'hunter2hunter2' }] } }))
    expect(text).not.toContain('hunter2')
    expect(text).toContain(name)
  })

  it('keeps a bike’s code out, and its number in', () => {
    expect(redact({ number: '5724', code: 'K7mP2xQ9tR4w' })).toEqual({ number: '5724', code: '…' })
  })

  it('has no places of phones', () => {
    expect(redact({ act: 'load', lon: 4.726, lat: 52.3585 })).toEqual({ act: 'load' })
  })

  it('is cut where it is long, deep or many', () => {
    expect(redact('x'.repeat(1_000))).toHaveLength(301)
    expect(redact(Array.from({ length: 500 }, (_, i) => i))).toHaveLength(21)
    expect(redact({ photo: new Uint8Array(3_000_000) })).toEqual({ photo: { bytes: 3_000_000 } })
    expect(redact({ photo: new Set([1]) })).toEqual({ photo: '…' })
    const wide = Object.fromEntries(Array.from({ length: 39 }, (_, i) => [`field${i}`, 'y'.repeat(200)]))
    expect(redact({ body: wide })).toEqual({ tooLong: ['body'] })
  })

  it('is bounded and harmless for whatever is asked', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), (asked) => {
        expect(JSON.stringify(redact(asked) ?? null).length).toBeLessThanOrEqual(largestDetailChars)
      }),
    )
  })
})
