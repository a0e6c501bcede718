import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { type CrewWorld, openCrewWorld } from '../fixtures/crew-world.ts'
import { type PublishedRoute, publishNight } from '../fixtures/published-night.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

/** The shift began an hour before: at midnight. */
const start = Date.UTC(2030, 0, 2, 1)
const hourMs = 3_600_000

let db: TestDatabase
let world: CrewWorld
let bike: FleetBike
let idle: PublishedRoute
let driven: PublishedRoute
let anna: string
let bram: string

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  world = await openCrewWorld(db, start)
  bike = await world.newBike()
  const routes = await publishNight(db, {
    nowMs: start,
    vans: [{ stops: [{ kind: 'hotspot' }] }, { stops: [{ kind: 'strays', take: [bike.bikeId] }, { kind: 'hotspot' }] }],
  })
  idle = routes[0]!
  driven = routes[1]!
  anna = await world.newCrew('Anna')
  bram = await world.newCrew('Bram')
})

const claim = (crewId: string, { routeId }: PublishedRoute) => world.crew.claim(crewId, routeId, randomUUID())
const listed = async (crewId: string) => (await world.crew.routes(crewId)).routes.map(({ routeId }) => routeId)

describe('a route before its shift', () => {
  it('may be taken from an hour before, and is refused until then with the hour from which on', async () => {
    world.nowMs = start - 2 * hourMs - 1
    expect(await claim(anna, driven)).toMatchObject({ code: 'route_too_early', detail: '23:00' })
    expect((await db.query('SELECT 1 FROM bike_custody')).rowCount).toBe(0)
    world.nowMs += 1
    expect(await claim(anna, driven)).toMatchObject({ state: 'claimed', isMine: true })
  })
})

describe('a route of a plan that a newer one stands in for', () => {
  /** The newer plan sends out the idle van; the other one was on its way. */
  async function planAgain(): Promise<PublishedRoute> {
    await db.query(`UPDATE night_plan SET state = 'superseded'`)
    const [newer] = await publishNight(db, { nowMs: start + 1, vans: [{ stops: [{ kind: 'hotspot' }] }] })
    return newer!
  }

  it('goes on with the next crew when it is handed over', async () => {
    await claim(anna, driven)
    await world.act(anna, driven.routeId, { act: 'load', bike: bike.number, stopId: driven.stopIds[0]! })
    await planAgain()
    await world.act(anna, driven.routeId, { act: 'hand_over' })
    expect(await listed(bram)).toContain(driven.routeId)
    expect(await claim(bram, driven)).toMatchObject({ isMine: true, load: [{ number: bike.number }] })
  })

  it('is not shown any more and cannot be taken when the newer plan sends out its van', async () => {
    const newer = await planAgain()
    expect(await listed(bram)).toEqual([newer.routeId, driven.routeId])
    expect(await claim(bram, idle)).toMatchObject({ code: 'route_ended' })
    expect(await claim(bram, newer)).toMatchObject({ isMine: true })
  })
})
