import type { Me, RecoveryCodes, SecondFactorSecret } from '../../contracts/http/account.ts'
import type { StaffId } from '../../contracts/ids.ts'
import { may, type Permission, permissions, type StaffRole } from '../../contracts/permissions.ts'
import { isRefusal, type Refusal, type RefusalCode, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Sessions } from '../riders/sessions.ts'
import {
  type Account,
  accountHeld,
  accountOf,
  recoveryCodesLeft,
  replaceRecoveryCodes,
  savePassword,
  saveShownSecret,
  turnSecondFactorOff,
  turnSecondFactorOn,
} from './account-store.ts'
import { type CheckCode, personSubject } from './check-code.ts'
import { type PasswordFault, passwordFault } from './core/password-rules.ts'
import { claimTryOf, wasRight } from './log-in-tries-service.ts'
import type { Passwords } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'

/** Everybody's own: what logs a colleague in. */
export interface AccountService {
  /** Null when there is no such person, or not any more. */
  me(who: SessionOf): Promise<Me | null>
  /** Ends the person's other sessions. Refusals: `password_wrong`, `log_in_locked`, `password_short` and its kin. */
  setPassword(who: SessionOf, password: string | undefined, newPassword: string): Promise<Refusal | null>
  showSecondFactor(who: SessionOf, password: string | undefined): Promise<SecondFactorSecret | Refusal>
  /** The first code of the secret that was shown. Refusals: `second_factor_over`, `second_factor_wrong`, `log_in_locked`. */
  confirmSecondFactor(who: SessionOf, code: string): Promise<RecoveryCodes | Refusal>
  /** Needs the password, where there is one, and a code. */
  dropSecondFactor(who: SessionOf, password: string | undefined, code: string): Promise<Refusal | null>
  newRecoveryCodes(who: SessionOf, password: string | undefined, code: string): Promise<RecoveryCodes | Refusal>
}

export interface SessionOf {
  readonly staffId: StaffId
  readonly token: string
}

/** Within this long of a log-in by link the old password is not asked for: that is how a forgotten one is replaced. */
const linkProvesForMs = 3_600_000
/** A secret that is shown waits this long for its first code. */
const shownForMs = 900_000

const refusalOfFault: Readonly<Record<PasswordFault, RefusalCode>> = {
  too_short: 'password_short',
  too_long: 'bad_request',
  too_common: 'password_common',
  own_name: 'password_own_name',
}

