import type { StaffId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { spendRecoveryCode, takeStep } from './account-store.ts'
import type { SecondFactor } from './second-factor.ts'

/** Whose code it is. */
export interface CodeOwner {
  readonly staffId: StaffId
  readonly totpSealed: Uint8Array
  readonly totpStep: number | null
}

/** Null: the code is right, and used from now on. A code of the phone, else a recovery code. */
export type CheckCode = (tx: Queryable, owner: CodeOwner, code: string) => Promise<Refusal | null>

export const checkCodeWith =
  (deps: { readonly factor: SecondFactor; readonly clock: Clock }): CheckCode =>
  async (tx, { staffId, totpSealed, totpStep }, code) => {
    const { factor, clock } = deps
    const nowMs = clock.realNowMs()
    const step = factor.stepOf(factor.open(staffId, totpSealed), code, nowMs, totpStep)
    // Only one of two who bring the same code at once finds its step unused.
    if (step !== null) return (await takeStep(tx, staffId, step)) ? null : refuse('second_factor_wrong')
    const isSpare = await spendRecoveryCode(tx, staffId, factor.hashOfRecoveryCode(code), nowMs)
    return isSpare ? null : refuse('second_factor_wrong')
  }

/** A person, for counting wrong tries of whoever is known already. */
export const personSubject = (staffId: StaffId): string => `person:${staffId}`
