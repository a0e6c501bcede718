import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../server/platform/migrate.ts'
import { openPgDatabase } from '../../server/platform/pg-database.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

describe('migrations', () => {
  let database: TestDatabase
  let folder: string

  beforeAll(async () => {
    database = await openTestDatabase()
  })

  afterAll(() => database.close())

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zwerm-migrations-'))
    await database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  })

  afterEach(() => rm(folder, { recursive: true }))

  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)

  test('are applied in order, once', async () => {
    await write('0002.do.second.sql', 'ALTER TABLE first ADD COLUMN b int;')
    await write('0001.do.first.sql', 'BEGIN;\nCREATE TABLE first (a int);\nCOMMIT;\n')
    const told: string[] = []
    const done = await migrate(database, { folder, onApplied: (name) => told.push(name) })
    expect(done).toEqual({ applied: ['0001.do.first.sql', '0002.do.second.sql'], version: 2 })
    expect(told).toEqual(done.applied)
    expect(await migrate(database, { folder })).toEqual({ applied: [], version: 2 })
  })

  test('that fail leave nothing of themselves and say which file and what PostgreSQL said', async () => {
    await write('0001.do.good.sql', 'CREATE TABLE good (a int);')
    await write('0002.do.bad.sql', 'BEGIN;\nCREATE TABLE half (a int);\nSELECT nonsense;\nCOMMIT;')
    await expect(migrate(database, { folder })).rejects.toMatchObject({
      code: 'migration_failed',
      message:
        '0002.do.bad.sql failed and nothing of it was applied. PostgreSQL said: column "nonsense" does not exist (SQLSTATE 42703)',
    })
    const { rows } = await database.query("SELECT to_regclass('good')::text AS good, to_regclass('half')::text AS half")
    expect(rows).toEqual([{ good: 'good', half: null }])
    await write('0002.do.bad.sql', 'CREATE TABLE half (a int);')
    expect(await migrate(database, { folder })).toEqual({ applied: ['0002.do.bad.sql'], version: 2 })
  })

  test('that were edited after they had been applied are refused by name', async () => {
    await write('0001.do.first.sql', 'CREATE TABLE first (a int);')
    await migrate(database, { folder })
    await write('0001.do.first.sql', 'CREATE TABLE first (a int, b int);')
    await expect(migrate(database, { folder })).rejects.toMatchObject({
      code: 'migration_edited',
      message: expect.stringContaining('0001.do.first.sql was changed after it had been applied'),
    })
    await write('0002.do.second.sql', 'CREATE TABLE second (a int);')
    await expect(migrate(database, { folder })).rejects.toMatchObject({ code: 'migration_edited' })
    expect((await database.query("SELECT to_regclass('second') AS second")).rows).toEqual([{ second: null }])
  })

  test('with other line ends are the same migrations', async () => {
    await write('0001.do.first.sql', 'CREATE TABLE first (\n a int);\n')
    await migrate(database, { folder })
    await write('0001.do.first.sql', 'CREATE TABLE first (\r\n a int);\r\n')
    expect(await migrate(database, { folder })).toEqual({ applied: [], version: 1 })
  })

  test('refuse a database that a newer release has migrated', async () => {
    await write('0001.do.first.sql', 'CREATE TABLE first (a int);')
    await write('0002.do.second.sql', 'CREATE TABLE second (a int);')
    await migrate(database, { folder })
    await rm(join(folder, '0002.do.second.sql'))
    await expect(migrate(database, { folder })).rejects.toMatchObject({
      code: 'database_newer',
      message: 'the database has migration 2, this code knows up to 1: run the newer release',
    })
  })

  test('say that an extension is missing and how to get it', async () => {
    await write('0001.do.postgis.sql', 'SELECT 1; CREATE EXTENSION "postgis" VERSION \'99\';')
    await expect(migrate(database, { folder })).rejects.toMatchObject({ code: 'postgis_missing' })
  })

  test('say where no database answers', async () => {
    const nowhere = openPgDatabase({ kind: 'server', connectionString: 'postgres://x@127.0.0.1:1/zwerm', max: 1 })
    await expect(migrate(nowhere, { folder, where: '127.0.0.1:1/zwerm' })).rejects.toMatchObject({
      code: 'database_away',
      message: 'no PostgreSQL answers at 127.0.0.1:1/zwerm (ECONNREFUSED): start it, or correct DATABASE_URL',
    })
    await nowhere.close()
  })
})
