import { type Permission, permissions } from '../../contracts/permissions.ts'

/** Acts of the crew's app are called `crew`. */
const named = (Object.keys(permissions) as Permission[]).filter((permission) => permission !== 'crew.drive')
/** What an action's name begins with, and the key of its words. */
export const actKinds = ['log_in', 'log_in.failed', 'crew', ...named] as const
export type ActKind = (typeof actKinds)[number]

/** `bike.command:post bikes/commands` → `bike.command`; null for a name of other times. */
export const kindOf = (action: string): ActKind | null => {
  const [beginning = ''] = action.split(':')
  return (actKinds as readonly string[]).includes(beginning) ? (beginning as ActKind) : null
}

/** With the colon: `log_in` leaves out the failed ones. */
export const filterOf = (kind: ActKind): string => `${kind}:`
