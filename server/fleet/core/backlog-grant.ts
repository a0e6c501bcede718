import { type Hello, maxTelemetryRecords } from '../../../contracts/mqtt/reports.ts'

/** What any lock may send at once: a backlog that fits needs no leave. */
const alwaysAllowed = 20
/** A backlog of three thousand records is out with its half, and what is left follows at the usual rate. */
const mostGranted = 100

/** How many messages beyond its rate a lock should be let send at once, by what its hello says is waiting; 0: none. */
export function backlogGrant(waiting: Hello['ob']): number {
  if (waiting === undefined) return 0
  const messages = waiting.evt + Math.ceil(waiting.tel / maxTelemetryRecords)
  return messages <= alwaysAllowed ? 0 : Math.min(mostGranted, messages)
}
