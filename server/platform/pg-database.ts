import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool, type PoolClient, type PoolConfig, type QueryResult } from 'pg'
import { columnParsers } from './column-parsers.ts'
import { type Database, isConnectionLost, type Queryable, sqlStateOf } from './database.ts'

/** Where the database is: a URL, a Unix socket folder (or host), or bytes carried inside this process. */
export type DatabaseAddress =
  | { readonly connectionString: string }
  | { readonly host: string; readonly port?: number; readonly database?: string; readonly user?: string }
  | { readonly openStream: () => Duplex }

export type PgDatabaseOptions = DatabaseAddress & {
  readonly kind: Database['kind']
  /** Connections at most. Together with all other pools it must stay below the server's limit. */
  readonly max?: number
  /** An idle connection was lost. The pool replaces it at the next query; this is for the log only. */
  readonly onConnectionLost?: (error: Error) => void
}

const defaultMaxConnections = 10
const connectTimeoutMs = 30_000
const maxTransactionAttempts = 5
const retryPauseMs = 20

/** SQLSTATE 40001 serialization_failure and 40P01 deadlock_detected: nothing happened, the same work may be tried again. */
const tryAgainCodes: ReadonlySet<string> = new Set(['40001', '40P01'])

/** A pool of connections to any PostgreSQL, the embedded one included. Connects at the first query. */
export function openPgDatabase(options: PgDatabaseOptions): Database {
  const pool = new Pool(poolConfig(options))
  pool.on('error', options.onConnectionLost ?? ignoreIdleLoss)
  const insideTransaction = new AsyncLocalStorage<{ open: boolean }>()

  const refuseInsideTransaction = (): void => {
    if (insideTransaction.getStore()?.open !== true) return
    throw new Error('a transaction used the database instead of its own tx: on one session it would wait for itself')
  }

  const attempt = async <T>(work: (tx: Queryable) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    const scope = { open: true }
    let broken: Error | undefined
    // A connection lost between two statements is told to the client only, and an unheard error ends the process.
    const noteLoss = (error: Error): void => {
      broken = error
    }
    client.on('error', noteLoss)
    try {
      await client.query('BEGIN')
      const result = await insideTransaction.run(scope, () => work(transactionOn(client, scope)))
      scope.open = false
      await client.query('COMMIT')
      return result
    } catch (error) {
      scope.open = false
      broken ??= isConnectionLost(error) ? (error as Error) : await rollBack(client)
      throw error
    } finally {
      client.off('error', noteLoss)
      client.release(broken)
    }
  }

  return {
    kind: options.kind,
    async query<Row>(text: string, values?: readonly unknown[]) {
      refuseInsideTransaction()
      return answer<Row>(await pool.query(text, values as unknown[]))
    },
    async transaction(work) {
      refuseInsideTransaction()
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt(work)
        } catch (error) {
          if (tries >= maxTransactionAttempts || !tryAgainCodes.has(sqlStateOf(error) ?? '')) throw error
          await pause(randomInt(retryPauseMs * tries) + 1)
        }
      }
    },
    async close() {
      await pool.end()
    },
  }
}

function transactionOn(client: PoolClient, scope: { readonly open: boolean }): Queryable {
  return {
    async query<Row>(text: string, values?: readonly unknown[]) {
      if (!scope.open) throw new Error('a statement was sent to a transaction that has already ended')
      return answer<Row>(await client.query(text, values as unknown[]))
    },
  }
}

/** The error when even ROLLBACK failed: the connection is in an unknown state and must not go back to the pool. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error as Error
  }
}

/** Several statements in one text give several results; the last one is the answer. */
function answer<Row>(result: QueryResult | readonly QueryResult[]): { rows: Row[]; rowCount: number } {
  const last = Array.isArray(result) ? (result.at(-1) as QueryResult) : (result as QueryResult)
  return { rows: last.rows as Row[], rowCount: last.rowCount ?? 0 }
}

/** Without a listener Node would end the process; the next query on the pool opens a new connection or reports. */
function ignoreIdleLoss(): void {}

function poolConfig(options: PgDatabaseOptions): PoolConfig {
  const max = options.max ?? defaultMaxConnections
  const shared = { max, types: columnParsers, application_name: 'zwerm' } as const
  // Inside one process nothing can be out of reach, and a timer would make a simulated run depend on real time.
  if ('openStream' in options)
    return { ...shared, max: 1, idleTimeoutMillis: 0, user: 'postgres', stream: options.openStream }
  const remote = { ...shared, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true }
  if ('connectionString' in options) return { ...remote, connectionString: options.connectionString }
  const { host, port = 5432, database = 'postgres', user = 'postgres' } = options
  return { ...remote, host, port, database, user }
}
