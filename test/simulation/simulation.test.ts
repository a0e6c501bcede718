import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScenarioName, scenarios } from '../../lock-simulator/scenarios/all.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'
import { billIsTheLocksClock } from './checkers/bill.ts'
import { closedAtMs, oneRide } from './checkers/one-ride.fixture.ts'
import { simulateSeed } from './simulate-seed.ts'
import { bareLock } from './world/bare-lock.fixture.ts'
import { mendLock } from './world/mend-lock.ts'

/** Other streets on the embedded database than on a real one, so that together they are more. */
const seeds = process.env.TEST_DATABASE_URL === undefined ? [4, 5, 9] : [6, 7, 8]

const leastStarts = 20

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function run(seed: number) {
  await truncateAll(db)
  return simulateSeed(db, seed)
}

/** What came of each seed, so that it is lived once more only where that is the point. */
const lived = new Map<number, Awaited<ReturnType<typeof run>>>()
async function livedOnce(seed: number) {
  const before = lived.get(seed)
  if (before !== undefined) return before
  const result = await run(seed)
  lived.set(seed, result)
  return result
}

describe('a lock that is mended', () => {
  it('is not cut off by what was laid for it before', () => {
    const { lock, wait } = bareLock()
    lock.armPowerCut({ afterEffects: 0, torn: true, only: 'nvm-write' })
    mendLock(lock)
    lock.forceOpen()
    wait(60_000)
    expect(lock.truth().resets).toBe(0)
    expect(lock.boltState()).toBe('unlocked')
  })
})

describe('the checker of bills', () => {
  const hourMs = 3_600_000

  it('lets a lock be off by what its oscillator may have drifted since it heard satellites', () => {
    expect(billIsTheLocksClock(oneRide({ offMs: -500, fixAgeMs: 2 * hourMs }))).toEqual([])
    expect(billIsTheLocksClock(oneRide({ offMs: -500, fixAgeMs: 5_000 }))).toMatchObject([
      { detail: expect.stringContaining('the bolt did not move then') },
    ])
  })

  it('lets time stop when the rider says so, before the lock tells that it closed', () => {
    const endedAtMs = closedAtMs - 30_000
    expect(billIsTheLocksClock(oneRide({ endedAtMs, isEndedByHand: true }))).toEqual([])
    expect(billIsTheLocksClock(oneRide({ endedAtMs }))).not.toEqual([])
    expect(billIsTheLocksClock(oneRide({ endedAtMs: closedAtMs + 1, isEndedByHand: true }))).not.toEqual([])
  })
})

describe('a street of locks, riders, a bank and a server, all faulty', () => {
  it.each(seeds)('keeps every promise and comes to rest, seed %i', async (seed) => {
    const { violations, counts } = await livedOnce(seed)
    expect(violations).toEqual([])
    expect(counts['start: yes']).toBeGreaterThan(0)
  })

  it('sees many rides begin, though not on every street', async () => {
    let starts = 0
    for (const seed of seeds) starts += (await livedOnce(seed)).counts['start: yes'] ?? 0
    // Streets where nothing happens prove nothing.
    expect(starts).toBeGreaterThanOrEqual(leastStarts)
  })

  it('lives the same hour again for the same seed', async () => {
    const [first = 0, second = 0] = seeds
    const [once, other] = [await livedOnce(first), await livedOnce(second)]
    const again = await run(first)
    expect(again.hash).toBe(once.hash)
    expect(again.counts).toEqual(once.counts)
    expect(other.hash).not.toBe(once.hash)
  })

  it.each(Object.keys(scenarios) as ScenarioName[])('comes through %s as it should', async (name) => {
    await truncateAll(db)
    const { violations } = await simulateSeed(db, 1, { scenario: scenarios[name] })
    expect(violations).toEqual([])
  })
})
