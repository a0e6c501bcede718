import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import Postgrator from 'postgrator'
import { type Database, isConnectionLost, type Queryable, sqlStateOf } from './database.ts'

export const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** Not in any migration, because it is where their numbers are kept. */
export const migrationTable = 'applied_migration'

export interface MigrateOptions {
  readonly folder?: string
  /** Host and port (never the password), for the sentence when nothing answers there. */
  readonly where?: string
  readonly onApplied?: (fileName: string) => void
}

export interface Migrated {
  /** File names applied by this call, in order. */
  readonly applied: readonly string[]
  /** Number of the last migration the database has. */
  readonly version: number
}

export type MigrationFaultCode =
  | 'migration_failed'
  | 'migration_edited'
  | 'database_newer'
  | 'database_away'
  | 'database_refused'
  | 'postgres_too_old'
  | 'postgis_missing'
  | 'postgis_forbidden'

/** SQLSTATE of a wrong name or password, and of a database that does not exist. */
const refusedLogin: ReadonlySet<string> = new Set(['28000', '28P01', '3D000'])

const oldestServerVersion = 150_000
/** Any number that no other program on the server uses: "zwrm" in ASCII. */
const advisoryKey = 0x7a77726d

/**
 * Brings the database to the newest `migrations/NNNN.do.name.sql`. Each file and the row that says it was applied are
 * one transaction under an advisory lock: processes that start together apply each file once, and a crash leaves no
 * file half applied. (`BEGIN;` and `COMMIT;` on lines of their own, for psql, are therefore left out here.)
 *
 * @throws Error with a `MigrationFaultCode` in `code` and one sentence that says what to do
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<Migrated> {
  const { folder = migrationsFolder, where = 'the database', onApplied } = options
  try {
    await requireServerVersion(database)
    const applied: string[] = []
    for (;;) {
      const step = await database.transaction((tx) => applyNext(tx, folder))
      if (step.fileName === undefined) return { applied, version: step.version }
      applied.push(step.fileName)
      onApplied?.(step.fileName)
    }
  } catch (error) {
    if (isConnectionLost(error)) throw fault('database_away', awaySentence(where, error), error)
    if (refusedLogin.has(sqlStateOf(error) ?? '')) {
      const said = (error as Error).message
      throw fault(
        'database_refused',
        `PostgreSQL at ${where} refused the log-in (${said}): correct DATABASE_URL`,
        error,
      )
    }
    throw error
  }
}

interface Step {
  readonly fileName?: string
  readonly version: number
}

async function applyNext(tx: Queryable, folder: string): Promise<Step> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryKey])
  const postgrator = postgratorOn(tx, folder)
  const files = (await postgrator.getMigrations()).filter((file) => file.action === 'do')
  const newest = Math.max(0, ...files.map((file) => file.version))
  const version = await postgrator.getDatabaseVersion()
  if (version > newest) {
    throw fault(
      'database_newer',
      `the database has migration ${version}, this code knows up to ${newest}: run the newer release`,
    )
  }
  const next = files.filter((file) => file.version > version).sort((a, b) => a.version - b.version)[0]
  try {
    if (next === undefined) {
      await postgrator.validateMigrations(version)
      return { version }
    }
    await postgrator.migrate(String(next.version))
    return { version: next.version, fileName: basename(next.filename) }
  } catch (error) {
    throw explain(error, files, next)
  }
}

function postgratorOn(tx: Queryable, folder: string): Postgrator {
  return new Postgrator({
    driver: 'pg',
    migrationPattern: `${folder.replace(/\/$/, '')}/*.sql`,
    schemaTable: migrationTable,
    newline: 'LF',
    execQuery: (text) => tx.query(text),
    execSqlScript: async (script) => {
      await tx.query(script.replace(/^\s*(BEGIN|COMMIT)\s*;\s*$/gim, ''))
    },
  })
}

type MigrationFile = Pick<Postgrator.Migration, 'version' | 'filename'>

function explain(error: unknown, files: readonly MigrationFile[], next: MigrationFile | undefined): Error {
  const reason = error instanceof Error ? error : new Error(String(error))
  const edited = /^MD5 checksum failed for migration \[(\d+)\]$/.exec(reason.message)
  if (edited !== null) {
    const name = nameOf(files.find((file) => file.version === Number(edited[1])))
    return fault(
      'migration_edited',
      `${name} was changed after it had been applied: restore it and write a new migration`,
      reason,
    )
  }
  if (isConnectionLost(error)) return reason
  const state = sqlStateOf(error)
  if (/extension "postgis"/.test(reason.message)) {
    if (state === '42501') {
      const fix = 'have a superuser run CREATE EXTENSION postgis in this database once'
      return fault('postgis_forbidden', `this database user may not create the extension postgis: ${fix}`, reason)
    }
    const fix = 'install the package postgresql-NN-postgis-3 on it, or use the image postgis/postgis'
    return fault('postgis_missing', `PostGIS is not installed on the database server: ${fix}`, reason)
  }
  const said = `${reason.message}${state === undefined ? '' : ` (SQLSTATE ${state})`}`
  return fault(
    'migration_failed',
    `${nameOf(next)} failed and nothing of it was applied. PostgreSQL said: ${said}`,
    reason,
  )
}

async function requireServerVersion(database: Database): Promise<void> {
  const { rows } = await database.query<{ server_version_num: string }>('SHOW server_version_num')
  const number = Number(rows[0]?.server_version_num)
  if (number >= oldestServerVersion) return
  const needed = Math.floor(oldestServerVersion / 10_000)
  throw fault(
    'postgres_too_old',
    `PostgreSQL ${needed} or newer is needed, this server is ${Math.floor(number / 10_000)}`,
  )
}

function awaySentence(where: string, error: unknown): string {
  const reason = sqlStateOf(error) ?? (error as Error).message
  return `no PostgreSQL answers at ${where} (${reason}): start it, or correct DATABASE_URL`
}

function nameOf(file: MigrationFile | undefined): string {
  return file === undefined ? 'a migration' : basename(file.filename)
}

function fault(code: MigrationFaultCode, sentence: string, cause?: unknown): Error {
  return Object.assign(new Error(sentence, { cause }), { code })
}
