import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import { supersedeDraft } from '../../server/rebalancing/plan-store.ts'
import { centre, firstDayCity, standingBike } from '../fixtures/night-city.ts'
import { act, claimedRoute, custody, edited, shown, tickAt } from '../fixtures/night-crew.ts'
import { type NightWorld, openNightWorld } from '../fixtures/night-world.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const { momentOf } = localTimeIn('Europe/Amsterdam')
const night = '2026-11-21'
const time = (hour: number, minute = 0) => momentOf(night, hour * 60 + minute)
const bikes = 30

let database: TestDatabase
let world: NightWorld

beforeAll(async () => {
  database = await openTestDatabase()
  return () => database.close()
})
beforeEach(async () => {
  await truncateAll(database)
  world = await openNightWorld(database, time(18))
  await firstDayCity(world, bikes)
  return () => world.close()
})
afterEach(() => {
  world.broken = null
})

const plans = async () => (await world.night.plans.list()).plans.map(({ state, night: of }) => `${of} ${state}`)

describe('the evening’s clock', () => {
  it('asks for one plan at the hour that staff set, however often and by whomever it is looked at', async () => {
    await tickAt(world, time(20, 29))
    expect(await plans()).toEqual([])
    world.nowMs = time(20, 30)
    await Promise.all([world.night.tick(), world.night.tick()])
    await world.made()
    await world.night.tick()
    expect(await plans()).toEqual([`${night} draft`])
  })

  it('goes on with a plan that nobody finished', async () => {
    world.night.handOverTo(async () => undefined)
    await tickAt(world, time(20, 30))
    expect(await plans()).toEqual([`${night} planning`])
    const again: string[] = []
    world.night.handOverTo(async (planId) => void again.push(planId))
    await world.night.tick()
    expect(again.length).toBe(1)
    await world.night.makePlan(again[0] ?? '', { attempt: 1, isLast: false, progress: async () => undefined })
    expect(await plans()).toEqual([`${night} draft`])
  })

  it('gives the plan to the crews before the first van leaves, and not a second one', async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 44))
    expect(await plans()).toEqual([`${night} draft`])
    await tickAt(world, time(21, 45))
    expect(await plans()).toEqual([`${night} published`])
    await tickAt(world, time(23))
    expect(await plans()).toEqual([`${night} published`])
  })

  it('leaves the plan to staff where they publish by themselves', async () => {
    const settings = await world.night.settings.read()
    await world.night.settings.write({ ...settings, publishBySelf: false }, await world.newCrew('Lead'))
    await tickAt(world, time(20, 30))
    await tickAt(world, time(22))
    expect(await plans()).toEqual([`${night} draft`])
  })

  it('says so when the first shift begins and nobody has published', async () => {
    const settings = await world.night.settings.read()
    await world.night.settings.write({ ...settings, publishBySelf: false }, await world.newCrew('Lead'))
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 59))
    expect((await world.night.plans.list()).alarm).toBeNull()
    await tickAt(world, time(22))
    const { plans: listed, alarm } = await world.night.plans.list()
    expect(alarm).toMatch(/has begun, and its plan is not published/)
    await world.night.plans.publish(listed[0]?.planId ?? '', null)
    expect((await world.night.plans.list()).alarm).toBeNull()
  })

  it('makes its own plan whatever failed, was dropped or was left lying that afternoon', async () => {
    world.nowMs = time(14)
    world.broken = new Error('the streets are gone')
    await world.night.plans.create({})
    await world.made()
    world.broken = null
    const dropped = await world.night.plans.create({})
    await world.made()
    if (isRefusal(dropped)) throw new Error(dropped.code)
    await world.night.plans.discard(dropped.planId)
    await world.night.plans.create({})
    await world.made()
    expect(await plans()).toEqual([`${night} draft`, `${night} superseded`, `${night} failed`])
    await tickAt(world, time(20, 30))
    await tickAt(world, time(20, 31))
    expect((await plans()).slice(0, 2)).toEqual([`${night} draft`, `${night} superseded`])
    expect((await plans()).length).toBe(4)
  })

  it('leaves a plan alone that somebody has worked on that afternoon', async () => {
    world.nowMs = time(14)
    await world.night.plans.create({})
    await world.made()
    const plan = await world.view((await world.night.plans.list()).plans[0]?.planId ?? '')
    const vanId = plan.routes.find(({ stops }) => stops.length > 1)?.vanId ?? ''
    expect(await edited(world, plan, { kind: 'lock_stop', vanId, stop: 0 })).toMatchObject({ done: true })
    await tickAt(world, time(20, 30))
    expect(await plans()).toEqual([`${night} draft`])
    await tickAt(world, time(21, 45))
    expect(await plans()).toEqual([`${night} published`])
  })

  it('does not take a plan from the crews that was published while another one was asked for', async () => {
    await tickAt(world, time(20, 30))
    const planId = (await world.night.plans.list()).plans[0]?.planId ?? ''
    await world.night.plans.publish(planId, null)
    expect(await supersedeDraft(world.db, planId)).toBe(false)
    expect(await plans()).toEqual([`${night} published`])
  })

  it('does not plan what is left of a night in its last hour', async () => {
    await tickAt(world, time(29, 1))
    expect(await plans()).toEqual([])
  })

  it('tries a plan that failed twice more, then says so and leaves yesterday’s readable', async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 45))
    const yesterday = (await world.night.plans.list()).plans[0]?.planId ?? ''
    world.broken = new Error('the streets are gone')
    await tickAt(world, time(44, 30))
    const { plans: listed, alarm } = await world.night.plans.list()
    expect(listed.map(({ state }) => state)).toEqual(['failed', 'ended'])
    expect(alarm).toBe(
      'The plan could not be made: the streets are gone. Tonight has no plan: the last published one stays readable.',
    )
    expect((await world.view(yesterday)).routes.some(({ stops }) => stops.length > 0)).toBe(true)
    world.broken = null
    const again = await world.night.plans.create({})
    await world.made()
    expect(isRefusal(again)).toBe(false)
    expect((await world.night.plans.list()).alarm).toBeNull()
  })

  it('ends what is still open an hour after the shift, and gives the bikes back', async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 45))
    const { crew, route } = await claimedRoute(world)
    expect((await custody(world)).length).toBeGreaterThan(0)
    await tickAt(world, time(30, 59))
    expect(isRefusal(await world.crew.route(crew, route.routeId))).toBe(false)
    expect((await custody(world)).length).toBeGreaterThan(0)
    await tickAt(world, time(31, 1))
    expect(await custody(world)).toEqual([])
    const { rows } = await world.db.query<{ state: string }>('SELECT DISTINCT state FROM van_route')
    expect(rows).toEqual([{ state: 'done' }])
    await tickAt(world, time(36, 1))
    expect(await plans()).toEqual([`${night} ended`])
  })
})

