import type { People, PersonLink } from '../../contracts/http/crews.ts'
import { asId, type StaffId } from '../../contracts/ids.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { hashOfToken, type Sessions } from '../riders/sessions.ts'
import { foldedLogInName, isLogInName } from './core/log-in-name.ts'
import {
  adminsHeld,
  endLinksOf,
  insertLink,
  insertPerson,
  oldestPerson,
  peopleByName,
  personOf,
  updateEnd,
  updateNames,
  updateRole,
} from './staff-store.ts'

/** Colleagues: who they are, what they may do, and the links that log them in once. */
export interface PeopleService {
  /** A new one-time link token for the first admin, who is made when there is none. */
  newLink(): Promise<string>
  /** The same of a name that logs in with a password. Refusals: `log_in_name_taken`, `log_in_name_wrong`. */
  addPerson(name: string, role: StaffRole, logInName: string): Promise<StaffId | Refusal>
  newPerson(name: string, role: StaffRole): Promise<StaffId>
  /** @param withLogIn whether to say how each of them logs in */
  people(withLogIn: boolean): Promise<People['people']>
  /** Null when there is no such person. */
  roleOf(staffId: StaffId): Promise<StaffRole | null>
  /** A new one-time link of a person; null when there is no such person, or not any more. */
  linkFor(staffId: StaffId, withoutSecondFactor?: boolean): Promise<PersonLink | null>
  /** A link of the crew of this name, who is made when there is none. */
  crewNamed(name: string): Promise<PersonLink>
  rename(staffId: StaffId, name: string, logInName: string): Promise<Refusal | null>
  /** Refusals: `last_admin`, `not_found`. It holds from the next request on; who becomes a crew is logged out. */
  changeRole(staffId: StaffId, role: StaffRole): Promise<Refusal | null>
  /** Sessions and links end at once. Refusals: `last_admin`, `not_found`. */
  switchOff(staffId: StaffId): Promise<Refusal | null>
  switchOn(staffId: StaffId): Promise<Refusal | null>
}

export const linkLifetimeMs = 24 * 3_600_000
const linkTokenBytes = 24
const firstAdmin = 'Operator'
const mostPeople = 1_000

export interface PeopleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly sessions: Sessions
  readonly publicUrl: string
}

export function createPeople(deps: PeopleDeps): PeopleService {
  const { db, clock, ids, sessions, publicUrl } = deps

  const insert = async (tx: Parameters<typeof insertPerson>[0], name: string, role: StaffRole, logInName?: string) => {
    const staffId = asId<StaffId>(ids.uuid())
    await insertPerson(tx, { staffId, name, role, logInName: logInName ?? null, nowMs: clock.realNowMs() })
    return staffId
  }
  const madeOrFound = (name: string, role: StaffRole, anyName: boolean): Promise<StaffId> =>
    db.transaction(async (tx) => (await oldestPerson(tx, role, anyName ? null : name)) ?? insert(tx, name, role))

  const tokenFor = async (staffId: StaffId, withoutSecondFactor = false): Promise<string> => {
    const token = ids.token(linkTokenBytes)
    const expiresAtMs = clock.realNowMs() + linkLifetimeMs
    await insertLink(db, { tokenHash: hashOfToken(token), staffId, expiresAtMs, withoutSecondFactor })
    return token
  }
  const linkOf = async (staffId: StaffId, role: StaffRole, withoutSecondFactor = false): Promise<PersonLink> => {
    const link = await tokenFor(staffId, withoutSecondFactor)
    return { staffId, link, url: `${publicUrl}/${role === 'crew' ? 'crew' : 'ops'}/?link=${link}` }
  }
  /** An empty name is none. */
  const logInNameFrom = (typed: string): string | null | Refusal => {
    const folded = foldedLogInName(typed)
    if (folded === '') return null
    return isLogInName(folded) ? folded : refuse('log_in_name_wrong')
  }
  const unlessTaken = async <T>(work: () => Promise<T>): Promise<T | Refusal> => {
    try {
      return await work()
    } catch (error) {
      if (isUniqueViolation(error, 'staff_log_in_name_key')) return refuse('log_in_name_taken')
      throw error
    }
  }
  /** Takes `staffId` from the admins: those are held, so that of two who do it at once the second sees the first. */
  const isLastAdmin = async (tx: Parameters<typeof adminsHeld>[0], staffId: StaffId): Promise<boolean> => {
    const admins = await adminsHeld(tx)
    return admins.includes(staffId) && admins.length === 1
  }

  return {
    newLink: async () => tokenFor(await madeOrFound(firstAdmin, 'admin', true)),
    addPerson: async (name, role, typed) => {
      const logInName = logInNameFrom(typed)
      if (typeof logInName === 'object' && logInName !== null) return logInName
      return unlessTaken(() => insert(db, name, role, logInName ?? undefined))
    },
    newPerson: (name, role) => insert(db, name, role),
    people: async (withLogIn) =>
      (await peopleByName(db, mostPeople)).map((person) => ({
        staffId: person.staffId,
        name: person.name,
        role: person.role,
        since: epochMs(person.sinceMs),
        seenAt: person.seenAtMs === null ? null : epochMs(person.seenAtMs),
        endedAt: person.endedAtMs === null ? null : epochMs(person.endedAtMs),
        logIn: withLogIn
          ? { name: person.logInName, hasPassword: person.hasPassword, hasSecondFactor: person.hasSecondFactor }
          : null,
      })),
    roleOf: async (staffId) => (await personOf(db, staffId))?.role ?? null,
    linkFor: async (staffId, withoutSecondFactor) => {
      const person = await personOf(db, staffId)
      return person === null || person.endedAtMs !== null ? null : linkOf(staffId, person.role, withoutSecondFactor)
    },
    crewNamed: async (name) => linkOf(await madeOrFound(name, 'crew', false), 'crew'),
    rename: async (staffId, name, typed) => {
      const logInName = logInNameFrom(typed)
      if (typeof logInName === 'object' && logInName !== null) return logInName
      const no = await unlessTaken(() => updateNames(db, staffId, { name, logInName }))
      return no ?? null
    },
    changeRole: async (staffId, role) => {
      const no = await db.transaction(async (tx): Promise<Refusal | null> => {
        if (role !== 'admin' && (await isLastAdmin(tx, staffId))) return refuse('last_admin')
        const person = await personOf(tx, staffId)
        if (person === null) return refuse('not_found')
        await updateRole(tx, staffId, role)
        // Sessions belong to an app, and so do links that were given away.
        if ((person.role === 'crew') !== (role === 'crew')) {
          await sessions.endOf(tx, staffId, {})
          await endLinksOf(tx, staffId, clock.realNowMs())
        }
        return null
      })
      sessions.forget(staffId)
      return no
    },
    switchOff: async (staffId) => {
      const no = await db.transaction(async (tx): Promise<Refusal | null> => {
        if (await isLastAdmin(tx, staffId)) return refuse('last_admin')
        const person = await personOf(tx, staffId)
        if (person === null) return refuse('not_found')
        if (person.endedAtMs !== null) return null
        const nowMs = clock.realNowMs()
        await updateEnd(tx, staffId, nowMs)
        await sessions.endOf(tx, staffId, {})
        await endLinksOf(tx, staffId, nowMs)
        return null
      })
      sessions.forget(staffId)
      return no
    },
    switchOn: async (staffId) => {
      if ((await personOf(db, staffId)) === null) return refuse('not_found')
      await updateEnd(db, staffId, null)
      return null
    },
  }
}
