import type { LockId, TripId } from '../../contracts/ids.ts'
import { readToken } from '../../contracts/no-coverage-words.ts'
import type { Queryable } from '../platform/database.ts'
import { hasUnsettledGrant, tripOfGrant } from './grant-store.ts'
import { tripOfKey } from './key-store.ts'

/** The trip that a token of this lock was made for; null for one that we never made. */
export async function tripOfToken(tx: Queryable, lockId: LockId, text: string): Promise<TripId | null> {
  const token = readToken(text)
  if (token === null) return null
  return token.kind === 'grant' ? tripOfGrant(tx, lockId, token.id) : tripOfKey(tx, lockId, token.id)
}

/** Whether a phone may still open this trip's lock, or has opened it and nobody told. */
export const mayOpenByPhone = (tx: Queryable, tripId: TripId): Promise<boolean> => hasUnsettledGrant(tx, tripId)