describe('the same plan again', () => {
  it('comes from the same inputs, seed and iterations', async () => {
    await tickAt(world, time(20, 30))
    const planId = (await world.night.plans.list()).plans[0]?.planId ?? ''
    const { rows } = await world.db.query<{ plan: unknown }>('SELECT plan FROM night_plan WHERE plan_id = $1', [planId])
    expect(JSON.parse(JSON.stringify(await world.night.maker.again(planId)))).toEqual(rows[0]?.plan)
  })
})

describe('the morning report', () => {
  it('is made once, and its numbers add up', async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 45))
    world.nowMs = time(22)
    const { crew, route } = await claimedRoute(world)
    let put = 0
    for (const stop of route.stops) {
      world.nowMs += 600_000
      const now = (await shown(world, crew, route)).stops.find(({ stopId }) => stopId === stop.stopId)
      if (!now) continue
      for (const bike of now.take)
        await act(world, crew, route, { act: 'load', bike: bike.number, stopId: stop.stopId })
      const { load } = await shown(world, crew, route)
      for (const bike of stop.kind === 'depot' ? load : load.slice(0, now.give)) {
        await act(world, crew, route, { act: 'unload', bike: bike.number, stopId: stop.stopId })
        put += 1
      }
      await act(world, crew, route, { act: 'finish_stop', stopId: stop.stopId })
    }
    await act(world, crew, route, { act: 'end_shift' })
    await tickAt(world, time(30, 29))
    expect(await world.night.reports.read(night, null)).toBeNull()
    await tickAt(world, time(33))
    const report = await world.night.reports.read(night, null)
    if (report === null) throw new Error('there is a report')
    expect(report.bikes.moved).toBe(put)
    expect(put).toBeGreaterThan(3)
    for (const of of ['bikesPlanned', 'bikesMoved'] as const) {
      const total = report.vans.reduce((sum, van) => sum + van[of], 0)
      expect(total).toBe(of === 'bikesMoved' ? report.bikes.moved : report.bikes.planned)
    }
    const van = report.vans.find(({ vanName }) => vanName === route.vanName)
    expect(van).toMatchObject({ crewName: 'Ada', stopsDone: van?.stopsPlanned, bikesMoved: put })
    expect(van?.hours).toBeGreaterThan(0)
    expect(report.value.won).toBeGreaterThan(0)
    expect(report.value.won).toBeLessThanOrEqual(report.value.planned + 1e-6)
    const delivered = report.hotspots.reduce((sum, { before, stands }) => sum + stands - before, 0)
    const { rows } = await world.db.query<{ count: number }>(
      `SELECT count(*) FROM bike_move m JOIN route_stop s ON s.stop_id = m.left_stop WHERE s.kind = 'hotspot'`,
    )
    expect(delivered).toBe(rows[0]?.count)
    expect(report.expectedLost.now).toBeGreaterThan(0)
    const { reports } = await world.night.reports.list()
    expect(reports).toMatchObject([{ night, bikesMoved: put }])
    await tickAt(world, time(35))
    expect((await world.night.reports.read(night, null))?.madeAt).toBe(report.madeAt)
  })
  it('learns what crews tell after it was made, and keeps what the morning saw', async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 45))
    world.nowMs = time(22)
    const { crew, route } = await claimedRoute(world)
    const [first] = route.stops
    const [bike] = first?.take ?? []
    const found = await standingBike(world, 'stray-found', centre)
    await world.rooms.fleet.tick()
    await act(world, crew, route, { act: 'load', bike: bike?.number, stopId: first?.stopId })
    await act(world, crew, route, { act: 'load', bike: found.number, stopId: first?.stopId })
    await tickAt(world, time(30, 31))
    const before = await world.night.reports.read(night, null)
    const van = before?.vans.find(({ vanName }) => vanName === route.vanName)
    expect(van).toMatchObject({ bikesPlanned: planned(route).length, bikesMoved: 0 })
    world.nowMs = time(30, 40)
    await act(world, crew, route, { act: 'unload', bike: bike?.number, stopId: route.stops.at(-1)?.stopId })
    await tickAt(world, time(30, 45))
    const after = await world.night.reports.read(night, null)
    expect(after).toMatchObject({ bikes: { moved: 1, stillInVan: 1 }, madeAt: before?.madeAt })
    expect(after?.hotspots).toEqual(before?.hotspots)
    expect((await world.night.reports.list()).reports).toMatchObject([{ bikesMoved: 1, madeAt: before?.madeAt }])
  })

  it('tells of a route that was handed over and gave way to a newer plan', async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 45))
    world.nowMs = time(22)
    const { crew, route } = await claimedRoute(world)
    await act(world, crew, route, { act: 'skip_stop', stopId: route.stops[0]?.stopId, reason: 'road_closed' })
    await act(world, crew, route, { act: 'hand_over' })
    const newer = await world.night.plans.create({})
    await world.made()
    if (isRefusal(newer)) throw new Error(newer.code)
    await world.night.plans.publish(newer.planId, null)
    await tickAt(world, time(33))
    const report = await world.night.reports.read(night, null)
    expect(report?.planId).toBe(newer.planId)
    expect(report?.vans.find(({ vanName }) => vanName === route.vanName)).toMatchObject({
      crewName: 'Ada',
      stopsDone: 0,
    })
  })
})

const planned = ({ stops }: CrewRoute): string[] => stops.flatMap(({ take }) => take.map(({ bikeId }) => bikeId))
