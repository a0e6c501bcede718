import { afterAll, beforeAll, describe } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../fixtures/test-database.ts'
import { proveRecurringJobs } from '../recurring-jobs-promise.ts'

describe('recurring jobs on Redis', () => {
  proveRecurringJobs(() => ({ kind: 'redis', url: given(process.env.TEST_REDIS_URL, 'TEST_REDIS_URL') }))
})

describe('recurring jobs on PostgreSQL', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase()
  })

  afterAll(() => database.close())

  proveRecurringJobs(() => ({
    kind: 'postgres',
    connectionString: given(database.connectionString, 'TEST_DATABASE_URL'),
  }))
})

function given(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`${name} names the server to test on: npm run test:server sets it`)
  return value
}
