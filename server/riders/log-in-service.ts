import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Language } from '../../contracts/http/riders.ts'
import type { RiderId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { realMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { CodeSender } from './code-sender.ts'
import { codeDigits, codeLifetimeMs, judgeCode, mayResend, triesOfNewCode } from './core/one-time-code.ts'
import { codeHeld, countTry, forgetCode, riderOf, saveCode } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'
import type { Sessions } from './sessions.ts'

export interface LogIn {
  /** Sends a code, or quietly nothing when one was sent a moment ago: the answer is the same either way. */
  sendCode(to: string, language: Language): Promise<void>
  /** The right code makes the rider, if need be, and a session. Codes work once. */
  logIn(to: string, code: string): Promise<{ riderId: RiderId; token: string; expiresAtMs: number } | Refusal>
}

export function createLogIn(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly addresses: AddressBook
  readonly sessions: Sessions
  readonly sender: CodeSender
  readonly codeKey: Uint8Array
  readonly nonce: () => Uint8Array
}): LogIn {
  const { db, clock, ids, addresses, sessions, sender } = deps
  const hashOf = (index: Buffer, code: string) => createHmac('sha256', deps.codeKey).update(index).update(code).digest()

  return {
    sendCode: async (to, language) => {
      const index = addresses.index(to)
      const nowMs = clock.realNowMs()
      const code = ids.digits(codeDigits)
      const issued = await db.transaction(async (tx) => {
        const previous = await codeHeld(tx, index)
        if (!mayResend(previous?.code ?? null, nowMs)) return false
        const expiresAt = realMs(nowMs + codeLifetimeMs)
        const triesLeft = triesOfNewCode(previous?.code ?? null, nowMs)
        await saveCode(tx, index, hashOf(index, code), { expiresAt, triesLeft, sentAt: nowMs })
        return true
      })
      if (issued) await sender.send({ to, code, language, sentAtMs: nowMs })
    },
    logIn: async (to, code) => {
      const index = addresses.index(to)
      const nowMs = clock.realNowMs()
      const verdict = await db.transaction(async (tx) => {
        const held = await codeHeld(tx, index)
        const matches = held !== null && timingSafeEqual(held.hash, hashOf(index, code))
        const no = judgeCode(held?.code ?? null, matches, nowMs)
        if (no) {
          // Counted in the same transaction, which commits although the answer is no.
          await countTry(tx, index)
          return no
        }
        await forgetCode(tx, index)
        const sealed = addresses.seal(to, deps.nonce())
        const riderId = await riderOf(tx, { riderId: ids.uuid(), index, sealed, language: 'en', nowMs })
        const session = await sessions.begin(tx, { kind: 'rider', riderId }, null)
        return { riderId, ...session }
      })
      return isRefusal(verdict) ? refuse(verdict.code) : verdict
    },
  }
}
