/**
 * Runs the tests that need real services: starts a PostgreSQL cluster and a Redis of its own on free ports of
 * 127.0.0.1, names them in TEST_DATABASE_URL and TEST_REDIS_URL, and stops both whatever happens.
 *
 *   npm run test:server -- [vitest arguments]
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import pg from 'pg'

/** A cold start on a busy two-core machine took 3 s. */
const startTimeoutMs = 60_000
const stopTimeoutMs = 20_000
const saidMaxChars = 10_000
const aptCommand = 'apt-get install -y postgresql-15 postgresql-15-postgis-3 redis-server'
const projects = ['integration', 'fast-city', 'server', 'simulation']

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

interface Service {
  readonly url: string
  readonly process: ChildProcess
}

const running: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'zwerm-test-server-'))

process.exitCode = await main().catch((failure: unknown) => {
  console.error(failure instanceof Error ? failure.message : failure)
  return 1
})

async function main(): Promise<number> {
  let vitest: ChildProcess | undefined
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      isStopping = true
      vitest?.kill('SIGTERM')
    })
  try {
    const database = await startPostgres()
    const redis = await startRedis()
    await requirePostgis(database.url)
    if (isStopping) return 1
    console.log(`PostgreSQL at ${database.url}, Redis at ${redis.url}`)
    vitest = spawn(process.execPath, [resolve('node_modules/vitest/vitest.mjs'), 'run', ...vitestArguments()], {
      stdio: 'inherit',
      env: { ...process.env, TEST_DATABASE_URL: database.url, TEST_REDIS_URL: redis.url },
    })
    return await exitOf(vitest)
  } finally {
    await Promise.all(running.map(stop))
    rmSync(folder, { recursive: true, force: true })
  }
}

function vitestArguments(): readonly string[] {
  return [...projects.flatMap((project) => ['--project', project]), ...process.argv.slice(2)]
}

async function startPostgres(): Promise<Service> {
  const [initdb, postgres] = [program('initdb'), program('postgres')]
  const owner = postgresOwner()
  const home = ownFolder('postgres', owner)
  const data = join(home, 'data')
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8']
  execFileSync(initdb, ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--no-instructions', ...locale], {
    ...owner,
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const port = await freePort()
  // Nothing here outlives the run, so durability is traded for speed; 200 connections are above all pools together.
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home,
    max_connections: 200,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const started = spawn(postgres, ['-D', data, ...options], { ...owner, cwd: home })
  await untilSaid(started, 'database system is ready to accept connections')
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, process: started }
}

async function startRedis(): Promise<Service> {
  const home = ownFolder('redis', {})
  const port = await freePort()
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', home]
  const started = spawn(program('redis-server'), settings, { cwd: home })
  await untilSaid(started, 'Ready to accept connections')
  return { url: `redis://127.0.0.1:${port}`, process: started }
}

async function requirePostgis(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rowCount } = await client.query("SELECT FROM pg_available_extensions WHERE name = 'postgis'")
  await client.end()
  if (rowCount === 0) throw missing('The PostGIS extension')
}

/** PostgreSQL refuses to run as root; its package brings a user for it. */
function postgresOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}

function ownFolder(name: string, { uid, gid }: Owner): string {
  const path = join(folder, name)
  mkdirSync(path)
  if (uid === undefined || gid === undefined) return path
  for (const owned of [folder, path]) chownSync(owned, uid, gid)
  return path
}

/** Debian keeps the server's programs outside PATH; version 15 is the one that is deployed, so it comes first. */
function program(name: string): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b === '15') - Number(a === '15')) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  const found = folders.map((path) => join(path, name)).find((path) => existsSync(path))
  if (found === undefined) throw missing(name)
  return found
}

function missing(what: string): Error {
  return new Error(`${what} is missing, and these tests need it: ${aptCommand}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1')
  return address.port
}

/** Resolves when the service says the sentence; fails with all that it said when it ends or stays silent. */
async function untilSaid(service: ChildProcess, sentence: string): Promise<void> {
  running.push(service)
  let said = ''
  let timer: NodeJS.Timeout | undefined
  const ready = new Promise<void>((done, failed) => {
    const giveUp = (why: string) => failed(new Error(`${service.spawnfile} ${why}:\n${said}`))
    timer = setTimeout(() => giveUp(`was not ready after ${startTimeoutMs} ms`), startTimeoutMs)
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-saidMaxChars)
      if (said.includes(sentence)) done()
    }
    service.stdout?.on('data', hear)
    service.stderr?.on('data', hear)
    service.once('error', (failure) => giveUp(`did not start (${failure.message})`))
    service.once('exit', (code) => giveUp(`ended with ${code}`))
  })
  await ready.finally(() => clearTimeout(timer))
}

/** SIGINT is PostgreSQL's fast shutdown, which does not wait for clients. */
async function stop(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null || service.pid === undefined) return
  const ended = exitOf(service)
  const timer = setTimeout(() => service.kill('SIGKILL'), stopTimeoutMs)
  service.kill('SIGINT')
  await ended
  clearTimeout(timer)
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((ended) => child.once('exit', (code) => ended(code ?? 1)))
}
