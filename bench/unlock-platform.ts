import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Child, startChild } from '../scripts/start/child.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/start-embedded-postgres.ts'

export interface BenchPlatform {
  readonly database: 'embedded' | 'server'
  readonly url: string
  readonly mqttUrl: string
  readonly factoryToken: string
  /** A bare command to a connected lock that answers at once: milliseconds until the answer is back at the broker. */
  echo(lockId: string): Promise<number>
  close(): Promise<void>
}

const echoLimitMs = 10_000

/**
 * The platform as it runs: database, payment sandbox and server, each a process of its own, in a data folder that is
 * removed again. With DATABASE_URL it makes a database of its own on that server, which it drops again.
 */
export async function openBenchPlatform(onComplaint: (line: string) => void): Promise<BenchPlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zwerm-bench-'))
  const stops: (() => Promise<void>)[] = [() => rm(dataDir, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  const begin = (child: Child): Child => {
    stops.push(() => child.stop())
    return child
  }
  try {
    const database = await openDatabase(dataDir, stops)
    const sandboxDir = join(dataDir, 'payment-sandbox')
    const sandbox = begin(
      startChild({
        name: 'payment-sandbox',
        program: 'payment-sandbox/main.ts',
        args: ['--data', sandboxDir],
        onLine: () => undefined,
      }),
    )
    await sandbox.ready
    const echoes = new Map<string, (ms: number) => void>()
    const env = {
      ...{ ...database.env, DATA_DIR: dataDir, PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'info', CITY_SPEED: '1' },
      ...{ ZWERM_DEMO: '1', ZWERM_ALIPAY_FILE: join(sandboxDir, 'merchant.json') },
    }
    const onLine = (_: string, line: string): void => hearServer(line, echoes, onComplaint)
    const server = begin(startChild({ name: 'server', program: 'bench/unlock-server.ts', onLine, env }))
    const { url, mqttPort } = await server.ready
    return {
      database: database.kind,
      url: String(url),
      mqttUrl: `mqtt://127.0.0.1:${String(mqttPort)}`,
      factoryToken: (await readFile(join(dataDir, 'secrets', 'factory-token'), 'utf8')).trim(),
      echo: (lockId) =>
        new Promise((resolve, reject) => {
          const limit = setTimeout(() => reject(new Error(`${lockId} did not answer`)), echoLimitMs)
          echoes.set(lockId, (ms) => {
            clearTimeout(limit)
            resolve(ms)
          })
          server.send({ echo: lockId })
        }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The log as it is written in production; only what the stopwatch says and what went wrong is looked at. */
function hearServer(
  line: string,
  echoes: Map<string, (ms: number) => void>,
  onComplaint: (line: string) => void,
): void {
  if (line.startsWith('{"echoed"')) {
    const { echoed, ms } = JSON.parse(line) as { readonly echoed: string; readonly ms: number }
    echoes.get(echoed)?.(ms)
    echoes.delete(echoed)
  } else if (!/^\{"level":[234]0/.test(line)) onComplaint(line)
}

interface BenchDatabase {
  readonly kind: BenchPlatform['database']
  readonly env: Readonly<Record<string, string>>
}

async function openDatabase(dataDir: string, stops: (() => Promise<void>)[]): Promise<BenchDatabase> {
  const given = process.env.DATABASE_URL
  if (given === undefined) {
    const database = await startEmbeddedPostgres({ folder: join(dataDir, 'postgres') })
    stops.push(() => database.stop())
    return {
      kind: 'embedded',
      env: { ZWERM_DATABASE_SOCKET: database.host, ZWERM_DATABASE_PORT: String(database.port) },
    }
  }
  const name = `zwerm_bench_${process.pid}`
  await onServer(given, `CREATE DATABASE ${name}`)
  stops.push(() => onServer(given, `DROP DATABASE ${name} WITH (FORCE)`))
  const url = new URL(given)
  url.pathname = `/${name}`
  return { kind: 'server', env: { DATABASE_URL: url.href } }
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement)
  await client.end()
}
