import { type Refusal, refuse } from '../../../contracts/refusals.ts'
import type { RealMs } from '../../../contracts/units.ts'

/** A code as it is stored: only its hash. */
export interface IssuedCode {
  readonly expiresAt: RealMs
  readonly triesLeft: number
  readonly sentAt: RealMs
}

export const codeLifetimeMs = 600_000
export const codeTries = 5
/** A new code for the same address at most this often: messages cost money. */
export const codeResendMs = 30_000
export const codeDigits = 6

/** Whether another code may be sent now. */
export const mayResend = (previous: IssuedCode | null, nowMs: RealMs): boolean =>
  previous === null || nowMs - previous.sentAt >= codeResendMs

/** Wrong tries are remembered this long: another code must not renew the chance to guess. */
export const triesRenewedAfterMs = 3_600_000

/** Tries of a new code: what the code before it left, at least one, so that its owner can still log in. */
export const triesOfNewCode = (previous: IssuedCode | null, nowMs: RealMs): number =>
  previous === null || nowMs - previous.sentAt >= triesRenewedAfterMs ? codeTries : Math.max(1, previous.triesLeft)

/** What a try with a code is worth: null is right. A try with a code that cannot be right any more costs nothing. */
export function judgeCode(code: IssuedCode | null, matches: boolean, nowMs: RealMs): Refusal | null {
  if (code === null || nowMs > code.expiresAt || code.triesLeft <= 0) return refuse('code_expired')
  return matches ? null : refuse('code_wrong')
}
