import type { StaffId } from '../../contracts/ids.ts'
import { may, type StaffRole } from '../../contracts/permissions.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Audit } from '../audit/audit-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { hashOfToken, type Sessions } from '../riders/sessions.ts'
import { type Account, accountHeld, accountNamed, replaceHash, turnSecondFactorOff } from './account-store.ts'
import { type CheckCode, personSubject } from './check-code.ts'
import { foldedLogInName } from './core/log-in-name.ts'
import { claimTryOf, giveBackTry, wasRight } from './log-in-tries-service.ts'
import { isOutdated, type Passwords } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'
import { type LinkHeld, linkHeld, markUsed } from './staff-store.ts'

/** Which app a person logs in to: the desk is closed to crews, the crew's app to whoever may not `crew.drive`. */
export type StaffApp = 'desk' | 'crew'

export interface LoggedIn {
  readonly staffId: StaffId
  readonly name: string
  readonly token: string
}

/** What a request says besides the secret itself. */
export interface LogInContext {
  /** Of the second factor, when it was asked for. */
  readonly code?: string
  readonly agent?: string
  readonly requestId?: string
}

export interface StaffLogIn {
  /**
   * A link that works once. Refusals: `link_used`, `not_allowed` (a crew at the desk, a viewer at the crew's app),
   * `second_factor_asked`, `second_factor_wrong`, `log_in_locked`; all but the first leave the link as it is.
   */
  byLink(link: string, app: StaffApp, context: LogInContext): Promise<LoggedIn | Refusal>
  /**
   * At the desk. An unknown name and a wrong password get the same answer after the same work: `log_in_wrong`. Others:
   * `log_in_locked`, `second_factor_asked`, `second_factor_wrong`.
   */
  byPassword(logInName: string, password: string, context: LogInContext): Promise<LoggedIn | Refusal>
}

export interface StaffLogInDeps {
  readonly db: Database
  readonly clock: Clock
  readonly sessions: Sessions
  readonly audit: Audit
  readonly passwords: Passwords
  readonly factor: SecondFactor
  readonly checkCode: CheckCode
}

/** How it was tried; and a keyed hash of the name that was typed, short. */
interface LogInDetail {
  readonly app: StaffApp
  readonly by: 'link' | 'password'
  readonly name?: string
  readonly withoutSecondFactor?: true
}
const crewAppIsFor = 'The crew’s app is for crews, crew leads, dispatchers and admins.'
type Who = { readonly staffId: StaffId; readonly role: StaffRole } | null

export function createStaffLogIn(deps: StaffLogInDeps): StaffLogIn {
  const { db, clock, sessions, audit, passwords, factor, checkCode } = deps

  /** A log-in, or a try of one, in the audit log. Under a name that nobody has, a keyed hash of it stands for it. */
  const trace = (tx: Queryable, who: Who, refusal: Refusal | null, detail: LogInDetail, context: LogInContext) =>
    audit.write(
      {
        staffId: who?.staffId ?? null,
        role: who?.role ?? null,
        action: `${refusal === null ? 'log_in' : 'log_in.failed'}:${detail.by}`,
        subjectKind: who === null ? null : 'staff',
        subjectId: who?.staffId ?? null,
        reason: null,
        detail,
        requestId: context.requestId ?? '',
      },
      { status: refusal === null ? 201 : 422, code: refusal?.code ?? null, outcome: null },
      tx,
    )
  const begin = async (
    tx: Queryable,
    person: { staffId: StaffId; role: StaffRole; name: string },
    way: { app: StaffApp; by: 'link' | 'password' },
    context: LogInContext,
    more: Partial<LogInDetail> = {},
  ): Promise<LoggedIn> => {
    const { staffId, role, name } = person
    const session = await sessions.begin(tx, { kind: 'staff', staffId, role }, { ...way, agent: context.agent ?? null })
    await trace(tx, person, null, { ...way, ...more }, context)
    return { staffId, name, token: session.token }
  }
  /** The password was right: what is left is the code, if the person has one. */
  const finish = (account: Account, subject: Buffer, detail: LogInDetail, context: LogInContext) =>
    db.transaction(async (tx): Promise<LoggedIn | Refusal> => {
      const held = await accountHeld(tx, account.staffId)
      // Switched off, or another password, in between.
      if (held === null || held.passwordHash !== account.passwordHash) return refuse('log_in_wrong')
      if (held.totpSealed !== null) {
        if (context.code === undefined) {
          await giveBackTry(tx, subject, clock)
          return refuse('second_factor_asked')
        }
        const no = await checkCode(tx, { ...held, totpSealed: held.totpSealed }, context.code)
        if (no !== null) {
          await trace(tx, account, no, detail, context)
          return no
        }
      }
      await wasRight(tx, subject)
      return begin(tx, held, { app: 'desk', by: 'password' }, context)
    })

  /** Null: the link opens this app for its person. */
  const refusalOfLink = async (
    tx: Queryable,
    held: LinkHeld,
    app: StaffApp,
    code?: string,
  ): Promise<Refusal | null> => {
    if (held.isOver) return refuse('link_used')
    if (app === 'crew' && !may(held.role, 'crew.drive')) return refuse('not_allowed', crewAppIsFor)
    // A session of the crew's app does not open the desk: there it asks for no code.
    if (app === 'crew') return null
    if (held.role === 'crew') return refuse('not_allowed', 'This link is for the crew’s app.')
    const { staffId, totpSealed, totpStep } = held
    if (totpSealed === null || held.withoutSecondFactor) return null
    if (code === undefined) return refuse('second_factor_asked')
    const subject = factor.indexOf(personSubject(staffId))
    const no = (await claimTryOf(tx, subject, clock)) ?? (await checkCode(tx, { staffId, totpSealed, totpStep }, code))
    if (no === null) await wasRight(tx, subject)
    return no
  }

  return {
    byLink: (link, app, context) =>
      db.transaction(async (tx): Promise<LoggedIn | Refusal> => {
        const nowMs = clock.realNowMs()
        const detail = { app, by: 'link' } as const
        const held = await linkHeld(tx, hashOfToken(link), nowMs)
        if (held === null) return refuse('link_used')
        const no = await refusalOfLink(tx, held, app, context.code)
        if (no !== null) {
          if (no.code !== 'second_factor_asked') await trace(tx, held, no, detail, context)
          return no
        }
        await markUsed(tx, hashOfToken(link), nowMs)
        const takesAway = held.withoutSecondFactor && held.totpSealed !== null
        if (takesAway) await turnSecondFactorOff(tx, held.staffId)
        return begin(tx, held, { app, by: 'link' }, context, takesAway ? { withoutSecondFactor: true } : {})
      }),
    byPassword: async (typedName, password, context) => {
      const logInName = foldedLogInName(typedName)
      const subject = factor.indexOf(`name:${logInName}`)
      const account = await accountNamed(db, logInName)
      const locked = await db.transaction((tx) => claimTryOf(tx, subject, clock))
      if (locked !== null) return locked
      const detail = { app: 'desk', by: 'password', name: subject.toString('hex').slice(0, 16) } as const
      const isRight = await passwords.matches(account?.passwordHash ?? null, password)
      if (!isRight || account === null) {
        const no = refuse('log_in_wrong')
        await trace(db, account, no, detail, context)
        return no
      }
      const done = await finish(account, subject, detail, context)
      if (!isRefusal(done) && account.passwordHash !== null && isOutdated(account.passwordHash)) {
        await replaceHash(db, account.staffId, account.passwordHash, await passwords.hash(password))
      }
      return done
    },
  }
}
