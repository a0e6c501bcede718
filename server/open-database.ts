import type { Database } from './platform/database.ts'
import { openPgDatabase } from './platform/pg-database.ts'
import type { QueueAddress } from './platform/queue.ts'
import type { Settings } from './settings.ts'

export interface OpenedDatabase {
  readonly db: Database
  /** For sentences: host and database, never the password. */
  readonly where: string
  readonly queue: QueueAddress
}

const embeddedConnections = 8
const serverConnections = 20

/**
 * The operator's PostgreSQL (`DATABASE_URL`), or the embedded one whose socket the supervisor names.
 * @throws with a sentence when neither is there
 */
export function openDatabase(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  onConnectionLost: (error: Error) => void,
): OpenedDatabase {
  const url = settings.DATABASE_URL
  const redis: QueueAddress | null =
    settings.REDIS_URL === undefined ? null : { kind: 'redis', url: settings.REDIS_URL }
  if (url !== undefined) {
    const db = openPgDatabase({ kind: 'server', connectionString: url, max: serverConnections, onConnectionLost })
    const { host, pathname } = new URL(url)
    return { db, where: `${host}${pathname}`, queue: redis ?? { kind: 'postgres', connectionString: url } }
  }
  const host = environment.ZWERM_DATABASE_SOCKET
  const port = Number(environment.ZWERM_DATABASE_PORT)
  if (!host || !Number.isInteger(port)) {
    throw new Error('No database: start with "npm start" or "npm run server", or set DATABASE_URL.')
  }
  const db = openPgDatabase({ kind: 'embedded', host, port, max: embeddedConnections, onConnectionLost })
  return { db, where: host, queue: redis ?? { kind: 'embedded', host, port } }
}
