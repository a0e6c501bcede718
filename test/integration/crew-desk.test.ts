import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { type CrewWorld, openCrewWorld } from '../fixtures/crew-world.ts'
import { type PublishedRoute, publishNight } from '../fixtures/published-night.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 1)

let db: TestDatabase
let world: CrewWorld
/** Both on Anna's list; the first is in her van. */
let loaded: FleetBike
let waiting: FleetBike
let route: PublishedRoute
let anna: string
let bram: string
let lead: string

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  world = await openCrewWorld(db, start)
  loaded = await world.newBike()
  waiting = await world.newBike()
  const [published] = await publishNight(db, {
    nowMs: start,
    vans: [
      {
        stops: [
          { kind: 'strays', take: [loaded.bikeId, waiting.bikeId] },
          { kind: 'hotspot', give: 2 },
        ],
      },
    ],
  })
  route = published!
  anna = await world.newCrew('Anna')
  bram = await world.newCrew('Bram')
  lead = await world.newCrew('Lead')
  await world.crew.claim(anna, route.routeId, randomUUID())
  await world.act(anna, route.routeId, { act: 'load', bike: loaded.number, stopId: route.stopIds[0]! })
  world.nowMs += 600_000
})

const free = ({ bikeId }: FleetBike) => world.crew.freeBike(lead, bikeId)
const takeBack = () => world.crew.takeBack(lead, route.routeId)
const refusalTo = ({ code }: FleetBike) => world.fleet.bikeByCode(code)?.refusal?.code ?? null
const custody = async () =>
  (await db.query('SELECT bike_id, state FROM bike_custody ORDER BY state')).rows as {
    bike_id: string
    state: string
  }[]
const openMoves = async () => (await db.query('SELECT 1 FROM bike_move WHERE left_at IS NULL')).rowCount
const onList = async () => {
  const seen = await world.crew.route(anna, route.routeId)
  if ('kind' in seen) throw new Error(seen.code)
  return Object.fromEntries(seen.stops[0]?.take.map(({ number, state }) => [number, state]) ?? [])
}

describe('a bike that the desk frees', () => {
  it('from a van can be rented again, and its way has ended at no place', async () => {
    const before = await world.crew.route(anna, route.routeId)
    expect(await free(loaded)).toBeNull()
    expect(await custody()).toEqual([{ bike_id: waiting.bikeId, state: 'claimed' }])
    expect(refusalTo(loaded)).toBeNull()
    const { rows } = await db.query('SELECT route_id, left_at, left_geom, left_stop FROM bike_move')
    expect(rows).toEqual([{ route_id: route.routeId, left_at: world.nowMs, left_geom: null, left_stop: null }])
    expect(await onList()).toEqual({ [loaded.number]: 'left', [waiting.number]: 'planned' })
    expect(await world.crew.route(anna, route.routeId)).toMatchObject({
      ...{ load: [], revision: (before as { revision: number }).revision + 1 },
    })
    expect(world.replanned).toEqual([route.routeId])
    expect(await world.act(anna, route.routeId, { act: 'unload', bike: loaded.number, stopId: null })).toMatchObject({
      code: 'bike_not_in_van',
    })
  })

  it('before its crew came can be rented again, and is not waited for', async () => {
    expect(await free(waiting)).toBeNull()
    expect(refusalTo(waiting)).toBeNull()
    expect(await onList()).toEqual({ [loaded.number]: 'loaded', [waiting.number]: 'left' })
  })

  it('from a route that is over leaves that as it is', async () => {
    await world.db.transaction((tx) => world.crew.releaseRoute(tx, route.routeId))
    expect(await free(loaded)).toBeNull()
    expect([await custody(), await openMoves(), world.replanned]).toEqual([[], 0, []])
  })

  it('although it is broken goes to nobody', async () => {
    const said = { act: 'broken', bike: loaded.number, stopId: null, note: 'flat tyre' } as const
    await world.act(anna, route.routeId, said)
    expect(await free(loaded)).toBeNull()
    expect(refusalTo(loaded)).toBe('bike_out_of_service')
    const { rows } = await db.query('SELECT kind, detail FROM alarm')
    expect(rows).toMatchObject([{ kind: 'broken', detail: { by: 'Anna', note: 'flat tyre' } }])
  })

  it('and that no crew has is not there to be freed', async () => {
    await free(loaded)
    expect(await free(loaded)).toMatchObject({ code: 'not_found' })
    expect(await world.crew.freeBike(lead, randomUUID())).toMatchObject({ code: 'not_found' })
  })
})

describe('a route that the desk takes back', () => {
  it('is open to the next crew, with what is in its van', async () => {
    expect(await takeBack()).toBeNull()
    expect(await custody()).toEqual([{ bike_id: loaded.bikeId, state: 'in_van' }])
    expect([refusalTo(loaded), refusalTo(waiting)]).toEqual(['bike_being_moved', null])
    expect(await world.act(anna, route.routeId, { act: 'end_shift' })).toMatchObject({ code: 'route_not_yours' })
    expect(await world.crew.claim(bram, route.routeId, randomUUID())).toMatchObject({
      ...{ isMine: true, load: [{ number: loaded.number }] },
    })
  })

  it('a second time stays open; one that is over or does not exist is refused', async () => {
    await takeBack()
    expect(await takeBack()).toBeNull()
    await world.db.transaction((tx) => world.crew.releaseRoute(tx, route.routeId))
    expect(await takeBack()).toMatchObject({ code: 'route_ended' })
    expect(await world.crew.takeBack(lead, randomUUID())).toMatchObject({ code: 'not_found' })
  })
})

describe('a route that ended with nobody on it', () => {
  it('is shown while its van holds bikes, and whoever stands there unloads them', async () => {
    await takeBack()
    await world.db.transaction((tx) => world.crew.releaseRoute(tx, route.routeId))
    world.nowMs += 20 * 3_600_000
    expect((await world.crew.routes(bram)).routes).toMatchObject([{ routeId: route.routeId, state: 'done' }])
    const unload = { act: 'unload', bike: loaded.number, stopId: route.stopIds[1]! } as const
    expect(await world.act(bram, route.routeId, unload)).toMatchObject({ outcome: 'applied' })
    expect([await custody(), await openMoves()]).toEqual([[], 0])
    expect(await onList()).toMatchObject({ [loaded.number]: 'left' })
    expect((await world.crew.routes(bram)).routes).toEqual([])
  })
})
