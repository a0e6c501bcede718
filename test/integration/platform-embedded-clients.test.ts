import { spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPglite } from '../../server/platform/embedded-postgres/open-pglite.ts'
import { type ClientServer, serveClients } from '../../server/platform/embedded-postgres/serve-clients.ts'
import { createSessionQueue } from '../../server/platform/embedded-postgres/session-queue.ts'
import { socketFile, socketPort } from '../../server/platform/embedded-postgres/socket-folder.ts'

const silenceLimitMs = 200

describe('clients of the embedded database', () => {
  let folder: string
  let pglite: PGlite
  let server: ClientServer
  const broken: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zwerm-clients-'))
    pglite = await openPglite({})
    const queue = createSessionQueue(pglite, (error) => broken.push(error.message))
    server = await serveClients(queue, socketFile(folder), silenceLimitMs)
  })

  afterAll(async () => {
    await server.close()
    await pglite.close()
    await rm(folder, { recursive: true })
  })

  test('one that falls silent inside a transaction is cut off, and the others go on', async () => {
    const silent = await client()
    await silent.query('BEGIN')
    await silent.query('CREATE TABLE half_done (a int)')
    const cut = once(silent, 'error')
    const other = await client()
    const { rows } = await other.query("SELECT to_regclass('half_done') AS half_done")
    expect(rows).toEqual([{ half_done: null }])
    await cut
    await other.end()
  })

  test('one whose transaction goes on is left alone', async () => {
    const busy = await client()
    await busy.query('BEGIN')
    for (let turn = 0; turn < 4; turn += 1) await busy.query('SELECT pg_sleep($1)', [silenceLimitMs / 2_000])
    await busy.query('COMMIT')
    await busy.end()
  })

  test('bytes that arrive one at a time are the same question', async () => {
    const slow = await client()
    const { stream } = Reflect.get(slow, 'connection') as unknown as { stream: Socket }
    const write = stream.write.bind(stream)
    stream.write = (chunk: Uint8Array | string) => {
      for (const byte of Buffer.from(chunk as Uint8Array)) write(Buffer.of(byte))
      return true
    }
    expect((await slow.query('SELECT $1::text AS said', ['zwerm'])).rows).toEqual([{ said: 'zwerm' }])
    await slow.end()
  })

  test('noise instead of a log-in ends that connection only', async () => {
    for (const noise of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(8),
      Buffer.of(0, 0, 0, 9, 1, 2, 3, 4, 5),
    ]) {
      const socket = connect(socketFile(folder))
      socket.end(noise)
      socket.resume()
      await once(socket, 'close')
    }
    const after = await client()
    expect((await after.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await after.end()
    expect(broken).toEqual([])
  })

  async function client(): Promise<Client> {
    const opened = new Client({ host: folder, port: socketPort, user: 'anybody', database: 'postgres' })
    opened.on('error', () => undefined)
    await opened.connect()
    return opened
  }
})

test('the database process ends when the process that started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zwerm-leash-'))
  const module = new URL('../../server/platform/embedded-postgres/start-embedded-postgres.ts', import.meta.url)
  const text = `import { startEmbeddedPostgres } from ${JSON.stringify(module.href)}
    const server = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)} })
    process.stdout.write(server.pid + '\\n')`
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pid] = (await once(createInterface(parent.stdout), 'line')) as [string]
  parent.kill('SIGKILL')
  expect(pid).toMatch(/^\d+$/)
  await disappearance(folder, 'in-use.json')
  await rm(folder, { recursive: true })
})

/** Resolves when the file is gone; the database process removes its lock last of all. */
async function disappearance(folder: string, name: string): Promise<void> {
  const watcher = watch(folder)
  const changes = on(watcher, 'change')
  while ((await readdir(folder)).includes(name)) await changes.next()
  watcher.close()
}
