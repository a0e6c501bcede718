import { changed, type PersonalData } from '../platform/personal-data.ts'
import { accountOf } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'

const mostSessions = 100
const isoOf = (ms: number): string => new Date(ms).toISOString()

/** The account itself and where it is logged in, without the keys of either. */
export const personalDataOfRiders = (addresses: Pick<AddressBook, 'open'>): PersonalData => ({
  export: async (db, riderId) => {
    const account = await accountOf(db, riderId)
    const { rows } = await db.query<{ agent: string | null; at: number; seen: number | null; ends: number }>(
      `SELECT agent, created_at AS at, seen_at AS seen, expires_at AS ends FROM session WHERE rider_id = $1
        ORDER BY created_at DESC LIMIT $2`,
      [riderId, mostSessions],
    )
    return {
      account: account && {
        riderId,
        address: addresses.open(account.sealed),
        language: account.language,
        memberSince: isoOf(account.createdAtMs),
      },
      sessions: rows.map(({ agent, at, seen, ends }) => ({
        device: agent,
        loggedInAt: isoOf(at),
        lastSeenAt: seen === null ? null : isoOf(seen),
        endsAt: isoOf(ends),
      })),
    }
  },
  forget: async (tx, riderId, most) => {
    const sessions = await changed(
      tx,
      'DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE rider_id = $1 LIMIT $2)',
      [riderId, most],
    )
    const answers = await changed(
      tx,
      'DELETE FROM idempotent_answer WHERE ctid IN (SELECT ctid FROM idempotent_answer WHERE rider_id = $1 LIMIT $2)',
      [riderId, most],
    )
    return sessions + answers
  },
})
