import { createHash } from 'node:crypto'
import { type RealMs, realMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { endSession, insertSession, type SessionOwner, sessionOwner } from './riders-store.ts'

/** Opaque random tokens; the database knows only their hash, so a stolen copy of it opens nothing. */
export interface Sessions {
  begin(tx: Queryable, owner: SessionOwner): Promise<{ token: string; expiresAtMs: RealMs }>
  ownerOf(token: string): Promise<SessionOwner | null>
  end(token: string): Promise<void>
}

export const sessionLifetimeMs = 90 * 86_400_000
const tokenBytes = 32
/** Sessions remembered in memory; the oldest go first. Ending a session here forgets it at once. */
const rememberedSessions = 5_000
const rememberMs = 60_000

export function createSessions(deps: { readonly db: Database; readonly clock: Clock; readonly ids: Ids }): Sessions {
  const { db, clock, ids } = deps
  const remembered = new Map<string, { owner: SessionOwner; tillMs: number }>()

  return {
    begin: async (tx, owner) => {
      const token = ids.token(tokenBytes)
      const nowMs = clock.realNowMs()
      const expiresAtMs = realMs(nowMs + sessionLifetimeMs)
      await insertSession(tx, { tokenHash: hashOfToken(token), owner, nowMs, expiresAtMs })
      return { token, expiresAtMs }
    },
    ownerOf: async (token) => {
      const nowMs = clock.realNowMs()
      const known = remembered.get(token)
      if (known && known.tillMs > nowMs) return known.owner
      const found = await sessionOwner(db, hashOfToken(token))
      if (!found || found.expiresAtMs <= nowMs) {
        remembered.delete(token)
        return null
      }
      if (remembered.size >= rememberedSessions) {
        const [oldest] = remembered.keys()
        if (oldest !== undefined) remembered.delete(oldest)
      }
      remembered.set(token, { owner: found.owner, tillMs: Math.min(nowMs + rememberMs, found.expiresAtMs) })
      return found.owner
    },
    end: async (token) => {
      remembered.delete(token)
      await endSession(db, hashOfToken(token))
    },
  }
}

/** What the database knows of a secret token: sessions here, one-time links of staff. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest()
