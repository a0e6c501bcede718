import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { readSettings, type Settings } from '../server/settings.ts'
import { type Child, startChild } from './start/child.ts'
import { openChildLog } from './start/child-log.ts'
import { portSentence } from './start/port-check.ts'

/**
 * `npm start`: the whole platform with a living demo city. `-- --no-city` leaves the city out; `npm run server`
 * (`--platform`) is the platform alone, at real time, with the operator's own payment provider.
 */
const usage = `npm start [-- --no-city]    the platform with its demo city
npm run server              the platform alone
Settings are environment variables: see "Settings" in README.md.`

const { values } = parseArgs({
  options: {
    'no-city': { type: 'boolean', default: false },
    platform: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const demoSpeed = 10
const cityRestartMs = 5_000

interface Running {
  /** Stopped in the reverse of the order in which they were started. */
  readonly stops: (() => Promise<void>)[]
  stopping: boolean
}

const running: Running = { stops: [], stopping: false }
const begunMs = Date.now()
const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`)
const progress = (step: string): void => say(`  ${((Date.now() - begunMs) / 1_000).toFixed(1).padStart(5)} s  ${step}`)

if (values.help) say(usage)
else await main()

async function main(): Promise<void> {
  const checked = readSettings(process.env, process.cwd())
  if (!checked.ok) return giveUp(checked.sentences, 2)
  const { settings } = checked
  const taken = await Promise.all([
    portSentence('PORT', settings.PORT, settings.HOST),
    portSentence('MQTT_PORT', settings.MQTT_PORT, settings.HOST),
  ])
  const sentences = taken.filter((sentence) => sentence !== null)
  if (sentences.length > 0) return giveUp(sentences, 2)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAll(0))
  try {
    await bringUp(settings)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    await stopAll(1)
  }
}

async function bringUp(settings: Settings): Promise<void> {
  const isDemo = !values.platform
  say(isDemo ? 'Zwerm starts: the platform and its demo city.' : 'Zwerm starts: the platform alone.')
  await mkdir(settings.DATA_DIR, { recursive: true, mode: 0o700 })
  const log = openChildLog(join(settings.DATA_DIR, 'logs'), process.env.LOG_LEVEL ?? 'warn')
  const onLine = (name: string, line: string) => log.line(name, line)
  const speed = settings.CITY_SPEED ?? (isDemo ? demoSpeed : 1)

  // The slow steps of a first start, side by side.
  const [database, sandbox, cityDir] = await Promise.all([
    settings.DATABASE_URL === undefined ? startDatabase(settings) : null,
    isDemo ? startSandbox(settings, speed, onLine) : null,
    makeCity(settings, onLine),
    buildPages(onLine),
  ])
  const server = begin(
    startChild({
      name: 'server',
      program: 'server/main.ts',
      onLine,
      env: {
        ...(database ? { ZWERM_DATABASE_SOCKET: database.host, ZWERM_DATABASE_PORT: String(database.port) } : {}),
        ...(sandbox ? { ZWERM_ALIPAY_FILE: join(settings.DATA_DIR, 'payment-sandbox', 'merchant.json') } : {}),
        ZWERM_DEMO: isDemo ? '1' : '',
        ZWERM_CITY_DIR: cityDir,
        CITY_SPEED: String(speed),
        LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
      },
    }),
  )
  const { url, port, mqttPort, staffLink, crewLink, nightUrl } = await server.ready
  progress('the server is up')
  say(`
Zwerm is running.
  Ride a bike   ${String(url)}/
  Live map      ${String(staffLink)}   (this link works once)
  Night plan    ${String(nightUrl)}   (log in at the live map first)
  Night crews   ${crewLink === null ? 'their links come from POST /v1/staff/people' : `${String(crewLink)}   (this link works once)`}
  API           ${String(url)}/docs
  Locks         mqtt://${settings.HOST}:${String(mqttPort)}
  Logs          ${join(settings.DATA_DIR, 'logs')}
Ctrl-C stops it.
`)
  if (isDemo && !values['no-city']) {
    const env = {
      // The city is on this machine: not by the public address, which may belong to a proxy.
      ZWERM_URL: `http://${reachable(settings.HOST)}:${String(port)}`,
      ZWERM_MQTT_URL: `mqtt://${reachable(settings.HOST)}:${String(mqttPort)}`,
      CITY_DIR: cityDir,
      // Made by the server at its first start; the city's locks come from the same factory as real ones.
      FACTORY_TOKEN: (await readFile(join(settings.DATA_DIR, 'secrets', 'factory-token'), 'utf8')).trim(),
      DATA_DIR: settings.DATA_DIR,
      CITY_BIKES: String(settings.CITY_BIKES),
      CITY_SEED: String(settings.CITY_SEED),
    }
    void keepCityAlive(server, env, onLine)
  }
}

