import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandToSign, type UnsignedCommand } from './commands.ts'

const plain: UnsignedCommand = {
  ...{ v: 1, id: '019a8f3a-5b7c-7d21-9c41-5f0b8a6e2d11', op: 'unlock', c: 42, b: 7, dl: 90_000, a: {} },
  ...{ iat: 1_795_252_801_310, exp: 1_795_252_816_310, kv: 1 },
}
const text = (over: Partial<UnsignedCommand> = {}, lockId = 'zw-7a40c9') => commandToSign(lockId, { ...plain, ...over })

describe('the text under a command’s signature', () => {
  it('is eight lines that any shell can print', () => {
    expect(text().split('\n')).toEqual([
      ...['bss1/cmd', 'zw-7a40c9', '019a8f3a-5b7c-7d21-9c41-5f0b8a6e2d11', 'unlock', '42', '7', '90000', '{}'],
    ])
  })

  it('differs for another lock, command, operation, counter, boot, deadline or argument', () => {
    const others = [
      text({}, 'zw-7a40ca'),
      text({ id: '019a8f3a-5b7c-7d21-9c41-5f0b8a6e2d12' }),
      text({ op: 'reboot' }),
      text({ c: 43 }),
      text({ b: 8 }),
      text({ dl: 90_001 }),
      text({ a: { loud: true } }),
    ]
    expect(new Set([text(), ...others]).size).toBe(8)
  })

  it('does not depend on the order in which arguments were written', () => {
    const key = fc.string({ minLength: 1, maxLength: 6 }).filter((name) => name !== '__proto__')
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean())
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 5 }), (members) => {
        const a = Object.fromEntries(members)
        expect(text({ a: Object.fromEntries([...members].reverse()) })).toBe(text({ a }))
        expect(JSON.parse(text({ a }).split('\n').at(-1) ?? '')).toEqual(a)
      }),
    )
  })

  it('never gets a line more, whatever the arguments say', () => {
    fc.assert(
      fc.property(fc.string(), (loud) => {
        expect(text({ a: { loud: `\n${loud}\n` } }).split('\n')).toHaveLength(8)
      }),
    )
  })
})
