export interface ActName {
  /** `bike.command:post bikes/commands`: filtered by its beginning, told in words by the permission. */
  readonly action: string
  readonly subjectKind: string | null
  readonly subjectId: string | null
}

const longestAction = 120
const longestSubject = 200

/**
 * A short name for what a route does, and whom or what it is about: the last parameter of its path.
 *
 * @param permission of the route; `crew` for the crew's app, which has none
 * @param pattern `/v1/staff/bikes/:bikeId/commands`
 */
export function nameAct(
  permission: string,
  method: string,
  pattern: string,
  params: Readonly<Record<string, unknown>>,
): ActName {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== 'v1' && part !== 'staff')
  const path = parts.filter((part) => !part.startsWith(':')).join('/')
  const parameter = parts.findLast((part) => part.startsWith(':'))?.slice(1)
  const value = parameter === undefined ? undefined : params[parameter]
  const isKnown = parameter !== undefined && typeof value === 'string'
  return {
    action: `${permission}:${method.toLowerCase()} ${path}`.slice(0, longestAction),
    subjectKind: isKnown ? parameter.replace(/Id$/, '') : null,
    subjectId: isKnown ? value.slice(0, longestSubject) : null,
  }
}
