import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captureKeyOf, holdKeyOf, paymentIdOfKey, refundKeyOf, releaseKeyOf } from './payment-keys.ts'

describe('the numbers under which a provider knows our requests', () => {
  it('differ from each other, fit every provider, and lead back to the payment', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const keys = [holdKeyOf(id), captureKeyOf(id), releaseKeyOf(id), refundKeyOf(id)]
        expect(new Set(keys).size).toBe(4)
        for (const key of keys) expect(key).toMatch(/^[a-z0-9]{34}$/)
        expect([paymentIdOfKey(holdKeyOf(id)), paymentIdOfKey(captureKeyOf(id))]).toEqual([id, id])
      }),
    )
  })

  it.each([
    '',
    'zh',
    'zr00000000000000000000000000000000',
    `zh${'0'.repeat(33)}`,
    'zhg0000000000000000000000000000000',
  ])('no payment is meant by "%s"', (key) => expect(paymentIdOfKey(key)).toBeNull())
})
