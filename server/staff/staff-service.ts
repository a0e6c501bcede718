import type { StaffRole } from '../../contracts/permissions.ts'
import type { Refusal } from '../../contracts/refusals.ts'
import type { Audit } from '../audit/audit-service.ts'
import { type AccountService, createAccounts } from './account-service.ts'
import { checkCodeWith } from './check-code.ts'
import { createPasswords } from './passwords.ts'
import { createPeople, type PeopleDeps, type PeopleService } from './people-service.ts'
import { secondFactorFrom } from './second-factor.ts'
import { createStaffLogIn, type LoggedIn, type LogInContext, type StaffApp, type StaffLogIn } from './staff-log-in.ts'

/** Colleagues: how they log in, their own accounts, and who may do what. */
export interface Staff extends PeopleService, AccountService {
  readonly logIn: StaffLogIn
  /** `logIn.byLink` of somebody who says nothing of themselves. */
  useLink(link: string, app: StaffApp, context?: LogInContext): Promise<LoggedIn | Refusal>
}

export function createStaff(
  deps: PeopleDeps & {
    readonly audit: Audit
    /** Seals second factors, and indexes log-in names. */
    readonly masterKey: Uint8Array
    /** Roles that may do nothing at the desk without a second factor. */
    readonly needsSecondFactor: (role: StaffRole) => boolean
  },
): Staff {
  const { db, clock, sessions, audit, needsSecondFactor } = deps
  const factor = secondFactorFrom(deps.masterKey)
  const passwords = createPasswords()
  const checkCode = checkCodeWith({ factor, clock })
  const logIn = createStaffLogIn({ db, clock, sessions, audit, passwords, factor, checkCode })
  return {
    ...createPeople(deps),
    ...createAccounts({ db, clock, sessions, passwords, factor, checkCode, needsSecondFactor }),
    logIn,
    useLink: (link, app, context = {}) => logIn.byLink(link, app, context),
  }
}
