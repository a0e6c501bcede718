import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrewAct } from '../../contracts/http/crews.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { type CrewWorld, openCrewWorld, street } from '../fixtures/crew-world.ts'
import { hello } from '../fixtures/lock-messages.ts'
import { type PublishedRoute, publishNight } from '../fixtures/published-night.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 1)
const hotspot = { lon: 5.13, lat: 52.1 }

let db: TestDatabase
let world: CrewWorld
/** Two routes: the first takes `bikes[0..2]`, the second `bikes[3]`; `bikes[4]` is on nobody's list. */
let bikes: readonly FleetBike[]
let first: PublishedRoute
let second: PublishedRoute
let anna: string
let bram: string

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  world = await openCrewWorld(db, start)
  const made: FleetBike[] = []
  for (let i = 0; i < 5; i += 1) made.push(await world.newBike())
  bikes = made
  const ids = bikes.map((bike) => bike.bikeId as string)
  const routes = await publishNight(db, {
    nowMs: start,
    vans: [
      {
        capacity: 3,
        stops: [
          { kind: 'strays', take: ids.slice(0, 2) },
          { kind: 'strays', takeBroken: ids.slice(2, 3) },
          { kind: 'hotspot', give: 2, at: hotspot },
          { kind: 'depot', giveBroken: 1 },
        ],
      },
      {
        stops: [
          { kind: 'strays', take: ids.slice(3, 4) },
          { kind: 'hotspot', give: 1, at: hotspot },
        ],
      },
    ],
  })
  first = routes[0]!
  second = routes[1]!
  anna = await world.newCrew('Anna')
  bram = await world.newCrew('Bram')
})

const bike = (index: number): FleetBike => bikes[index]!
const stateOf = async (index: number) => (await world.fleet.bikeDetails(bike(index).bikeId))?.state
const rentableNow = (index: number) => world.fleet.bikeByCode(bike(index).code)?.refusal?.code ?? null
const near = () => world.fleet.bikesNear(street.lon, street.lat, 3_000, 50)
const claim = async (crewId: string, route: PublishedRoute) => {
  const claimed = await world.crew.claim(crewId, route.routeId, randomUUID())
  if (isRefusal(claimed)) throw new Error(claimed.code)
  return claimed
}
const load = (crewId: string, route: PublishedRoute, index: number, stopId: string | null = route.stopIds[0]!) =>
  world.act(crewId, route.routeId, { act: 'load', bike: bike(index).number, stopId })
const unload = (crewId: string, route: PublishedRoute, index: number, stopId: string | null = null) =>
  world.act(crewId, route.routeId, { act: 'unload', bike: bike(index).number, stopId })
const custody = async () => {
  const { rows } = await db.query<{ number: string; state: string }>(
    'SELECT number, state FROM bike_custody JOIN bike USING (bike_id) ORDER BY length(number), number',
  )
  return rows.map((row) => `${bikes.findIndex((one) => one.number === row.number)} ${row.state}`)
}

describe('a claimed route', () => {
  it('keeps its bikes from riders only from then on', async () => {
    expect(await near()).toHaveLength(5)
    const route = await claim(anna, first)
    expect(route).toMatchObject({ state: 'claimed', isMine: true, crewName: 'Anna', depot: { name: 'Workshop' } })
    expect(route.stops.map((stop) => stop.take.map((one) => one.number))).toEqual([
      [bike(0).number, bike(1).number],
      [bike(2).number],
      [],
      [],
    ])
    expect(await near()).toHaveLength(2)
    expect([rentableNow(0), rentableNow(3)]).toEqual(['bike_being_moved', null])
    expect([await stateOf(0), await stateOf(3)]).toEqual(['with_crew', 'available'])
    expect(await custody()).toEqual(['0 claimed', '1 claimed', '2 claimed'])
  })

  it('is still known after the server started again', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    const again = await openCrewWorld(db, start)
    expect(again.fleet.bikeByCode(bike(0).code)?.refusal?.code).toBe('bike_being_moved')
    expect(await again.act(anna, first.routeId, { act: 'unload', bike: bike(0).code, stopId: null })).toMatchObject({
      outcome: 'applied',
    })
  })

  it('is refused to the next crew by the name of the first, and given to its own crew again', async () => {
    await claim(anna, first)
    expect(await world.crew.claim(bram, first.routeId, randomUUID())).toMatchObject({
      ...{ code: 'route_taken', detail: 'Anna' },
    })
    expect(await claim(anna, first)).toMatchObject({ isMine: true, revision: 1 })
    expect(await world.crew.claim(anna, second.routeId, randomUUID())).toMatchObject({ code: 'one_route_at_a_time' })
  })

  it('leaves out a bike that a rider or another crew has', async () => {
    await claim(bram, second)
    await load(bram, second, 1, null)
    const route = await claim(anna, first)
    expect(route.stops[0]?.take.map((one) => one.number)).toEqual([bike(0).number])
    expect(world.replanned).toEqual([second.routeId, first.routeId])
    expect(await custody()).toEqual(['0 claimed', '1 in_van', '2 claimed', '3 claimed'])
  })

  it('cannot be taken two hours after its shift', async () => {
    world.nowMs = start + 10 * 3_600_000 + 1
    expect(await world.crew.claim(anna, first.routeId, randomUUID())).toMatchObject({ code: 'route_ended' })
    expect((await world.crew.routes(anna)).routes).toEqual([])
  })

  it('that was handed over is not taken again by a claim that comes once more', async () => {
    const actId = randomUUID()
    await world.crew.claim(anna, first.routeId, actId)
    await world.act(anna, first.routeId, { act: 'hand_over' })
    expect(await world.crew.claim(anna, first.routeId, actId)).toMatchObject({ state: 'open', isMine: false })
  })
})

