import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { present } from '../../contracts/assert.ts'
import { startEmbeddedPostgres } from '../../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { type Child, startChild } from './child.ts'

/** The platform as it runs, each part a process of its own, in a data folder that is removed again. */
export interface OwnPlatform {
  readonly httpUrl: string
  readonly mqttUrl: string
  /** Empty without TLS. */
  mqttsUrl(): string
  readonly factoryToken: string
  readonly dataDir: string
  /** Of the payment sandbox; null without one. */
  readonly sandboxUrl: string | null
  /** Where `openPgDatabase` finds the database. */
  readonly database: DatabaseAddress
  serverPid(): number
  /** A link of the desk that works once, of this start of the server. */
  staffLink(): string
  send(message: object): void
  /** kill -9 of the server process; its database and its payment sandbox go on. */
  kill(): Promise<void>
  /** Starts the server again at the same ports; resolves with the moment at which its MQTT port answered first. */
  start(): Promise<{ readonly listeningMs: number }>
  close(): Promise<void>
}

export type DatabaseAddress =
  | { readonly kind: 'embedded'; readonly host: string; readonly port: number }
  | { readonly kind: 'server'; readonly connectionString: string }

export interface OwnPlatformOptions {
  readonly program?: string
  /** A database that is there already and empty; default: an embedded one. */
  readonly databaseUrl?: string
  readonly isPaid?: boolean
  readonly isTls?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly onLine?: (name: string, line: string) => void
  readonly onProgress?: (sentence: string) => void
}

const knockEveryMs = 20
const startLimitMs = 120_000

/** Starts it as `npm start` would, at real time and without pages and city. */
export async function openOwnPlatform(options: OwnPlatformOptions = {}): Promise<OwnPlatform> {
  const { onLine = () => undefined, onProgress = () => undefined } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'zwerm-own-'))
  const stops: (() => Promise<void>)[] = [() => rm(dataDir, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    onProgress('opening the database')
    const database = await openDatabase(dataDir, options.databaseUrl, stops)
    const sandboxDir = join(dataDir, 'payment-sandbox')
    let sandboxUrl: string | null = null
    if (options.isPaid) {
      const args = ['--data', sandboxDir]
      const sandbox = startChild({ name: 'payment-sandbox', program: 'payment-sandbox/main.ts', args, onLine })
      stops.push(() => sandbox.stop())
      sandboxUrl = String((await sandbox.ready).url)
    }
    const [port, mqttPort] = [await freePort(), await freePort()]
    const env = {
      ...database.env,
      ...{ DATA_DIR: dataDir, PORT: String(port), MQTT_PORT: String(mqttPort), LOG_LEVEL: 'info', CITY_SPEED: '1' },
      ...{ ZWERM_DEMO: '1', ...(options.isPaid ? { ZWERM_ALIPAY_FILE: join(sandboxDir, 'merchant.json') } : {}) },
      ...(options.isTls ? { MQTTS_PORT: String(await freePort()) } : {}),
      ...options.env,
    }
    let server: Child | null = null
    let staffLink = ''
    let mqttsUrl = ''
    const running = () => present(server, 'the server was started')
    const start = async () => {
      const program = options.program ?? 'server/main.ts'
      const child = startChild({ name: 'server', program, onLine, env })
      server = child
      const listening = answersAt(mqttPort, child)
      const said = await child.ready
      staffLink = String(said.staffLink)
      mqttsUrl = said.mqttsPort ? `mqtts://127.0.0.1:${String(said.mqttsPort)}` : ''
      return { listeningMs: await listening }
    }
    stops.push(async () => server?.stop())
    onProgress('starting the server')
    await start()
    return {
      httpUrl: `http://127.0.0.1:${port}`,
      mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
      factoryToken: (await readFile(join(dataDir, 'secrets', 'factory-token'), 'utf8')).trim(),
      dataDir,
      sandboxUrl,
      database: database.address,
      serverPid: () => running().pid,
      staffLink: () => staffLink,
      mqttsUrl: () => mqttsUrl,
      send: (message) => running().send(message),
      kill: async () => {
        process.kill(running().pid, 'SIGKILL')
        await running().exited
      },
      start,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openDatabase(dataDir: string, given: string | undefined, stops: (() => Promise<void>)[]) {
  if (given !== undefined) {
    const address: DatabaseAddress = { kind: 'server', connectionString: given }
    return { address, env: { DATABASE_URL: given } }
  }
  const database = await startEmbeddedPostgres({ folder: join(dataDir, 'postgres') })
  stops.push(() => database.stop())
  const { host, port } = database
  const address: DatabaseAddress = { kind: 'embedded', host, port }
  return { address, env: { ZWERM_DATABASE_SOCKET: host, ZWERM_DATABASE_PORT: String(port) } }
}

/** Knocks until somebody opens; throws when the server has ended before. */
async function answersAt(port: number, server: Child): Promise<number> {
  let hasEnded = false
  void server.exited.then(() => {
    hasEnded = true
  })
  const limitMs = performance.now() + startLimitMs
  while (!hasEnded && performance.now() < limitMs) {
    if (await isOpen(port)) return performance.timeOrigin + performance.now()
    await pause(knockEveryMs)
  }
  throw new Error('the server did not open its MQTT port')
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const address = probe.address()
  await new Promise((closed) => probe.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}
