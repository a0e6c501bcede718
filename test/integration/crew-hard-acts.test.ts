import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrewAct } from '../../contracts/http/crews.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { type CrewWorld, openCrewWorld } from '../fixtures/crew-world.ts'
import { type PublishedRoute, publishNight } from '../fixtures/published-night.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 1)

let db: TestDatabase
let world: CrewWorld
let bikes: readonly FleetBike[]
let route: PublishedRoute
let anna: string

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  world = await openCrewWorld(db, start)
  bikes = [await world.newBike(), await world.newBike()]
  const [published] = await publishNight(db, {
    nowMs: start,
    vans: [{ stops: [{ kind: 'strays', take: bikes.map(({ bikeId }) => bikeId) }] }],
  })
  route = published!
  anna = await world.newCrew('Anna')
})

const claim = () => world.crew.claim(anna, route.routeId, randomUUID())

describe('an act', () => {
  it('whose words no database can keep is kept without them', async () => {
    await claim()
    const note = 'flat\u0000 tyre \ud800!'
    const said = { act: 'blocked', bike: bikes[0]!.number, stopId: null, note } as const
    expect(await world.act(anna, route.routeId, said)).toMatchObject({ outcome: 'applied' })
    const { rows } = await db.query<{ note: string }>(`SELECT detail ->> 'note' AS note FROM alarm`)
    expect(rows).toEqual([{ note: 'flat tyre \ufffd!' }])
  })

  it('that breaks something does not take the answers to earlier ones with it', async () => {
    await claim()
    const at = { routeId: route.routeId, atMs: start, lon: null, lat: null, stopId: null }
    const batch: CrewAct[] = (['load', 'broken', 'unload'] as const).map((act, index) => ({
      ...{ ...at, actId: randomUUID(), act, bike: bikes[index % 2]!.number },
    }))
    await db.query(`ALTER TABLE crew_act ADD CONSTRAINT brittle CHECK (body ->> 'act' <> 'broken')`)
    try {
      const { results, route: shown } = await world.crew.acts(anna, batch)
      expect(results).toMatchObject([{ actId: batch[0]?.actId, outcome: 'applied' }])
      expect(shown?.load).toHaveLength(1)
      await expect(world.crew.acts(anna, batch.slice(1))).rejects.toThrow(/brittle/)
    } finally {
      await db.query('ALTER TABLE crew_act DROP CONSTRAINT brittle')
    }
    const { results } = await world.crew.acts(anna, batch.slice(1))
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied'])
  })
})
