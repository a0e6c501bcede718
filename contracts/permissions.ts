/**
 * Who may do what. A staff route names one of these and the server asks for it on every request; pages hide what would
 * be refused. No schema library here: browsers load this.
 */
export const staffRoles = ['viewer', 'dispatcher', 'support', 'crew_lead', 'finance', 'admin', 'crew'] as const
/** A viewer looks. A crew has the crew's app only. */
export type StaffRole = (typeof staffRoles)[number]

const desk = ['viewer', 'dispatcher', 'support', 'crew_lead', 'finance', 'admin'] as const
const hands = ['dispatcher', 'crew_lead', 'admin'] as const
const helpers = ['dispatcher', 'support', 'crew_lead', 'admin'] as const

/** Each permission with the roles that have it. */
export const permissions = {
  /** Map, list, bikes, alarms, tasks, trips without their way, zones, plans, morning reports. */
  'desk.see': desk,
  /** Ring, locate, self-test, reboot, close; what is set in one lock. */
  'bike.command': hands,
  /** Opens a lock without a ride. */
  'bike.unlock': ['dispatcher', 'crew_lead', 'admin'],
  /** Out of service and back, notes. */
  'bike.service': helpers,
  'alarm.handle': helpers,
  /** What is set in every lock. */
  'lock.settings': ['crew_lead', 'admin'],
  /** From when on rules raise an alarm. */
  'alarm.settings': ['crew_lead', 'admin'],
  'task.handle': helpers,
  /** Reports that riders send. */
  'report.handle': helpers,
  /** What riders say against a price: look at it, answer it. */
  'appeal.see': ['dispatcher', 'support', 'finance', 'admin'],
  'appeal.decide': ['support', 'finance', 'admin'],
  /** Where a rider went: with a reason, and it is written down who asked. */
  'trip.replay': ['dispatcher', 'support', 'admin'],
  /** End a ride for a rider, let it last longer. */
  'trip.end': ['dispatcher', 'support', 'admin'],
  'trip.refund': ['support', 'finance', 'admin'],
  'trip.reprice': ['support', 'finance', 'admin'],
  /** Locks and their labels; cuts off one that was stolen. */
  'lock.revoke': hands,
  /** Gives a lock new secrets, which are told to whoever asks. */
  'lock.renew': ['admin'],
  'zone.edit': hands,
  'night.plan': hands,
  'numbers.see': desk,
  'money.see': ['finance', 'admin'],
  'people.see': desk,
  /** New colleagues of any role, their roles, an end to their access. */
  'people.manage': ['admin'],
  /** The same for crews alone. */
  'crews.manage': ['crew_lead', 'admin'],
  /** The crew's app: drive a route, move bikes, finish a task in the street. Every route of that app asks for it. */
  'crew.drive': ['dispatcher', 'crew_lead', 'admin', 'crew'],
  'audit.see': ['finance', 'admin'],
  /** The simulated city's weather, faults and speed. */
  'demo.steer': ['dispatcher', 'crew_lead', 'admin'],
  /** Everybody's own: password, second factor, log out. */
  'self.manage': desk,
} as const satisfies Readonly<Record<string, readonly StaffRole[]>>
export type Permission = keyof typeof permissions

/** Whether a role has a permission. */
export const may = (role: StaffRole, permission: Permission): boolean =>
  (permissions[permission] as readonly StaffRole[]).includes(role)
