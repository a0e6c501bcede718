import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../server/platform/database.ts'
import { openSimulationDatabase, truncateAll } from '../fixtures/test-database.ts'
import { type PlantName, plants } from './plants.ts'
import { simulateSeed } from './simulate-seed.ts'

/** A bug that no checker sees in so many hours counts as unseen. */
const mostSeedsPerPlant = 40

let db: Database
beforeAll(async () => {
  db = await openSimulationDatabase()
})
afterAll(() => db.close())

async function runPlanted(seed: number, plant: PlantName) {
  await truncateAll(db)
  return simulateSeed(db, seed, { plant: plants[plant] })
}

describe('the checkers', () => {
  /** Tries seeds from `first` on; services change, and with them which seed first meets a bug. */
  async function seedThatBreaks(invariant: string, plant: PlantName, first: number): Promise<number | null> {
    for (let seed = first; seed < first + mostSeedsPerPlant; seed++) {
      const { violations } = await runPlanted(seed, plant)
      if (violations.some((found) => found.invariant === invariant)) return seed
    }
    return null
  }

  it.each<{ claim: string; plant: PlantName; invariant: string; first: number }>([
    {
      claim: 'a lock that does not bind commands to its boot',
      plant: 'no-boot-binding',
      invariant: 'no-command-of-an-earlier-boot',
      first: 16,
    },
    { claim: 'a lock that ignores the deadline', plant: 'no-deadline', invariant: 'no-command-late', first: 3 },
    { claim: 'a lock that counts in RAM', plant: 'counter-in-ram', invariant: 'no-command-twice', first: 7 },
    { claim: 'a capture at the opening', plant: 'capture-at-open', invariant: 'no-capture-before-closing', first: 2 },
    { claim: 'a bike that is given away twice', plant: 'two-trips-on-a-bike', invariant: 'one-active-trip', first: 1 },
    {
      claim: 'a PUBACK that leaves before the commit',
      plant: 'puback-before-commit',
      invariant: 'acknowledged-is-stored',
      first: 7,
    },
    {
      claim: 'a bill by the time of arrival',
      plant: 'bill-by-arrival',
      invariant: 'bill-is-the-locks-clock',
      first: 1,
    },
    { claim: 'a failed unlock that costs', plant: 'charge-for-nothing', invariant: 'no-ride-costs-nothing', first: 1 },
    { claim: 'a hold that nobody gives back', plant: 'forgotten-hold', invariant: 'hold-is-resolved', first: 1 },
    { claim: 'a wrong booking', plant: 'wrong-booking', invariant: 'ledger-is-the-banks-money', first: 1 },
    { claim: 'an open bike that nobody hears of', plant: 'no-alarms', invariant: 'no-bike-open-unseen', first: 1 },
    { claim: 'commands that wait for ever', plant: 'no-giving-up', invariant: 'commands-end', first: 12 },
    {
      claim: 'births that are taken for wills',
      plant: 'births-are-wills',
      invariant: 'presence-comes-right',
      first: 4,
    },
    { claim: 'a clock that forgets', plant: 'forgetful-clock', invariant: 'city-time-never-goes-back', first: 10 },
    { claim: 'a lock that stays away', plant: 'lost-lock', invariant: 'every-lock-comes-back', first: 4 },
    { claim: 'a bolt that stays stuck', plant: 'bolt-stuck-for-good', invariant: 'every-lock-answers', first: 4 },
    {
      claim: 'a lever in a turning wheel',
      plant: 'lever-while-riding',
      invariant: 'no-wheel-locked-in-motion',
      first: 5,
    },
    {
      claim: 'events that are dropped before telemetry',
      plant: 'telemetry-first',
      invariant: 'no-event-dropped-for-telemetry',
      first: 6,
    },
    {
      claim: 'a grant that opens a bike twice',
      plant: 'grants-for-ever',
      invariant: 'no-grant-or-code-twice',
      first: 15,
    },
    { claim: 'a bolt that is not believed', plant: 'deaf-shadow', invariant: 'bolt-is-as-believed', first: 5 },
    { claim: 'a cell below empty', plant: 'endless-cell', invariant: 'a-cell-is-never-below-empty', first: 4 },
    {
      claim: 'a cell that runs empty in silence',
      plant: 'no-last-word',
      invariant: 'a-critical-lock-says-a-last-word',
      first: 8,
    },
    { claim: 'a bolt that minds no wheel', plant: 'no-wheel-guard', invariant: 'no-wheel-locked-in-motion', first: 9 },
    { claim: 'a grant that does not end', plant: 'endless-grants', invariant: 'no-grant-late', first: 12 },
    { claim: 'events that get lost', plant: 'events-lost', invariant: 'every-event-is-stored', first: 5 },
    {
      claim: 'telemetry that nobody acknowledges',
      plant: 'telemetry-unanswered',
      invariant: 'every-outbox-drains',
      first: 2,
    },
  ])('see $claim', async ({ plant, invariant, first }) => {
    expect(await seedThatBreaks(invariant, plant, first)).not.toBeNull()
  })

  it('see a world that its seed does not decide', async () => {
    const [once, again] = [await runPlanted(4, 'chance-of-its-own'), await runPlanted(4, 'chance-of-its-own')]
    expect(again.hash).not.toBe(once.hash)
  })
})
