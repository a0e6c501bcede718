import type { Language } from '../../contracts/http/riders.ts'
import type { RiderId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { OneTimeCodes } from './one-time-codes.ts'
import { languageOf, riderOf } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'
import type { Sessions } from './sessions.ts'

export interface LogIn {
  /** Sends a code, in the rider's own language where the page names none. The same answer whether or not one exists. */
  sendCode(to: string, language: Language | null): Promise<void>
  /**
   * The right code makes the rider, if need be, and a session. Codes work once.
   * @param agent what the browser says of itself, for the rider's own list of devices
   */
  logIn(
    to: string,
    code: string,
    agent: string | null,
  ): Promise<{ riderId: RiderId; token: string; expiresAtMs: number } | Refusal>
}

export function createLogIn(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly addresses: AddressBook
  readonly sessions: Sessions
  readonly codes: OneTimeCodes
  readonly nonce: () => Uint8Array
}): LogIn {
  const { db, clock, ids, addresses, sessions, codes } = deps
  return {
    sendCode: async (to, wanted) => {
      const index = addresses.index(to)
      const language = wanted ?? (await languageOf(db, index)) ?? 'en'
      await codes.send({ index, to, language, purpose: 'log_in' })
    },
    logIn: (to, code, agent) => {
      const index = addresses.index(to)
      return db.transaction(async (tx) => {
        const spent = await codes.spend(tx, index, code, 'log_in')
        if (isRefusal(spent)) return spent
        const sealed = addresses.seal(to, deps.nonce())
        const language = spent.language ?? 'en'
        const riderId = await riderOf(tx, { riderId: ids.uuid(), index, sealed, language, nowMs: clock.realNowMs() })
        const session = await sessions.begin(tx, { kind: 'rider', riderId }, { app: null, by: null, agent })
        return { riderId, ...session }
      })
    },
  }
}
