import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'
import { type PlantName, plants } from './plants.ts'
import { simulateSeed } from './simulate-seed.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function run(seed: number, plant?: PlantName) {
  await truncateAll(db)
  return simulateSeed(db, seed, plant === undefined ? {} : { plant: plants[plant] })
}

describe('a street of locks, riders, a bank and a server, all faulty', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keeps every promise and comes to rest, seed %i', async (seed) => {
    const { violations, counts } = await run(seed)
    expect(violations).toEqual([])
    // A street where nothing happens proves nothing.
    expect(counts['start: yes']).toBeGreaterThan(5)
  })

  it('lives the same hour again for the same seed', async () => {
    const [once, again, other] = [await run(9), await run(9), await run(10)]
    expect(again.hash).toBe(once.hash)
    expect(again.counts).toEqual(once.counts)
    expect(other.hash).not.toBe(once.hash)
  })
})
