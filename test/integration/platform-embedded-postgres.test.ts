import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, isUniqueViolation } from '../../server/platform/database.ts'
import { maxConnections } from '../../server/platform/embedded-postgres/serve-clients.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { openPgDatabase } from '../../server/platform/pg-database.ts'

const clientCount = 8
const roundsPerClient = 40

describe('the embedded database as a process of its own', () => {
  let scratch: string
  let folder: string
  let server: EmbeddedPostgres
  let database: Database

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'zwerm-test-'))
    folder = join(scratch, 'postgres')
    server = await startEmbeddedPostgres({ folder })
    database = openDatabase(server, clientCount)
    await database.query('CREATE TABLE seat (id int PRIMARY KEY, taken_by text NOT NULL)')
    await database.query('CREATE TABLE note (client int, round int, PRIMARY KEY (client, round))')
  })

  afterAll(async () => {
    await database.close()
    await server.stop()
    await rm(scratch, { recursive: true, force: true })
  })

  test('eight clients get their own answers, and every violation is reported to the one who caused it', async () => {
    await database.query('INSERT INTO seat SELECT n, $1 FROM generate_series(1, 5) n', ['nobody'])
    const wrong: string[] = []
    let violations = 0
    const refused = (error: unknown): void => {
      if (isUniqueViolation(error, 'seat_pkey')) violations += 1
      else wrong.push(String(error))
    }
    const client = async (me: number): Promise<void> => {
      for (let round = 0; round < roundsPerClient; round += 1) {
        const echo = await database.query<{ me: number; round: number }>('SELECT $1::int AS me, $2::int AS round', [
          me,
          round,
        ])
        if (echo.rows[0]?.me !== me || echo.rows[0].round !== round) wrong.push(JSON.stringify(echo.rows))
        await database
          .query('INSERT INTO seat VALUES ($1, $2)', [(round % 5) + 1, `client ${me}`])
          .then(() => wrong.push('a taken seat was given away'), refused)
        await database
          .transaction(async (tx) => {
            await tx.query('INSERT INTO note VALUES ($1, $2)', [me, round])
            const { rowCount } = await tx.query('SELECT 1 FROM note WHERE client = $1 AND round = $2', [me, round])
            if (rowCount !== 1) wrong.push('a transaction does not see its own row')
            if (round % 2 === 1) await tx.query('INSERT INTO seat VALUES (1, $1)', [`client ${me}`])
          })
          .catch(refused)
      }
    }
    await Promise.all(Array.from({ length: clientCount }, (_, me) => client(me)))

    const notes = await database.query<{ count: number }>('SELECT count(*) FROM note')
    expect({ wrong, violations, notes: notes.rows[0]?.count }).toEqual({
      wrong: [],
      violations: clientCount * roundsPerClient * 1.5,
      notes: (clientCount * roundsPerClient) / 2,
    })
  })

  test('a client killed inside a transaction is rolled back and the others go on', async () => {
    const victim = await connectClient(server)
    await victim.query('BEGIN')
    await victim.query("INSERT INTO seat VALUES (77, 'victim')")
    const waiting = database.query<{ count: number }>('SELECT count(*) FROM seat WHERE id = 77')
    cutConnection(victim)
    expect((await waiting).rows).toEqual([{ count: 0 }])
  })

  test('a client killed while its first statement is still running leaves nothing behind', async () => {
    const victim = await connectClient(server)
    const lost = victim.query("BEGIN; SELECT pg_sleep(0.2); INSERT INTO seat VALUES (78, 'victim')").catch(() => 'lost')
    await new Promise((resolve) => setImmediate(resolve))
    cutConnection(victim)
    expect(await lost).toBe('lost')
    expect((await database.query('SELECT 1 FROM seat WHERE id = 78')).rowCount).toBe(0)
  })

  test('a statement that would end the database is refused and the others go on', async () => {
    const client = await connectClient(server)
    await expect(client.query('COPY seat FROM STDIN')).rejects.toMatchObject({ code: '0A000' })
    expect((await database.query('SELECT 1')).rowCount).toBe(1)
  })

  test('one client too many is told so', async () => {
    await expect(connectMany(server, maxConnections + 1)).rejects.toMatchObject({ code: '53300' })
    expect((await database.query('SELECT 1')).rowCount).toBe(1)
  })

  test('only this account can reach the socket', async () => {
    expect((await stat(server.host)).mode & 0o777).toBe(0o700)
  })

  test('a second process is told who has the folder', async () => {
    await expect(startEmbeddedPostgres({ folder })).rejects.toMatchObject({
      code: 'folder_taken',
      message: expect.stringContaining(`in use by the database process ${server.pid}`),
    })
  })

  test('no acknowledged row is missing after kill -9 in the middle of a stream of inserts', async () => {
    await database.query('CREATE TABLE acknowledged (n int PRIMARY KEY)')
    let acknowledged = 0
    const lost = (async () => {
      for (;;) {
        await database.query('INSERT INTO acknowledged VALUES ($1)', [acknowledged + 1])
        acknowledged += 1
        if (acknowledged === 200) process.kill(server.pid, 'SIGKILL')
      }
    })()
    await expect(lost).rejects.toThrow()
    await server.exited
    await database.close()

    server = await startEmbeddedPostgres({ folder })
    database = openDatabase(server, clientCount)
    const { rows } = await database.query<{ count: number }>('SELECT count(*) FROM acknowledged WHERE n <= $1', [
      acknowledged,
    ])
    expect(rows[0]?.count).toBe(acknowledged)
  })

  test('leaves no lock and no socket after a clean stop', async () => {
    await server.stop()
    expect(await server.exited).toBe(0)
    await expect(readFile(join(folder, 'in-use.json'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(stat(join(server.host, `.s.PGSQL.${server.port}`))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a folder too deep for a socket path gets a private one elsewhere', async () => {
    const socketFolder = join(scratch, 'deep'.repeat(30))
    server = await startEmbeddedPostgres({ folder, socketFolder })
    expect(server.host.startsWith(join(tmpdir(), 'zwerm-'))).toBe(true)
    expect((await stat(server.host)).mode & 0o777).toBe(0o700)
    const again = openDatabase(server, 1)
    expect((await again.query('SELECT 1 FROM acknowledged LIMIT 1')).rowCount).toBe(1)
    await again.close()
  })
})

function openDatabase(server: EmbeddedPostgres, max: number): Database {
  return openPgDatabase({ kind: 'embedded', host: server.host, port: server.port, max })
}

async function connectClient(server: EmbeddedPostgres): Promise<Client> {
  const client = new Client({ host: server.host, port: server.port, user: 'anybody', database: 'postgres' })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function connectMany(server: EmbeddedPostgres, count: number): Promise<void> {
  const clients: Client[] = []
  try {
    for (let i = 0; i < count; i += 1) clients.push(await connectClient(server))
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

/** As when the process behind it is killed: no goodbye. */
function cutConnection(client: Client): void {
  const { stream } = Reflect.get(client, 'connection') as { stream: NodeJS.WritableStream & { destroy(): void } }
  stream.destroy()
}