export function createAccounts(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly factor: SecondFactor
  readonly checkCode: CheckCode
  readonly needsSecondFactor: (role: StaffRole) => boolean
}): AccountService {
  const { db, clock, sessions, passwords, factor, checkCode, needsSecondFactor } = deps

  /** Null: this is the person. Wrong tries are counted as those of a log-in are. */
  const provePassword = async (account: Account, password: string | undefined): Promise<Refusal | null> => {
    if (account.passwordHash === null) return null
    // Counted apart from codes: a right password must not renew the chance to guess those.
    const subject = factor.indexOf(`password:${account.staffId}`)
    const locked = await db.transaction((tx) => claimTryOf(tx, subject, clock))
    if (locked !== null) return locked
    if (!(await passwords.matches(account.passwordHash, password ?? ''))) return refuse('password_wrong')
    await db.transaction((tx) => wasRight(tx, subject))
    return null
  }
  const cameByLink = async (token: string): Promise<boolean> => {
    const beginning = await sessions.beginning(token)
    return beginning?.by === 'link' && clock.realNowMs() - beginning.atMs < linkProvesForMs
  }
  const proved = async (who: SessionOf, password: string | undefined): Promise<Account | Refusal> => {
    const account = await accountOf(db, who.staffId)
    if (account === null) return refuse('session_ended')
    return (await provePassword(account, password)) ?? account
  }
  const provedOrByLink = async (who: SessionOf, password: string | undefined): Promise<Account | Refusal> => {
    if (!(await cameByLink(who.token))) return proved(who, password)
    return (await accountOf(db, who.staffId)) ?? refuse('session_ended')
  }
  const freshCodes = (): RecoveryCodes => ({ codes: [...factor.newRecoveryCodes()] })
  const hashesOf = ({ codes }: RecoveryCodes) => codes.map((code) => factor.hashOfRecoveryCode(code))

  /** Runs `then` once a code of the person's is right; wrong ones are counted. */
  const withCode = <T>(
    staffId: StaffId,
    code: string,
    then: (tx: Parameters<CheckCode>[0]) => Promise<T>,
  ): Promise<T | Refusal> =>
    db.transaction(async (tx): Promise<T | Refusal> => {
      const held = await accountHeld(tx, staffId)
      if (held === null) return refuse('session_ended')
      if (held.totpSealed === null) return refuse('second_factor_over')
      const subject = factor.indexOf(personSubject(staffId))
      const locked = await claimTryOf(tx, subject, clock)
      if (locked !== null) return locked
      const no = await checkCode(tx, { ...held, totpSealed: held.totpSealed }, code)
      if (no !== null) return no
      await wasRight(tx, subject)
      return then(tx)
    })

  return {
    me: async ({ staffId, token }) => {
      const account = await accountOf(db, staffId)
      if (account === null) return null
      const { name, role, logInName } = account
      const hasSecondFactor = account.totpSealed !== null
      return {
        ...{ staffId, name, role, logInName, hasSecondFactor },
        permissions: (Object.keys(permissions) as Permission[]).filter((permission) => may(role, permission)),
        hasPassword: account.passwordHash !== null,
        asksPassword: account.passwordHash !== null && !(await cameByLink(token)),
        needsSecondFactor: !hasSecondFactor && needsSecondFactor(role),
        recoveryCodesLeft: hasSecondFactor ? await recoveryCodesLeft(db, staffId) : 0,
      }
    },
    setPassword: async (who, password, newPassword) => {
      const account = await provedOrByLink(who, password)
      if (isRefusal(account)) return account
      const fault = passwordFault(newPassword, [account.name, account.logInName ?? ''])
      if (fault !== null) return refuse(refusalOfFault[fault])
      const hash = await passwords.hash(newPassword)
      await db.transaction(async (tx) => {
        await savePassword(tx, who.staffId, hash)
        await sessions.endOf(tx, who.staffId, { except: who.token })
      })
      return null
    },
    showSecondFactor: async (who, password) => {
      const account = await provedOrByLink(who, password)
      if (isRefusal(account)) return account
      if (account.totpSealed !== null)
        return refuse('second_factor_over', 'There is a second factor: turn it off first.')
      const shown = await factor.newSecret(account.logInName ?? account.name)
      await saveShownSecret(db, who.staffId, factor.seal(who.staffId, shown.secret), clock.realNowMs())
      return shown
    },
    confirmSecondFactor: async (who, code) => {
      const fresh = freshCodes()
      const done = await db.transaction(async (tx): Promise<RecoveryCodes | Refusal> => {
        const held = await accountHeld(tx, who.staffId)
        const nowMs = clock.realNowMs()
        if (
          held?.totpShownSealed == null ||
          nowMs - (held.totpShownAtMs ?? 0) > shownForMs ||
          held.totpSealed !== null
        ) {
          return refuse('second_factor_over')
        }
        const step = factor.stepOf(factor.open(who.staffId, held.totpShownSealed), code, nowMs, null)
        if (step === null) return refuse('second_factor_wrong')
        await turnSecondFactorOn(tx, who.staffId, step)
        await replaceRecoveryCodes(tx, who.staffId, hashesOf(fresh))
        return fresh
      })
      sessions.forget(who.staffId)
      return done
    },
    dropSecondFactor: async (who, password, code) => {
      const account = await proved(who, password)
      if (isRefusal(account)) return account
      const done = await withCode(who.staffId, code, (tx) => turnSecondFactorOff(tx, who.staffId))
      sessions.forget(who.staffId)
      return isRefusal(done) ? done : null
    },
    newRecoveryCodes: async (who, password, code) => {
      const account = await proved(who, password)
      if (isRefusal(account)) return account
      const fresh = freshCodes()
      return withCode(who.staffId, code, async (tx) => {
        await replaceRecoveryCodes(tx, who.staffId, hashesOf(fresh))
        return fresh
      })
    },
  }
}