describe('a bike on its way', () => {
  it('is loaded, driven and put down where it belongs, and riders find it there', async () => {
    await claim(anna, first)
    expect(await load(anna, first, 0)).toMatchObject({ outcome: 'applied' })
    expect(await world.crew.route(anna, first.routeId)).toMatchObject({
      load: [{ number: bike(0).number, state: 'loaded', reasons: ['outside_hotspot'] }],
      stops: [{ take: [{ state: 'loaded' }, { state: 'planned' }] }, {}, {}, {}],
    })
    world.nowMs += 600_000
    await unload(anna, first, 0, first.stopIds[2])
    const put = await world.fleet.bikesNear(hotspot.lon, hotspot.lat, 50, 5)
    expect(put).toHaveLength(1)
    expect([rentableNow(0), await stateOf(0)]).toEqual([null, 'available'])
    expect(await world.crew.route(anna, first.routeId)).toMatchObject({
      ...{ load: [], stops: [{ take: [{ state: 'left' }, {}] }, {}, { give: 2, given: 1 }, {}] },
    })
    const { rows } = await db.query('SELECT left_stop, left_at - taken_at AS took FROM bike_move')
    expect(rows).toMatchObject([{ left_stop: first.stopIds[2] }])
  })

  it('stays where its lock says it is when the lock has spoken since', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    const done = world.nowMs
    world.nowMs += 600_000
    const { lockId } = bike(0)
    world.fleet.listener.heard(lockId, { kind: 'hello', body: hello({ u: 900_000 }) }, epochMs(world.nowMs))
    await world.act(anna, first.routeId, {
      ...{ act: 'unload', bike: bike(0).number, stopId: null, atMs: done, ...hotspot },
    })
    expect(world.fleet.shadowOf(lockId).position).toMatchObject(street)
  })

  it('of another crew is refused by its name; one in use and one that nobody knows too', async () => {
    await claim(anna, first)
    await claim(bram, second)
    expect(await load(bram, second, 0)).toMatchObject({ outcome: 'refused', code: 'bike_with_crew', by: 'Anna' })
    await load(anna, first, 0)
    expect(await load(bram, second, 0)).toMatchObject({ code: 'bike_with_crew', by: 'Anna' })
    expect(await load(anna, first, 0)).toMatchObject({ code: 'bike_in_van' })
    expect(await world.act(anna, first.routeId, { act: 'load', bike: '9999999', stopId: null })).toMatchObject({
      code: 'bike_unknown',
    })
    expect(await unload(anna, first, 1)).toMatchObject({ code: 'bike_not_in_van' })
  })

  it('that stands in for another is taken, and the rest is planned anew', async () => {
    await claim(anna, first)
    expect(await load(anna, first, 4)).toMatchObject({ outcome: 'applied' })
    expect(world.replanned).toEqual([first.routeId])
    expect(rentableNow(4)).toBe('bike_being_moved')
  })

  it('does not fit a full van', async () => {
    await claim(anna, first)
    for (const index of [0, 1, 2]) expect(await load(anna, first, index)).toMatchObject({ outcome: 'applied' })
    expect(await load(anna, first, 4)).toMatchObject({ code: 'van_full' })
    expect(rentableNow(4)).toBeNull()
  })
})

