import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Language } from '../../contracts/http/riders.ts'
import type { Refusal } from '../../contracts/refusals.ts'
import { realMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { type CodePurpose, type CodeSender, codePurposes } from './code-sender.ts'
import { codeDigits, codeLifetimeMs, judgeCode, mayResend, triesOfNewCode } from './core/one-time-code.ts'
import { codeHeld, countTry, forgetCode, saveCode } from './riders-store.ts'

export interface OneTimeCodes {
  /** Sends a code, or quietly nothing when one was sent a moment ago: the answer is the same either way. */
  send(wanted: {
    readonly index: Buffer
    readonly to: string
    readonly language: Language
    readonly purpose: CodePurpose
  }): Promise<void>
  /**
   * In the caller's transaction, which must commit although the answer is no: a wrong try is counted in it. A code works
   * once and for what it was sent for; `language` is that of the page that asked for it.
   */
  spend(
    tx: Queryable,
    index: Buffer,
    code: string,
    purpose: CodePurpose,
  ): Promise<{ readonly language: Language | null } | Refusal>
  /** Every code of this address, whatever it was for. */
  forget(tx: Queryable, index: Buffer): Promise<void>
}

export function createOneTimeCodes(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly sender: CodeSender
  readonly codeKey: Uint8Array
}): OneTimeCodes {
  const { db, clock, ids, sender } = deps
  const hashOf = (row: Buffer, code: string) => createHmac('sha256', deps.codeKey).update(row).update(code).digest()
  /** Codes of each purpose have rows, tries and times of their own. */
  const rowOf = (index: Buffer, purpose: CodePurpose) =>
    purpose === 'log_in' ? index : createHmac('sha256', deps.codeKey).update(purpose).update(index).digest()

  return {
    send: async ({ index, to, language, purpose }) => {
      const nowMs = clock.realNowMs()
      const code = ids.digits(codeDigits)
      const row = rowOf(index, purpose)
      const issued = await db.transaction(async (tx) => {
        const previous = await codeHeld(tx, row)
        if (!mayResend(previous?.code ?? null, nowMs)) return false
        const expiresAt = realMs(nowMs + codeLifetimeMs)
        const triesLeft = triesOfNewCode(previous?.code ?? null, nowMs)
        await saveCode(tx, row, { hash: hashOf(row, code), language }, { expiresAt, triesLeft, sentAt: nowMs })
        return true
      })
      if (issued) await sender.send({ to, code, language, purpose, sentAtMs: nowMs })
    },
    spend: async (tx, index, code, purpose) => {
      const row = rowOf(index, purpose)
      const held = await codeHeld(tx, row)
      const matches = held !== null && timingSafeEqual(held.hash, hashOf(row, code))
      const no = judgeCode(held?.code ?? null, matches, clock.realNowMs())
      if (no) {
        await countTry(tx, row)
        return no
      }
      await forgetCode(tx, row)
      return { language: held?.language ?? null }
    },
    forget: async (tx, index) => {
      for (const purpose of codePurposes) await forgetCode(tx, rowOf(index, purpose))
    },
  }
}
