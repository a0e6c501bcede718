import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { migrate } from '../server/platform/migrate.ts'
import { openPgDatabase } from '../server/platform/pg-database.ts'

/** Migrates the server of DATABASE_URL; without one, the embedded database in DATA_DIR, which must not be running. */
const url = process.env.DATABASE_URL
try {
  if (url === undefined || url === '') await migrateEmbedded(process.env.DATA_DIR ?? 'data')
  else await migrateServer(url)
} catch (error) {
  const busy = (error as { code?: unknown }).code === 'folder_taken'
  say(`${(error as Error).message}${busy ? ' (a running server migrates by itself when it starts)' : ''}`)
  process.exitCode = 1
}

async function migrateServer(connectionString: string): Promise<void> {
  const database = openPgDatabase({ kind: 'server', connectionString, max: 1 })
  const { host, pathname } = new URL(connectionString)
  try {
    report(await migrate(database, { where: `${host}${pathname}`, onApplied: say }))
  } finally {
    await database.close()
  }
}

async function migrateEmbedded(dataDir: string): Promise<void> {
  const server = await startEmbeddedPostgres({ folder: join(dataDir, 'postgres'), onProgress: say })
  const database = openPgDatabase({ kind: 'embedded', host: server.host, port: server.port, max: 1 })
  try {
    report(await migrate(database, { where: server.host, onApplied: say }))
  } finally {
    await database.close()
    await server.stop()
  }
}

function report(done: { readonly applied: readonly string[]; readonly version: number }): void {
  say(`${done.applied.length} applied, the database is at ${done.version}`)
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
