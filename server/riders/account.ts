import type { Language, Me } from '../../contracts/http/riders.ts'
import type { RiderId } from '../../contracts/ids.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Database } from '../platform/database.ts'
import { maskAddress } from './core/mask-address.ts'
import { accountOf, setLanguage } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'

export interface Account {
  /** Null when the account is being deleted. */
  view(riderId: RiderId): Promise<Pick<Me, 'language' | 'addressHint' | 'memberSince'> | null>
  setLanguage(riderId: RiderId, language: Language): Promise<void>
  /** The whole address; null when the account is being deleted. For the demo's outbox, which is no person's phone. */
  addressOf(riderId: RiderId): Promise<string | null>
}

export function createAccount({
  db,
  addresses,
}: {
  readonly db: Database
  readonly addresses: Pick<AddressBook, 'open'>
}): Account {
  const addressOf: Account['addressOf'] = async (riderId) => {
    const account = await accountOf(db, riderId)
    return account && addresses.open(account.sealed)
  }
  return {
    view: async (riderId) => {
      const account = await accountOf(db, riderId)
      return (
        account && {
          language: account.language,
          addressHint: maskAddress(addresses.open(account.sealed)),
          memberSince: epochMs(account.createdAtMs),
        }
      )
    },
    setLanguage: (riderId, language) => setLanguage(db, riderId, language),
    addressOf,
  }
}
