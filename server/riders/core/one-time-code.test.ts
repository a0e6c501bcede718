import { describe, expect, it } from 'vitest'
import { realMs } from '../../../contracts/units.ts'
import {
  codeLifetimeMs,
  codeResendMs,
  type IssuedCode,
  judgeCode,
  mayResend,
  triesOfNewCode,
  triesRenewedAfterMs,
} from './one-time-code.ts'

const now = realMs(1_790_000_000_000)
const code: IssuedCode = { expiresAt: realMs(now + codeLifetimeMs), triesLeft: 5, sentAt: now }

describe('a one-time code', () => {
  it('opens the door once it matches, until it expires', () => {
    expect(judgeCode(code, true, now)).toBeNull()
    expect(judgeCode(code, true, realMs(now + codeLifetimeMs))).toBeNull()
    expect(judgeCode(code, true, realMs(now + codeLifetimeMs + 1))).toMatchObject({ code: 'code_expired' })
  })
  it('is refused when it is wrong, and dead after the last try even when it is right', () => {
    expect(judgeCode(code, false, now)).toMatchObject({ code: 'code_wrong' })
    expect(judgeCode({ ...code, triesLeft: 0 }, true, now)).toMatchObject({ code: 'code_expired' })
    expect(judgeCode(null, true, now)).toMatchObject({ code: 'code_expired' })
  })
  it('does not renew the chance to guess when it is asked for again', () => {
    expect(triesOfNewCode(null, now)).toBe(5)
    expect(triesOfNewCode({ ...code, triesLeft: 2 }, realMs(now + codeResendMs))).toBe(2)
    expect(triesOfNewCode({ ...code, triesLeft: 0 }, realMs(now + codeResendMs))).toBe(1)
    expect(triesOfNewCode({ ...code, triesLeft: 0 }, realMs(now + triesRenewedAfterMs))).toBe(5)
  })
  it('is sent again only after half a minute', () => {
    expect(mayResend(code, realMs(now + codeResendMs - 1))).toBe(false)
    expect(mayResend(code, realMs(now + codeResendMs))).toBe(true)
    expect(mayResend(null, now)).toBe(true)
  })
})
