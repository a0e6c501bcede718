import { createHash } from 'node:crypto'
import type { RiderId, StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { type RealMs, realMs } from '../../contracts/units.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { isNewlySeen, sessionEndMs, sessionLifetimeMs } from './core/session-life.ts'
import {
  beginningOf,
  deleteRiderSessions,
  deleteSession,
  deleteSessionsOf,
  insertSession,
  markSeen,
  type RiderSessionRow,
  type RiderWay,
  riderSessionsOf,
  type SessionOwner,
  type StaffSessionRow,
  type StaffWay,
  type StoredSession,
  sessionsOf,
  storedSession,
} from './session-store.ts'

/** Whose a token is, and what it is confined to: the crew's app, or the own account until there is a second factor. */
export type TokenHolder = SessionOwner & { readonly confinedTo?: 'crew' | 'self' }

/** Opaque random tokens; the database knows only their hash, so a stolen copy of it opens nothing. */
export interface Sessions {
  /** @param way how somebody logged in; null for a machine */
  begin(
    tx: Queryable,
    owner: SessionOwner,
    way: StaffWay | RiderWay | null,
  ): Promise<{ token: string; expiresAtMs: RealMs }>
  /** Counts as a use of the session. */
  ownerOf(token: string): Promise<TokenHolder | null>
  /** The same question of somebody who only listens: an open line does not keep a session alive. */
  isAlive(token: string): Promise<boolean>
  end(token: string): Promise<void>
  /** Within a transaction: one of a person's sessions, or all but the one with this token. The number of the ended. */
  endOf(tx: Queryable, staffId: StaffId, which: { only?: string; except?: string }): Promise<number>
  /** The same by itself. */
  endAll(staffId: StaffId, which: { only?: string; except?: string }): Promise<number>
  /** A colleague's, newest use first, at most a hundred. */
  listOf(staffId: StaffId): Promise<StaffSessionRow[]>
  /** A rider's, newest use first, at most a hundred. */
  listOfRider(riderId: RiderId): Promise<RiderSessionRow[]>
  /** Within a transaction: one of a rider's sessions, or with null all of them. The number of the ended. */
  endOfRider(tx: Queryable, riderId: RiderId, only: string | null): Promise<number>
  /** How and when this session began; null when it is over. */
  beginning(token: string): Promise<{ by: 'link' | 'password' | null; atMs: number } | null>
  /** What a person may do has changed: the next request asks the database. */
  forget(staffId: StaffId): void
  /** Told at once when sessions end here by a person's act; those that run out, or end elsewhere, `isAlive` tells. */
  onEnded(listener: (isEnded: (token: string) => boolean) => void): void
}

const tokenBytes = 32
const mostListed = 100
/** Sessions remembered in memory; the oldest go first. Ending a session here forgets it at once. */
const rememberedSessions = 5_000
/** How long another process may still let in what was ended here. */
const rememberMs = 60_000

export function createSessions(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  /** Roles that may do nothing at the desk without a second factor. */
  readonly needsSecondFactor?: (role: StaffRole) => boolean
}): Sessions {
  const { db, clock, ids, needsSecondFactor = () => false } = deps
  const remembered = new Map<string, { owner: TokenHolder; tillMs: number; key: string }>()
  const listeners: ((isEnded: (token: string) => boolean) => void)[] = []
  /** One more with each end and each change: an answer that was on its way meanwhile is not remembered. */
  let changes = 0

  const remember = (token: string, entry: { owner: TokenHolder; tillMs: number; key: string }) => {
    if (remembered.size >= rememberedSessions) {
      const [oldest] = remembered.keys()
      if (oldest !== undefined) remembered.delete(oldest)
    }
    remembered.set(token, entry)
  }
  const ended = (hashes: readonly Uint8Array[]) => {
    const keys = new Set(hashes.map(keyOf))
    const isEnded = (token: string) => keys.has(keyOf(hashOfToken(token)))
    changes++
    for (const [token, { key }] of [...remembered]) if (keys.has(key)) remembered.delete(token)
    for (const listener of listeners) listener(isEnded)
  }
  const holderOf = ({ owner, times, hasSecondFactor }: StoredSession): TokenHolder => {
    if (owner.kind === 'rider') return owner
    if (times.place === 'crew') return { ...owner, confinedTo: 'crew' }
    return needsSecondFactor(owner.role) && !hasSecondFactor ? { ...owner, confinedTo: 'self' } : owner
  }
  const look = async (token: string, isUse: boolean): Promise<TokenHolder | null> => {
    const nowMs = clock.realNowMs()
    const known = remembered.get(token)
    if (known && known.tillMs > nowMs) return known.owner
    const before = changes
    const hash = hashOfToken(token)
    const found = await storedSession(db, hash)
    if (found === null || sessionEndMs(found.times) <= nowMs) {
      remembered.delete(token)
      return null
    }
    if (!isUse) return holderOf(found)
    const isSeen = isNewlySeen(found.times, nowMs)
    if (isSeen) await markSeen(db, hash, nowMs)
    const owner = holderOf(found)
    const endMs = sessionEndMs(isSeen ? { ...found.times, seenAtMs: nowMs } : found.times)
    if (changes === before) remember(token, { owner, tillMs: Math.min(nowMs + rememberMs, endMs), key: keyOf(hash) })
    return owner
  }

  const endOf: Sessions['endOf'] = async (tx, staffId, { only, except }) => {
    const hashes = await deleteSessionsOf(tx, staffId, {
      ...(only === undefined ? {} : { only }),
      ...(except === undefined ? {} : { except: hashOfToken(except) }),
    })
    afterCommit(tx, () => ended(hashes))
    return hashes.length
  }

  return {
    begin: async (tx, owner, way) => {
      const token = ids.token(tokenBytes)
      const nowMs = clock.realNowMs()
      const expiresAtMs = realMs(nowMs + sessionLifetimeMs[way?.app ?? 'rider'])
      const tokenHash = hashOfToken(token)
      await insertSession(tx, { tokenHash, sessionId: ids.uuid(), owner, way, nowMs, expiresAtMs })
      return { token, expiresAtMs }
    },
    ownerOf: (token) => look(token, true),
    isAlive: async (token) => (await look(token, false)) !== null,
    end: async (token) => {
      const hash = hashOfToken(token)
      await deleteSession(db, hash)
      ended([hash])
    },
    endOf,
    endAll: (staffId, which) => db.transaction((tx) => endOf(tx, staffId, which)),
    listOf: async (staffId) => {
      const nowMs = clock.realNowMs()
      return (await sessionsOf(db, staffId, nowMs, mostListed)).filter(
        ({ app, expiresAtMs, seenAtMs }) => sessionEndMs({ place: app, expiresAtMs, seenAtMs }) > nowMs,
      )
    },
    listOfRider: (riderId) => riderSessionsOf(db, riderId, clock.realNowMs(), mostListed),
    endOfRider: async (tx, riderId, only) => {
      const hashes = await deleteRiderSessions(tx, riderId, only)
      afterCommit(tx, () => ended(hashes))
      return hashes.length
    },
    beginning: (token) => beginningOf(db, hashOfToken(token)),
    forget: (staffId) => {
      changes++
      for (const [token, { owner }] of [...remembered]) {
        if (owner.kind === 'staff' && owner.staffId === staffId) remembered.delete(token)
      }
    },
    onEnded: (listener) => void listeners.push(listener),
  }
}

const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString('base64')

/** What the database knows of a secret token: sessions here, one-time links of staff. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest()
