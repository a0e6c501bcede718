import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScenarioName, scenarios } from '../../lock-simulator/scenarios/all.ts'
import type { Database } from '../../server/platform/database.ts'
import { openSimulationDatabase, truncateAll } from '../fixtures/test-database.ts'
import { billIsTheLocksClock } from './checkers/bill.ts'
import { closedAtMs, oneRide } from './checkers/one-ride.fixture.ts'
import { simulateSeed } from './simulate-seed.ts'
import { bareLock } from './world/bare-lock.fixture.ts'
import { mendLock } from './world/mend-lock.ts'
import { rideTo } from './world/street.ts'

/** Other streets on the embedded database than on a real one, so that together they are more. */
const seeds = process.env.TEST_DATABASE_URL === undefined ? [4, 5, 9] : [6, 7, 8]

const leastStarts = 20

let db: Database
beforeAll(async () => {
  db = await openSimulationDatabase()
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

describe('a bike whose lever somebody pushes as its rider sets off', () => {
  it('stays where it is: its wheel is not locked in motion', () => {
    const { lock, wait } = bareLock()
    lock.forceOpen()
    wait(10_000)
    const { lon, lat } = lock.whereabouts()
    const speeds: number[] = []
    lock.onBoltPosition((to) => void (to === 'closed' && speeds.push(lock.whereabouts().speedMps)))
    lock.pushLever()
    rideTo(lock, { lon: lon + 0.001, lat, headingDeg: 90 })
    wait(10_000)
    expect(speeds).toEqual([0])
    lock.forceOpen()
    wait(10_000)
    rideTo(lock, { lon: lon + 0.001, lat, headingDeg: 90 })
    expect(lock.whereabouts()).toMatchObject({ lon: lon + 0.001, speedMps: 4 })
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

  it('lets an opening that was made without a clock be dated as late as the first word of its boot came in', () => {
    expect(billIsTheLocksClock(oneRide({ offMs: 40_000, isUnset: true }))).toEqual([])
    expect(billIsTheLocksClock(oneRide({ offMs: 80_000, isUnset: true }))).not.toEqual([])
    expect(billIsTheLocksClock(oneRide({ offMs: 80_000, isUnset: true, cityAheadMs: 75_000 }))).toEqual([])
    expect(billIsTheLocksClock(oneRide({ offMs: 40_000 }))).not.toEqual([])
  })

  it('lets an opening begin when the next boot finds it, where a reset came between', () => {
    const openedAtMs = closedAtMs - 600_000
    expect(billIsTheLocksClock(oneRide({ saidLateMs: 8_000, bootedAtMs: openedAtMs + 7_000 }))).toEqual([])
    expect(billIsTheLocksClock(oneRide({ saidLateMs: 8_000, bootedAtMs: openedAtMs - 1_000 }))).not.toEqual([])
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

describe('its database, which is asked without a client in between', () => {
  it('gives values back as every other does', async () => {
    const atMs = Date.UTC(2026, 1, 3, 4, 5, 6, 7)
    const asked = () =>
      db.query(
        `SELECT $1::timestamptz AS at, $2::text[] AS words, $3::int8 AS whole, $4::jsonb AS body, $5::bytea AS bytes,
                $6::boolean AS yes, $7::text AS nothing, $8::float8 AS part, $2::text[] IS NULL AS "isNull"`,
        [new Date(atMs), ['a "b"', 'c\\d,é', null], 7, '{"a":[1]}', Buffer.from([0, 255]), true, null, 1.5],
      )
    const row = {
      ...{ at: atMs, words: ['a "b"', 'c\\d,é', null], whole: 7, body: { a: [1] }, bytes: Buffer.from([0, 255]) },
      ...{ yes: true, nothing: null, part: 1.5, isNull: false },
    }
    expect(await asked()).toEqual({ rows: [row], rowCount: 1 })
    expect(await asked()).toEqual({ rows: [row], rowCount: 1 })
  })

  it('says what was refused, and goes on', async () => {
    const insert = (code: string) => db.query('INSERT INTO account (code, kind) VALUES ($1, $2)', [code, 'asset'])
    await insert('cash:test')
    await expect(insert('cash:test')).rejects.toMatchObject({ code: '23505', constraint: expect.any(String) })
    const failed = db.transaction(async (tx) => {
      await tx.query('DELETE FROM account WHERE code = $1', ['cash:test'])
      await tx.query('SELECT no_such_column FROM account WHERE code = $1', ['cash:test'])
    })
    await expect(failed).rejects.toMatchObject({ code: '42703' })
    const { rowCount } = await db.query('SELECT 1 FROM account WHERE code = $1', ['cash:test'])
    expect(rowCount).toBe(1)
  })
})