/** Where this machine reaches a server that listens on `host`. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

/** The city may fall and rise again; the platform does not depend on it. */
async function keepCityAlive(
  server: Child,
  env: Readonly<Record<string, string>>,
  onLine: (name: string, line: string) => void,
): Promise<void> {
  while (!running.stopping) {
    const city = begin(startChild({ name: 'city', program: 'lock-simulator/city/main.ts', onLine, env }), false)
    city.ready.then(
      ({ controlUrl }) => {
        server.send({ cityUrl: String(controlUrl) })
        progress('the city lives: bikes are connected, riders ride')
      },
      () => undefined,
    )
    const code = await city.exited
    if (running.stopping) return
    say(`[city] ended with code ${String(code)}, starting again in ${cityRestartMs / 1_000} s; see logs/city.log`)
    await new Promise((resolve) => setTimeout(resolve, cityRestartMs))
  }
}

async function startDatabase(settings: Settings): Promise<{ host: string; port: number }> {
  progress('opening the embedded database')
  const database = await startEmbeddedPostgres({
    folder: join(settings.DATA_DIR, 'postgres'),
    onProgress: (sentence) => progress(`database: ${sentence}`),
  })
  running.stops.push(() => database.stop())
  void database.exited.then((code) => unexpectedEnd('database', code))
  progress('the embedded database is up')
  return database
}

async function startSandbox(
  settings: Settings,
  speed: number,
  onLine: (name: string, line: string) => void,
): Promise<string> {
  const args = ['--data', join(settings.DATA_DIR, 'payment-sandbox'), '--time-scale', String(Math.max(1, speed))]
  const sandbox = begin(startChild({ name: 'payment-sandbox', program: 'payment-sandbox/main.ts', args, onLine }))
  const { url } = await sandbox.ready
  progress('the payment sandbox is up')
  return String(url)
}

async function makeCity(settings: Settings, onLine: (name: string, line: string) => void): Promise<string> {
  const folder = join(settings.DATA_DIR, 'city-files')
  const tell = (name: string, line: string): void => {
    onLine(name, line)
    progress(`city: ${line}`)
  }
  const args = ['--out', folder, '--seed', String(settings.CITY_SEED)]
  const maker = startChild({ name: 'make-city', program: 'demo-city/make-city.ts', args, onLine: tell })
  const code = await maker.exited
  if (code !== 0) throw new Error(`The demo city could not be made (code ${String(code)}): see logs/make-city.log.`)
  return folder
}

async function buildPages(onLine: (name: string, line: string) => void): Promise<void> {
  const tell = (name: string, line: string): void => {
    onLine(name, line)
    progress(`pages: ${line}`)
  }
  const builder = startChild({ name: 'build-apps', program: 'scripts/build-apps.ts', onLine: tell })
  const code = await builder.exited
  if (code !== 0) throw new Error(`The web pages could not be built (code ${String(code)}): see logs/build-apps.log.`)
}

function begin(child: Child, isNeeded = true): Child {
  running.stops.push(() => child.stop())
  if (isNeeded) void child.exited.then((code) => unexpectedEnd(child.name, code))
  return child
}

function unexpectedEnd(name: string, code: number | null): void {
  if (running.stopping) return
  say(`${name} has ended (code ${String(code)}); stopping. Its log says why. Nothing is lost: start again.`)
  void stopAll(1)
}

async function stopAll(code: number): Promise<void> {
  if (running.stopping) return
  running.stopping = true
  say('Stopping …')
  for (const stop of running.stops.reverse()) await stop()
  say('Stopped.')
  process.exit(code)
}

function giveUp(sentences: readonly string[], code: number): void {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`)
  process.exitCode = code
}
