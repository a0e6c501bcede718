import type { RiderId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Database } from '../platform/database.ts'
import type { CodePurpose } from './code-sender.ts'
import type { OneTimeCodes } from './one-time-codes.ts'
import { accountOf } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'

/** Sends a code to the address of an account, in its language. Refused when the account is gone (`session_ended`). */
export async function sendOwnCode(
  deps: {
    readonly db: Database
    readonly codes: Pick<OneTimeCodes, 'send'>
    readonly addresses: Pick<AddressBook, 'open' | 'index'>
  },
  riderId: RiderId,
  purpose: CodePurpose,
): Promise<Refusal | null> {
  const account = await accountOf(deps.db, riderId)
  if (account === null) return refuse('session_ended')
  const to = deps.addresses.open(account.sealed)
  await deps.codes.send({ index: deps.addresses.index(to), to, language: account.language, purpose })
  return null
}
