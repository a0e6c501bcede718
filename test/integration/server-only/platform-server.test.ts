import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, isConnectionLost, isUniqueViolation } from '../../../server/platform/database.ts'
import { migrate } from '../../../server/platform/migrate.ts'
import { openPgDatabase } from '../../../server/platform/pg-database.ts'
import { openQueue } from '../../../server/platform/queue.ts'
import { openTestDatabase, type TestDatabase } from '../../fixtures/test-database.ts'

const rivals = 20

describe('on a real PostgreSQL, where things do run at the same time', () => {
  let database: TestDatabase
  let url: string

  beforeAll(async () => {
    database = await openTestDatabase()
    url = database.connectionString ?? ''
    await database.query(`CREATE TABLE ride (id int GENERATED ALWAYS AS IDENTITY, bike int NOT NULL, ended boolean NOT NULL DEFAULT false);
      CREATE UNIQUE INDEX one_ride_per_bike ON ride (bike) WHERE NOT ended;
      CREATE TABLE tally (id int PRIMARY KEY, n int NOT NULL); INSERT INTO tally VALUES (1, 0), (2, 0)`)
  })

  afterAll(() => database.close())

  test('of twenty riders who take one bike at once, one gets it and nineteen are told', async () => {
    const take = () =>
      database.transaction(async (tx) => {
        const { rowCount } = await tx.query('SELECT 1 FROM ride WHERE bike = 7 AND NOT ended')
        if (rowCount > 0) throw new Error('seen as taken')
        await tx.query('INSERT INTO ride (bike) VALUES (7)')
      })
    const outcomes = await Promise.allSettled(Array.from({ length: rivals }, take))
    const told = outcomes.filter(
      (o) =>
        o.status === 'rejected' &&
        (isUniqueViolation(o.reason, 'one_ride_per_bike') || o.reason.message === 'seen as taken'),
    )
    expect([outcomes.filter((o) => o.status === 'fulfilled').length, told.length]).toEqual([1, rivals - 1])
    expect((await database.query('SELECT 1 FROM ride WHERE bike = 7')).rowCount).toBe(1)
  })

  test('two transactions that deadlock both get through', async () => {
    const bothHold = meeting(2)
    const add = (first: number, second: number) =>
      database.transaction(async (tx) => {
        await tx.query('UPDATE tally SET n = n + 1 WHERE id = $1', [first])
        await bothHold()
        await tx.query('UPDATE tally SET n = n + 1 WHERE id = $1', [second])
      })
    await Promise.all([add(1, 2), add(2, 1)])
    expect((await database.query('SELECT n FROM tally ORDER BY id')).rows).toEqual([{ n: 2 }, { n: 2 }])
  })

  test('processes that migrate at the same time apply each file once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-migrations-'))
    await writeFile(join(folder, '0001.do.one.sql'), 'CREATE TABLE one (a int); SELECT pg_sleep(0.1);')
    await writeFile(join(folder, '0002.do.two.sql'), 'CREATE TABLE two (a int);')
    await database.query('DROP TABLE applied_migration')
    const migrators: Database[] = [1, 2, 3].map(() => openPgDatabase({ kind: 'server', connectionString: url, max: 1 }))
    const done = await Promise.all(migrators.map((each) => migrate(each, { folder })))
    expect(done.map((each) => each.version)).toEqual([2, 2, 2])
    expect(done.flatMap((each) => each.applied).sort()).toEqual(['0001.do.one.sql', '0002.do.two.sql'])
    await Promise.all(migrators.map((each) => each.close()))
    await rm(folder, { recursive: true })
  })

  test('a connection that the server ends is a lost connection, and the next query works', async () => {
    const pool = openPgDatabase({ kind: 'server', connectionString: url, max: 1 })
    const cut = pool.transaction(async (tx) => {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())')
    })
    expect(isConnectionLost(await cut.catch((error: unknown) => error))).toBe(true)
    expect((await pool.query('SELECT 1')).rowCount).toBe(1)
    await pool.close()
  })

  test('a connection lost between two statements of a transaction fails that transaction only', async () => {
    const pool = openPgDatabase({ kind: 'server', connectionString: url, max: 1 })
    const cut = pool.transaction(async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      await database.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid])
      await tx.query('SELECT 1')
    })
    expect(isConnectionLost(await cut.catch((error: unknown) => error))).toBe(true)
    expect((await pool.query('SELECT 1')).rowCount).toBe(1)
    await pool.close()
  })

  test('a user who may not create PostGIS is told what to do', async () => {
    const name = new URL(url).pathname.slice(1)
    await database.query(
      `DROP EXTENSION postgis CASCADE; CREATE ROLE ${name}_guest LOGIN; GRANT ALL ON SCHEMA public TO ${name}_guest`,
    )
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-migrations-'))
    await writeFile(join(folder, '0001.do.postgis.sql'), 'CREATE EXTENSION postgis;')
    const guestUrl = new URL(url)
    guestUrl.username = `${name}_guest`
    const guest = openPgDatabase({ kind: 'server', connectionString: guestUrl.href, max: 1 })
    await database.query('DROP TABLE IF EXISTS applied_migration')
    await expect(migrate(guest, { folder })).rejects.toMatchObject({ code: 'postgis_forbidden' })
    await guest.close()
    await database.query(`DROP OWNED BY ${name}_guest; DROP ROLE ${name}_guest`)
    await rm(folder, { recursive: true })
  })

  test('a database that the server does not have is said so', async () => {
    const elsewhere = new URL(url)
    elsewhere.pathname = '/no_such_city'
    const nowhere = openPgDatabase({ kind: 'server', connectionString: elsewhere.href, max: 1 })
    await expect(migrate(nowhere, { where: 'here' })).rejects.toMatchObject({
      code: 'database_refused',
      message: expect.stringContaining('database "no_such_city" does not exist'),
    })
    await nowhere.close()
  })

  test('recurring jobs run at once, by notification', async () => {
    const failures: string[] = []
    const jobs = await openQueue(
      { kind: 'postgres', connectionString: url },
      { onFailure: (_, error) => void failures.push(error.message) },
    )
    await new Promise<void>((resolve, reject) => {
      let runs = 0
      const count = async (): Promise<void> => {
        runs += 1
        if (runs === 3) resolve()
      }
      jobs.every('tick', 1_000, count).catch(reject)
    })
    await jobs.close()
    expect(failures).toEqual([])
  })
})

/** Resolves for everybody when `count` have come; for late ones (a second attempt) at once. */
function meeting(count: number): () => Promise<void> {
  let come = 0
  let open = (): void => undefined
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    come += 1
    if (come >= count) open()
    return all
  }
}