describe('an act', () => {
  it('that arrives twice changes nothing and says so, a refused one is refused again', async () => {
    await claim(anna, first)
    await claim(bram, second)
    const at = { routeId: first.routeId, atMs: start, lon: null, lat: null, stopId: null }
    const batch: CrewAct[] = [
      { ...at, actId: randomUUID(), act: 'load', bike: bike(0).number },
      { ...at, actId: randomUUID(), act: 'load', bike: bike(3).number },
      { ...at, actId: randomUUID(), act: 'unload', bike: bike(0).number },
      { ...at, actId: randomUUID(), act: 'load', bike: bike(0).number },
    ]
    const once = await world.crew.acts(anna, batch)
    expect(once.results.map(({ outcome, code }) => code ?? outcome)).toEqual([
      ...['applied', 'bike_with_crew', 'applied', 'applied'],
    ])
    const before = await db.query('SELECT * FROM bike_custody ORDER BY bike_id')
    const twice = await world.crew.acts(anna, batch)
    expect(twice.results.map(({ outcome, by }) => [outcome, by])).toEqual([
      ...[
        ['repeated', null],
        ['refused', 'Bram'],
        ['repeated', null],
        ['repeated', null],
      ],
    ])
    expect((await db.query('SELECT * FROM bike_custody ORDER BY bike_id')).rows).toEqual(before.rows)
    expect((await db.query('SELECT 1 FROM bike_move')).rowCount).toBe(2)
    expect(twice.route?.load).toHaveLength(1)
  })

  it('of a batch that broke off half-way goes on where it stood', async () => {
    await claim(anna, first)
    const at = { routeId: first.routeId, atMs: start, lon: null, lat: null, stopId: null }
    const batch: CrewAct[] = [0, 1, 2].map((index) => ({
      ...{ ...at, actId: randomUUID(), act: 'load', bike: bike(index).number },
    }))
    await world.crew.acts(anna, batch.slice(0, 1))
    const { results } = await world.crew.acts(anna, batch)
    expect(results.map((result) => result.outcome)).toEqual(['repeated', 'applied', 'applied'])
  })

  it('counts by a clock that can be right, and by its arrival otherwise', async () => {
    await claim(anna, first)
    world.nowMs += 3_600_000
    const said = [start + 1_800_000, start - 86_400_000, world.nowMs + 600_000]
    for (const [index, atMs] of said.entries()) {
      await world.act(anna, first.routeId, { act: 'load', bike: bike(index).number, stopId: null, atMs })
    }
    const { rows } = await db.query<{ acted_at: number }>(
      `SELECT acted_at FROM crew_act WHERE body ->> 'act' = 'load' ORDER BY body ->> 'bike'`,
    )
    expect(rows.map((row) => row.acted_at)).toEqual([said[0], world.nowMs, world.nowMs])
  })

  it('on a route of somebody else, of nobody, or that is over is refused', async () => {
    expect(await load(anna, first, 0)).toMatchObject({ code: 'route_not_yours', by: null })
    await claim(bram, first)
    expect(await load(anna, first, 0)).toMatchObject({ code: 'route_not_yours', by: 'Bram' })
    await world.act(bram, first.routeId, { act: 'end_shift' })
    expect(await load(bram, first, 0)).toMatchObject({ code: 'route_ended' })
    expect(await world.act(bram, randomUUID(), { act: 'end_shift' })).toMatchObject({ code: 'not_found' })
    expect(await world.act(bram, second.routeId, { act: 'finish_stop', stopId: randomUUID() })).toMatchObject({
      code: 'route_not_yours',
    })
  })

  it('of another crew under the same id is refused', async () => {
    await claim(anna, first)
    await claim(bram, second)
    const actId = randomUUID()
    await world.act(anna, first.routeId, { act: 'load', bike: bike(0).number, stopId: null, actId })
    expect(
      await world.act(bram, second.routeId, { act: 'load', bike: bike(3).number, stopId: null, actId }),
    ).toMatchObject({ outcome: 'refused', code: 'not_allowed' })
  })
})

describe('a bike that cannot be taken', () => {
  it.each(['not_found', 'blocked'] as const)('%s: is free, off the map and told to staff, once', async (act) => {
    await claim(anna, first)
    const said = { act, bike: bike(0).number, stopId: first.stopIds[0]!, photoId: randomUUID() }
    await world.act(anna, first.routeId, said)
    await world.act(anna, first.routeId, said)
    await world.fleet.tick()
    expect(await custody()).toEqual(['1 claimed', '2 claimed'])
    expect(rentableNow(0)).toBe('bike_out_of_service')
    const { rows } = await db.query<{ kind: string; detail: object }>('SELECT kind, detail FROM alarm')
    expect(rows).toMatchObject([{ kind: act, detail: { by: 'Anna', photoId: said.photoId } }])
    expect(world.replanned).toEqual([first.routeId])
    expect((await world.crew.route(anna, first.routeId)) as object).toMatchObject({
      stops: [{ take: [{ state: act }, { state: 'planned' }] }, {}, {}, {}],
    })
    // Found after all.
    await load(anna, first, 0)
    expect((await db.query(`SELECT 1 FROM alarm WHERE state <> 'resolved'`)).rowCount).toBe(0)
  })

  it('because it is broken goes to the workshop, and out of service', async () => {
    await claim(anna, first)
    await load(anna, first, 1)
    await world.act(anna, first.routeId, { act: 'broken', bike: bike(1).number, stopId: null, note: 'no saddle' })
    await world.act(anna, first.routeId, { act: 'broken', bike: bike(0).number, stopId: null, note: 'flat tyre' })
    expect(((await world.crew.route(anna, first.routeId)) as { load: object[] }).load).toMatchObject([
      { isBroken: true },
      { isBroken: true },
    ])
    expect((await db.query('SELECT 1 FROM alarm')).rowCount).toBe(0)
    await unload(anna, first, 0, first.stopIds[3])
    expect(rentableNow(0)).toBe('bike_out_of_service')
    await world.fleet.tick()
    expect(rentableNow(0)).toBe('bike_out_of_service')
    expect((await db.query('SELECT kind, detail FROM alarm')).rows).toMatchObject([
      { kind: 'broken', detail: { note: 'flat tyre', by: 'Anna' } },
    ])
    expect(await custody()).toEqual(['1 in_van', '2 claimed'])
  })
})

