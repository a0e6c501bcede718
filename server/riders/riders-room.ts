import { randomBytes } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { Secrets } from '../platform/secrets.ts'
import { type Account, createAccount } from './account.ts'
import type { CodeSender } from './code-sender.ts'
import { createLogIn, type LogIn } from './log-in-service.ts'
import { createOneTimeCodes, type OneTimeCodes } from './one-time-codes.ts'
import { type AddressBook, addressBookFrom } from './sealed-address.ts'
import type { Sessions } from './sessions.ts'

export interface RidersRoom {
  readonly addresses: AddressBook
  readonly codes: OneTimeCodes
  readonly account: Account
  readonly logIn: LogIn
}

/** Who a rider is, and how it is proved. */
export function openRiders(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly secrets: Pick<Secrets, 'riderMaster'>
  readonly codeSender: CodeSender
  readonly sessions: Sessions
}): RidersRoom {
  const { db, clock, ids, sessions } = deps
  const { riderMaster } = deps.secrets
  const addresses = addressBookFrom(riderMaster)
  const codes = createOneTimeCodes({ db, clock, ids, sender: deps.codeSender, codeKey: riderMaster })
  const nonce = () => randomBytes(12)
  return {
    addresses,
    codes,
    account: createAccount({ db, addresses }),
    logIn: createLogIn({ db, clock, ids, sessions, addresses, codes, nonce }),
  }
}
