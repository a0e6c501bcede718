import { asId, type StaffId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { hashOfToken, type Sessions } from '../riders/sessions.ts'

/** Staff log in by links that work once. Passwords, roles and the audit log come with the ops desk. */
export interface Staff {
  /** A new one-time link token for the first operator, who is made when there is none. */
  newLink(): Promise<string>
  useLink(token: string): Promise<{ staffId: StaffId; name: string; token: string } | Refusal>
}

export const linkLifetimeMs = 24 * 3_600_000
const linkTokenBytes = 24
const firstOperator = 'Operator'

export function createStaff(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly sessions: Sessions
}): Staff {
  const { db, clock, ids, sessions } = deps
  return {
    newLink: async () => {
      const token = ids.token(linkTokenBytes)
      const nowMs = clock.realNowMs()
      await db.transaction(async (tx) => {
        const { rows } = await tx.query<{ staff_id: string }>('SELECT staff_id FROM staff ORDER BY created_at LIMIT 1')
        const staffId = rows[0]?.staff_id ?? ids.uuid()
        await tx.query(
          'INSERT INTO staff (staff_id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (staff_id) DO NOTHING',
          [staffId, firstOperator, new Date(nowMs)],
        )
        await tx.query('INSERT INTO staff_link (token_hash, staff_id, expires_at) VALUES ($1, $2, $3)', [
          hashOfToken(token),
          staffId,
          new Date(nowMs + linkLifetimeMs),
        ])
      })
      return token
    },
    useLink: (link) =>
      db.transaction(async (tx) => {
        const nowMs = clock.realNowMs()
        const { rows } = await tx.query<{ staff_id: string; name: string }>(
          `UPDATE staff_link l SET used_at = $2 FROM staff s
           WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND s.staff_id = l.staff_id
           RETURNING s.staff_id, s.name`,
          [hashOfToken(link), new Date(nowMs)],
        )
        const row = rows[0]
        if (!row) return refuse('link_used')
        const staffId = asId<StaffId>(row.staff_id)
        const session = await sessions.begin(tx, { kind: 'staff', staffId })
        return { staffId, name: row.name, token: session.token }
      }),
  }
}
