import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeLockFrame,
  decodePhoneFrame,
  encodeFrame,
  type LockFrame,
  type LockReceipt,
  type PhoneFrame,
} from './no-coverage.ts'
import { maxFrameBytes, readToken, tokenText } from './no-coverage-words.ts'

const examples = JSON.parse(readFileSync(new URL('./no-coverage-examples.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, PhoneFrame | LockFrame>
>
const ofPhone = ['Grant', 'CodeUse', 'Tell']
const page = readFileSync(new URL('../docs/no-coverage.md', import.meta.url), 'utf8')

describe('the frames between a phone and a lock', () => {
  it.each(Object.entries(examples))(
    '%s comes back from its bytes, from one side only, and is in the docs',
    (name, frame) => {
      const bytes = encodeFrame(frame)
      const [hers, others] = ofPhone.includes(name)
        ? [decodePhoneFrame, decodeLockFrame]
        : [decodeLockFrame, decodePhoneFrame]
      expect([hers(bytes), others(bytes)]).toEqual([frame, null])
      const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text ?? '') as unknown)
      expect(shown).toContainEqual(frame)
    },
  )

  it('fit into one value of a GATT attribute, whatever their numbers are', () => {
    const receipt = examples.LockReceipt as LockReceipt
    const longest: LockReceipt = {
      ...receipt,
      e: {
        ...{ ...receipt.e, b: 4_294_967_295, q: 4_294_967_295, u: Number.MAX_SAFE_INTEGER, t: 4_102_444_800_000 },
        ...{ from: 'unlocking', to: 'unlocked', tok: `r-${'f'.repeat(32)}-16` },
      },
    }
    const place = { la: -52.123456, lo: -179.123456, ha: 99_999.9, fx: 3, sv: 64, sp: 59.9, hd: 359.5, fa: 604_800_000 }
    const x = Buffer.from(JSON.stringify(place)).toString('base64url')
    expect(encodeFrame({ ...longest, x }).length).toBeLessThanOrEqual(maxFrameBytes)
  })

  it('are refused when they are too long, no text, no JSON, or say more than they may', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect([decodePhoneFrame(bytes), decodeLockFrame(bytes)]).toEqual([null, null])
      }),
    )
    const grown = new TextEncoder().encode(JSON.stringify({ ...examples.Tell, more: 1 }))
    expect(decodePhoneFrame(grown)).toBeNull()
    const long = new TextEncoder().encode(`${JSON.stringify(examples.Tell)}${' '.repeat(maxFrameBytes)}`)
    expect(decodePhoneFrame(long)).toBeNull()
  })
})

describe('the name of what opened a lock', () => {
  const op = fc.constantFrom('pause' as const, 'resume' as const, 'end' as const)
  const token = fc.oneof(
    fc.record({ kind: fc.constant('grant' as const), id: fc.uuid() }),
    fc.record({ kind: fc.constant('code' as const), id: fc.uuid(), op, i: fc.integer({ min: 1, max: 16 }) }),
  )
  it('comes back from its text, which fits into an event', () => {
    fc.assert(
      fc.property(token, (one) => {
        const text = tokenText(one)
        expect(text).toMatch(/^[A-Za-z0-9_-]{1,48}$/)
        expect(readToken(text)).toEqual(one)
      }),
    )
  })
  it('is nothing when a lock says something else', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(readToken(text)).toBeNull()))
    expect([readToken(`g-${'a'.repeat(32)}-1`), readToken(`p-${'a'.repeat(32)}`)]).toEqual([null, null])
  })
})
