import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { recoveryCodes, secondFactorFrom } from './second-factor.ts'

const factor = secondFactorFrom(Buffer.alloc(32, 7))
/** RFC 6238, appendix B: the ASCII secret 12345678901234567890 as base32. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const noor = '019a8f30-0a11-7c3e-9a77-0d3b5f7e9c11'

describe('a code of the phone', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at second %i is the one of RFC 6238', (second, code) => {
    expect(factor.stepOf(rfcSecret, code, second * 1_000, null)).toBe(Math.floor(second / 30))
  })

  it('may be one step early or late, typed with blanks, and no later', () => {
    const atMs = 1_800_000_000_000
    const code = generateSync({ secret: rfcSecret, epoch: atMs / 1_000 })
    const step = atMs / 30_000
    expect([-31, -30, 0, 59, 60].map((s) => factor.stepOf(rfcSecret, code, atMs + s * 1_000, null))).toEqual([
      null,
      step,
      step,
      step,
      null,
    ])
    expect(factor.stepOf(rfcSecret, `${code.slice(0, 3)} ${code.slice(3)}`, atMs, null)).toBe(step)
  })

  it('counts once, and none before it counts after it', () => {
    const atMs = 1_800_000_000_000
    const step = atMs / 30_000
    const before = generateSync({ secret: rfcSecret, epoch: atMs / 1_000 - 30 })
    const now = generateSync({ secret: rfcSecret, epoch: atMs / 1_000 })
    expect(factor.stepOf(rfcSecret, now, atMs, step)).toBeNull()
    expect(factor.stepOf(rfcSecret, before, atMs, step)).toBeNull()
    expect(factor.stepOf(rfcSecret, now, atMs, step - 1)).toBe(step)
  })

  it.each(['', '12345', '1234567', 'abcdef', '१२३४५६'])('is not %j', (code) => {
    expect(factor.stepOf(rfcSecret, code, 59_000, null)).toBeNull()
  })
})

describe('a secret', () => {
  it('is shown as text, address and picture', async () => {
    const { secret, uri, qrSvg } = await factor.newSecret('noor@example.org')
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(uri).toBe(`otpauth://totp/Zwerm:noor%40example.org?secret=${secret}&issuer=Zwerm`)
    expect(qrSvg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
  })

  it('is sealed for one person, with this key', () => {
    const sealed = factor.seal(noor, rfcSecret)
    expect(sealed.toString('latin1')).not.toContain(rfcSecret)
    expect(factor.open(noor, sealed)).toBe(rfcSecret)
    expect(() => factor.open('019a8f30-0a11-7c3e-9a77-000000000000', sealed)).toThrow()
    expect(() => secondFactorFrom(Buffer.alloc(32, 8)).open(noor, sealed)).toThrow()
  })
})

describe('recovery codes', () => {
  it('are ten different ones, the same with capitals and without the hyphen', () => {
    const codes = factor.newRecoveryCodes()
    expect(new Set(codes).size).toBe(recoveryCodes)
    for (const code of codes) {
      expect(code).toMatch(/^[a-z0-9]{5}-[a-z0-9]{5}$/)
      const typed = ` ${code.toUpperCase().replace('-', '')}`
      expect(factor.hashOfRecoveryCode(typed)).toEqual(factor.hashOfRecoveryCode(code))
    }
  })
})
