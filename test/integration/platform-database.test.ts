import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isConnectionLost, isUniqueViolation } from '../../server/platform/database.ts'
import { openPgDatabase } from '../../server/platform/pg-database.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

describe('the database as the rooms see it', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase()
    await database.query('CREATE TABLE ticket (id int PRIMARY KEY, seat int, CONSTRAINT one_seat UNIQUE (seat))')
  })

  afterAll(() => database.close())

  test('columns arrive as plain numbers, strings and values', async () => {
    const { rows } = await database.query(
      `SELECT 9007199254740991::int8 AS whole, 12.50::numeric AS price, timestamptz '2026-03-29 02:30:00.123+01' AS at,
              date '2026-03-29' AS day, '{"a":[1]}'::jsonb AS json, NULL::int8 AS nothing, count(*) AS count,
              ARRAY[1, NULL]::int8[] AS wholes, ARRAY[[1.5],[2]]::numeric[] AS prices,
              ARRAY[timestamptz '1970-01-01 00:00:01+00'] AS times, ARRAY[date '2026-01-02'] AS days`,
    )
    expect(rows).toEqual([
      {
        whole: 9_007_199_254_740_991,
        price: 12.5,
        at: Date.UTC(2026, 2, 29, 1, 30, 0, 123),
        day: '2026-03-29',
        json: { a: [1] },
        nothing: null,
        count: 1,
        wholes: [1, null],
        prices: [[1.5], [2]],
        times: [1_000],
        days: ['2026-01-02'],
      },
    ])
  })

  test('a whole number too large to be exact is an error, not another number', async () => {
    await expect(database.query('SELECT 9007199254740993::int8')).rejects.toThrow('9007199254740993 does not fit')
  })

  test('dates, arrays and json go in as parameters', async () => {
    const { rows } = await database.query('SELECT $1::timestamptz AS at, $2::int8[] AS ids, $3::jsonb AS json', [
      new Date(1_700_000_000_123),
      [1, 2],
      JSON.stringify({ a: null }),
    ])
    expect(rows).toEqual([{ at: 1_700_000_000_123, ids: [1, 2], json: { a: null } }])
  })

  test('a violated index is told apart by its name', async () => {
    await database.query('INSERT INTO ticket VALUES (1, 1)')
    const error = await database.query('INSERT INTO ticket VALUES ($1, $2)', [2, 1]).catch((thrown: unknown) => thrown)
    expect(isUniqueViolation(error)).toBe(true)
    expect(isUniqueViolation(error, 'one_seat')).toBe(true)
    expect(isUniqueViolation(error, 'ticket_pkey')).toBe(false)
    expect(isConnectionLost(error)).toBe(false)
  })

  test('a transaction that throws leaves nothing, and its error comes through unchanged', async () => {
    const reason = new Error('changed my mind')
    const thrown = database.transaction(async (tx) => {
      await tx.query('INSERT INTO ticket VALUES (10, 10)')
      throw reason
    })
    await expect(thrown).rejects.toBe(reason)
    expect((await database.query('SELECT 1 FROM ticket WHERE id = 10')).rowCount).toBe(0)
  })

  test('a refused statement inside a transaction rolls all of it back, and the next one works', async () => {
    const refused = database.transaction(async (tx) => {
      await tx.query('INSERT INTO ticket VALUES (11, 11)')
      await tx.query('INSERT INTO ticket VALUES ($1, $2)', [11, 12])
    })
    await expect(refused).rejects.toMatchObject({ code: '23505', constraint: 'ticket_pkey' })
    const stored = await database.transaction((tx) => tx.query('INSERT INTO ticket VALUES (12, 12)'))
    expect(stored.rowCount).toBe(1)
    expect((await database.query('SELECT 1 FROM ticket WHERE id = 11')).rowCount).toBe(0)
  })

  test('twenty transactions at once each see their own work only', async () => {
    const counts = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        database.transaction(async (tx) => {
          await tx.query('INSERT INTO ticket VALUES ($1, $1)', [100 + i])
          const { rows } = await tx.query<{ n: number }>('SELECT $1::int AS n', [i])
          return rows[0]?.n
        }),
      ),
    )
    expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  test('using the database inside its own transaction is refused instead of waiting for ever', async () => {
    await expect(database.transaction(() => database.query('SELECT 1'))).rejects.toThrow('instead of its own tx')
  })

  test('work that a transaction started may use the database once the transaction is over', async () => {
    let letGo = (): void => undefined
    const over = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let later: Promise<number> | undefined
    await database.transaction(async (tx) => {
      await tx.query('SELECT 1')
      later = over.then(() => database.query('SELECT 1')).then((result) => result.rowCount)
    })
    letGo()
    expect(await later).toBe(1)
  })

  test('a statement sent to a transaction that has ended is refused', async () => {
    const leaked = await database.transaction(async (tx) => tx)
    await expect(leaked.query('SELECT 1')).rejects.toThrow('already ended')
  })

  test('emptying keeps the rows that migrations brought', async () => {
    const before = await database.query('SELECT * FROM tariff')
    await database.query('INSERT INTO ticket VALUES (500, 500)')
    await truncateAll(database)
    expect((await database.query('SELECT 1 FROM ticket')).rowCount).toBe(0)
    expect(await database.query('SELECT * FROM tariff')).toEqual(before)
  })

  test('a database that is not there is a lost connection', async () => {
    const nowhere = openPgDatabase({ kind: 'server', host: '/nowhere', max: 1 })
    const error = await nowhere.query('SELECT 1').catch((thrown: unknown) => thrown)
    expect(isConnectionLost(error)).toBe(true)
    await nowhere.close()
  })
})
