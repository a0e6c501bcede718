import type { Me } from '../../contracts/http/account.ts'
import type { People, PersonLink } from '../../contracts/http/crews.ts'
import { asId, type StaffId } from '../../contracts/ids.ts'
import { may, type Permission, permissions, type StaffRole } from '../../contracts/permissions.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { hashOfToken, type Sessions } from '../riders/sessions.ts'
import {
  accountOf,
  insertLink,
  insertPerson,
  linkHeld,
  markUsed,
  oldestPerson,
  peopleByName,
  roleOf,
} from './staff-store.ts'

/** Which app a link logs in to: the desk is closed to crews, the crew's app is open to every colleague. */
export type StaffApp = 'desk' | 'crew'

/** Staff log in by links that work once. */
export interface Staff {
  /** A new one-time link token for the first admin, who is made when there is none. */
  newLink(): Promise<string>
  newPerson(name: string, role: StaffRole): Promise<StaffId>
  people(): Promise<People['people']>
  /** Null when there is no such person. */
  roleOf(staffId: StaffId): Promise<StaffRole | null>
  /** Null when there is no such person, or not any more. */
  me(staffId: StaffId): Promise<Me | null>
  /** A new one-time link of a person; null when there is no such person. */
  linkFor(staffId: StaffId): Promise<PersonLink | null>
  /** A link of the crew of this name, who is made when there is none. */
  crewNamed(name: string): Promise<PersonLink>
  /** Refusals: `link_used`, and `not_allowed` (which leaves the link as it is). */
  useLink(token: string, app: StaffApp): Promise<{ staffId: StaffId; name: string; token: string } | Refusal>
}

export const linkLifetimeMs = 24 * 3_600_000
const linkTokenBytes = 24
const firstAdmin = 'Operator'
const mostPeople = 1_000

export function createStaff(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly sessions: Sessions
  readonly publicUrl: string
}): Staff {
  const { db, clock, ids, sessions, publicUrl } = deps

  const personOf = async (name: string, role: StaffRole, anyName: boolean): Promise<StaffId> =>
    db.transaction(async (tx) => {
      const known = await oldestPerson(tx, role, anyName ? null : name)
      if (known !== null) return known
      const staffId = asId<StaffId>(ids.uuid())
      await insertPerson(tx, { staffId, name, role, nowMs: clock.realNowMs() })
      return staffId
    })

  const tokenFor = async (staffId: StaffId): Promise<string> => {
    const token = ids.token(linkTokenBytes)
    await insertLink(db, hashOfToken(token), staffId, clock.realNowMs() + linkLifetimeMs)
    return token
  }

  const linkOf = async (staffId: StaffId, role: StaffRole): Promise<PersonLink> => {
    const link = await tokenFor(staffId)
    return { staffId, link, url: `${publicUrl}/${role === 'crew' ? 'crew' : 'ops'}/?link=${link}` }
  }

  return {
    newLink: async () => tokenFor(await personOf(firstAdmin, 'admin', true)),
    newPerson: async (name, role) => {
      const staffId = asId<StaffId>(ids.uuid())
      await insertPerson(db, { staffId, name, role, nowMs: clock.realNowMs() })
      return staffId
    },
    people: async () =>
      (await peopleByName(db, mostPeople)).map(({ sinceMs, ...person }) => ({ ...person, since: epochMs(sinceMs) })),
    roleOf: (staffId) => roleOf(db, staffId),
    me: async (staffId) => {
      const person = await accountOf(db, staffId)
      if (person === null) return null
      const allowed = (Object.keys(permissions) as Permission[]).filter((permission) => may(person.role, permission))
      return { staffId, ...person, permissions: allowed }
    },
    linkFor: async (staffId) => {
      const role = await roleOf(db, staffId)
      return role === null ? null : linkOf(staffId, role)
    },
    crewNamed: async (name) => linkOf(await personOf(name, 'crew', false), 'crew'),
    useLink: (link, app) =>
      db.transaction(async (tx) => {
        const nowMs = clock.realNowMs()
        const person = await linkHeld(tx, hashOfToken(link), nowMs)
        if (!person) return refuse('link_used')
        if (app === 'desk' && person.role === 'crew') return refuse('not_allowed', 'This link is for the crew’s app.')
        await markUsed(tx, hashOfToken(link), nowMs)
        const { staffId, name, role } = person
        const session = await sessions.begin(tx, { kind: 'staff', staffId, role })
        return { staffId, name, token: session.token }
      }),
  }
}
