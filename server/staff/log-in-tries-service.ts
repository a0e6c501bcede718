import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { forgetTries, saveTries, triesHeld } from './account-store.ts'
import { claimTry, giveBack } from './core/log-in-tries.ts'

/**
 * Counts a try of `subject` as a wrong one until it is said to be right. In the transaction of the caller, which must
 * commit whatever comes of it.
 */
export async function claimTryOf(
  tx: Queryable,
  subject: Buffer,
  clock: Pick<Clock, 'realNowMs'>,
): Promise<Refusal | null> {
  const nowMs = clock.realNowMs()
  const claim = claimTry(await triesHeld(tx, subject, nowMs), nowMs)
  if (claim.kind === 'locked') return refuse('log_in_locked')
  await saveTries(tx, subject, claim.tries)
  return null
}

/** The password was right and the code is still to come: neither a wrong try nor the end of counting. */
export async function giveBackTry(tx: Queryable, subject: Buffer, clock: Pick<Clock, 'realNowMs'>): Promise<void> {
  const held = await triesHeld(tx, subject, clock.realNowMs())
  if (held !== null) await saveTries(tx, subject, giveBack(held))
}

export const wasRight = (tx: Queryable, subject: Buffer): Promise<void> => forgetTries(tx, subject)