describe('a stop', () => {
  it('that is done or left out gives back the bikes that it did not take', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    await world.act(anna, first.routeId, { act: 'finish_stop', stopId: first.stopIds[0]! })
    expect(await custody()).toEqual(['0 in_van', '2 claimed'])
    expect(rentableNow(1)).toBeNull()
    await world.act(anna, first.routeId, { act: 'skip_stop', stopId: first.stopIds[1]!, reason: 'unsafe' })
    expect(await custody()).toEqual(['0 in_van'])
    expect(await world.crew.route(anna, first.routeId)).toMatchObject({
      stops: [{ state: 'done' }, { state: 'skipped' }, { state: 'planned' }, { state: 'planned' }],
    })
    expect(world.replanned).toEqual([first.routeId, first.routeId])
  })
})

describe('a route that ends', () => {
  it('by handing it over leaves the van as it is, and the next crew goes on', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    await world.act(anna, first.routeId, { act: 'hand_over' })
    expect(await custody()).toEqual(['0 in_van'])
    expect([rentableNow(0), rentableNow(1)]).toEqual(['bike_being_moved', null])
    const route = await claim(bram, first)
    expect(route.load.map((one) => one.number)).toEqual([bike(0).number])
    expect(await custody()).toEqual(['0 in_van', '1 claimed', '2 claimed'])
    expect(await unload(bram, first, 0)).toMatchObject({ outcome: 'applied' })
  })

  it('with the shift keeps what is in the van until somebody puts it down', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    await load(anna, first, 1)
    await world.act(anna, first.routeId, { act: 'end_shift' })
    expect(await custody()).toEqual(['0 in_van', '1 in_van'])
    world.nowMs += 20 * 3_600_000
    expect((await world.crew.routes(anna)).routes).toMatchObject([{ routeId: first.routeId, state: 'done' }])
    expect(await unload(bram, first, 0)).toMatchObject({ code: 'route_ended' })
    expect(await unload(anna, first, 0)).toMatchObject({ outcome: 'applied' })
  })

  it('leaves a bike to whoever scans it next', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    await world.act(anna, first.routeId, { act: 'end_shift' })
    await claim(bram, second)
    expect(await load(bram, second, 0)).toMatchObject({ outcome: 'applied' })
    expect(await custody()).toEqual(['0 in_van', '3 claimed'])
    expect((await db.query('SELECT 1 FROM bike_move WHERE left_at IS NULL')).rowCount).toBe(1)
  })

  it('because its time is over gives back what it did not take', async () => {
    await claim(anna, first)
    await load(anna, first, 0)
    await world.db.transaction((tx) => world.crew.releaseRoute(tx, first.routeId))
    await world.db.transaction((tx) => world.crew.releaseRoute(tx, second.routeId))
    expect(await custody()).toEqual(['0 in_van'])
    expect(rentableNow(1)).toBeNull()
    const { rows } = await db.query('SELECT state FROM van_route')
    expect(rows).toEqual([{ state: 'done' }, { state: 'done' }])
  })
})

describe('a new plan of the rest', () => {
  it('keeps the bikes that it takes now, and gives back those that it leaves', async () => {
    await claim(anna, first)
    await world.db.transaction(async (tx) => {
      await tx.query('DELETE FROM route_bike WHERE bike_id = $1', [bike(1).bikeId])
      await tx.query(
        `INSERT INTO route_bike (stop_id, bike_id, is_broken, state, value, reasons) VALUES ($1, $2, false, 'planned', 1, '[]')`,
        [first.stopIds[0], bike(4).bikeId],
      )
      expect(await world.crew.matchCustody(tx, first.routeId)).toBe(0)
    })
    expect(await custody()).toEqual(['0 claimed', '2 claimed', '4 claimed'])
    expect([rentableNow(1), rentableNow(4)]).toEqual([null, 'bike_being_moved'])
  })
})
