import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrewAct, CrewRoute } from '../../contracts/http/crews.ts'
import type { PlanEdit, PlanEditAnswer, PlanView } from '../../contracts/http/nights.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import { hello } from '../fixtures/lock-messages.ts'
import { firstDayCity } from '../fixtures/night-city.ts'
import { actOf, type NightWorld, openNightWorld } from '../fixtures/night-world.ts'
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

/** Every lock speaks now and then. */
async function tickAt(moment: number): Promise<void> {
  world.nowMs = moment
  for (const { lockId } of world.rooms.fleet.bikes()) {
    world.rooms.fleet.listener.heard(lockId, { kind: 'hello', body: hello({ soc: 80 }) }, world.clock.nowMs())
  }
  await world.night.tick()
  await world.made()
}

describe('the evening’s clock', () => {
  it('asks for one plan at the hour that staff set, however often and by whomever it is looked at', async () => {
    await tickAt(time(20, 29))
    expect(await plans()).toEqual([])
    world.nowMs = time(20, 30)
    await Promise.all([world.night.tick(), world.night.tick()])
    await world.made()
    await world.night.tick()
    expect(await plans()).toEqual([`${night} draft`])
  })

  it('goes on with a plan that nobody finished', async () => {
    world.night.handOverTo(async () => undefined)
    await tickAt(time(20, 30))
    expect(await plans()).toEqual([`${night} planning`])
    const again: string[] = []
    world.night.handOverTo(async (planId) => void again.push(planId))
    await world.night.tick()
    expect(again.length).toBe(1)
    await world.night.makePlan(again[0] ?? '', { attempt: 1, isLast: false, progress: async () => undefined })
    expect(await plans()).toEqual([`${night} draft`])
  })

  it('gives the plan to the crews before the first van leaves, and not a second one', async () => {
    await tickAt(time(20, 30))
    await tickAt(time(21, 44))
    expect(await plans()).toEqual([`${night} draft`])
    await tickAt(time(21, 45))
    expect(await plans()).toEqual([`${night} published`])
    await tickAt(time(23))
    expect(await plans()).toEqual([`${night} published`])
  })

  it('leaves the plan to staff where they publish by themselves', async () => {
    const settings = await world.night.settings.read()
    await world.night.settings.write({ ...settings, publishBySelf: false }, await world.newCrew('Lead'))
    await tickAt(time(20, 30))
    await tickAt(time(22))
    expect(await plans()).toEqual([`${night} draft`])
  })

  it('does not plan what is left of a night in its last hour', async () => {
    await tickAt(time(29, 1))
    expect(await plans()).toEqual([])
  })

  it('tries a plan that failed twice more, then says so and leaves yesterday’s readable', async () => {
    await tickAt(time(20, 30))
    await tickAt(time(21, 45))
    const yesterday = (await world.night.plans.list()).plans[0]?.planId ?? ''
    world.broken = new Error('the streets are gone')
    await tickAt(time(44, 30))
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
    await tickAt(time(20, 30))
    await tickAt(time(21, 45))
    const { crew, route } = await claimedRoute()
    expect((await custody()).length).toBeGreaterThan(0)
    await tickAt(time(30, 59))
    expect(isRefusal(await world.crew.route(crew, route.routeId))).toBe(false)
    expect((await custody()).length).toBeGreaterThan(0)
    await tickAt(time(31, 1))
    expect(await custody()).toEqual([])
    const { rows } = await world.db.query<{ state: string }>('SELECT DISTINCT state FROM van_route')
    expect(rows).toEqual([{ state: 'done' }])
    await tickAt(time(36, 1))
    expect(await plans()).toEqual([`${night} ended`])
  })
})

describe('the same plan again', () => {
  it('comes from the same inputs, seed and iterations', async () => {
    await tickAt(time(20, 30))
    const planId = (await world.night.plans.list()).plans[0]?.planId ?? ''
    const { rows } = await world.db.query<{ plan: unknown }>('SELECT plan FROM night_plan WHERE plan_id = $1', [planId])
    expect(JSON.parse(JSON.stringify(await world.night.maker.again(planId)))).toEqual(rows[0]?.plan)
  })
})

describe('the rest of a route', () => {
  beforeEach(async () => {
    await tickAt(time(20, 30))
    await tickAt(time(21, 45))
    world.nowMs = time(22)
  })

  it('is planned anew when a bike is not there, and what is done stays', async () => {
    const { crew, route } = await claimedRoute()
    const [first] = route.stops
    for (const bike of first?.take ?? [])
      await act(crew, route, { act: 'load', bike: bike.number, stopId: first?.stopId })
    await act(crew, route, { act: 'finish_stop', stopId: first?.stopId })
    const next = await shown(crew, route)
    const second = next.stops[1]
    const missing = second?.take[0]
    await act(crew, route, { act: 'not_found', bike: missing?.number, stopId: second?.stopId })
    const after = await shown(crew, route)
    expect(after.stops[0]).toEqual({ ...next.stops[0] })
    expect(after.stops[1]?.stopId).toBe(second?.stopId)
    const wanted = after.stops.flatMap(({ take }) => take.filter(({ state }) => state === 'planned'))
    expect(wanted.map(({ bikeId }) => bikeId)).not.toContain(missing?.bikeId)
    expect(new Set(wanted.map(({ bikeId }) => bikeId)).size).toBe(wanted.length)
    // Nothing is put down that is not picked up before.
    let load = after.load.filter(({ isBroken }) => !isBroken).length
    for (const stop of after.stops.filter(({ state }) => state === 'planned')) {
      if (stop.kind === 'depot') continue
      load +=
        stop.take.filter(({ state, isBroken }) => state === 'planned' && !isBroken).length - (stop.give - stop.given)
      expect(load).toBeGreaterThanOrEqual(0)
      expect(load).toBeLessThanOrEqual(route.capacity)
    }
    const kept = await custody()
    for (const { bikeId } of wanted) expect(kept).toContain(bikeId)
  })

  it('gets other times when its crew is late, and is left alone until it is late again', async () => {
    const { crew, route } = await claimedRoute()
    await tickAt(time(22, 15))
    expect((await shown(crew, route)).revision).toBe(route.revision)
    world.nowMs = time(23, 8)
    const [first] = route.stops
    await act(crew, route, { act: 'load', bike: first?.take[0]?.number, stopId: first?.stopId })
    const heard = await shown(crew, route)
    await tickAt(time(23, 10))
    const late = await shown(crew, route)
    expect(late.revision).toBeGreaterThan(heard.revision)
    expect(late.stops[1]?.arriveAt).toBeGreaterThanOrEqual(time(23, 10))
    await tickAt(time(23, 11))
    expect((await shown(crew, route)).revision).toBe(late.revision)
  })

  it('is left alone while its crew is not heard: it may be working without a connection', async () => {
    const { crew, route } = await claimedRoute()
    await tickAt(time(23, 10))
    expect(await shown(crew, route)).toEqual(route)
  })

  it('keeps its stops when the desk changes it, for a crew that has not heard of that yet', async () => {
    const { crew, route } = await claimedRoute()
    const planId = (await world.night.plans.list()).plans[0]?.planId ?? ''
    const plan = await world.view(planId)
    const vanId = plan.routes.find(({ routeId }) => routeId === route.routeId)?.vanId ?? ''
    const edit = { kind: 'drop_stop', vanId, stop: 0 } as const
    const request = { revision: plan.revision, edit, dryRun: false }
    expect(await world.night.plans.edit(planId, request, await world.newCrew('Lead'))).toMatchObject({ done: true })
    const after = await shown(crew, route)
    expect(after.revision).toBeGreaterThan(route.revision)
    const known = new Map(route.stops.map(({ stopId, name }) => [stopId, name]))
    for (const { stopId, name } of after.stops) expect(known.get(stopId)).toBe(name)
    const last = route.stops.at(-1)
    await act(crew, route, { act: 'finish_stop', stopId: last?.stopId })
  })

  it('can be edited at the desk, but not what the crew has done', async () => {
    const { crew, route } = await claimedRoute()
    const [first] = route.stops
    for (const bike of first?.take ?? [])
      await act(crew, route, { act: 'load', bike: bike.number, stopId: first?.stopId })
    await act(crew, route, { act: 'finish_stop', stopId: first?.stopId })
    const planId = (await world.night.plans.list()).plans[0]?.planId ?? ''
    const plan = await world.view(planId)
    const vanId = plan.routes.find(({ routeId }) => routeId === route.routeId)?.vanId ?? ''
    const lead = await world.newCrew('Lead')
    const drop = (stop: number) =>
      world.night.plans.edit(
        planId,
        { revision: plan.revision, edit: { kind: 'drop_stop', vanId, stop }, dryRun: false },
        lead,
      )
    expect(await drop(0)).toMatchObject({ done: false, faults: [expect.stringMatching(/been there already/)] })
    const before = await shown(crew, route)
    expect(await drop(1)).toMatchObject({ done: true, faults: [] })
    const after = await shown(crew, route)
    expect(after.stops[0]).toEqual(before.stops[0])
    expect(after.revision).toBeGreaterThan(before.revision)
    expect(after.stops.map(({ name }) => name)).not.toContain(before.stops[1]?.name)
    const wanted = after.stops.flatMap(({ take }) => take.map(({ bikeId }) => bikeId))
    expect((await custody()).sort()).toEqual([...new Set(wanted)].sort())
  })

  it('is edited where the desk sees it when its crew works in another order', async () => {
    const { crew, route } = await claimedRoute()
    const [first, ...others] = route.stops
    const later = others.find(({ take }) => take.length > 0)
    for (const bike of later?.take ?? [])
      await act(crew, route, { act: 'load', bike: bike.number, stopId: later?.stopId })
    await act(crew, route, { act: 'finish_stop', stopId: later?.stopId })
    expect((await shown(crew, route)).stops[0]?.stopId).toBe(first?.stopId)
    const { plan, vanId } = await planOfRoute(route)
    const at = route.stops.findIndex(({ stopId }) => stopId === later?.stopId)
    const back = await edited(plan, { kind: 'drop_stop', vanId, stop: at })
    expect(back).toMatchObject({ done: false, faults: [expect.stringMatching(/been there already/)] })
    expect(await edited(plan, { kind: 'drop_stop', vanId, stop: 0 })).toMatchObject({ done: true, faults: [] })
    const names = (await shown(crew, route)).stops.map(({ name }) => name)
    expect(names).toContain(later?.name)
    expect(names).not.toContain(first?.name)
  })

  it('is not edited any more when its van is home', async () => {
    const { crew, route } = await claimedRoute()
    const draft = await planOfRoute(route)
    expect(await edited(draft.plan, { kind: 'lock_stop', vanId: draft.vanId, stop: 0 })).toMatchObject({ done: true })
    await act(crew, route, { act: 'end_shift' })
    const { plan, vanId } = await planOfRoute(route)
    const van = plan.routes.find((one) => one.vanId === vanId)
    const other = plan.routes.find((one) => one.vanId !== vanId)
    if (!van || !other) throw new Error('two vans are planned')
    const home = { done: false, faults: [expect.stringMatching(/is back/)] }
    const hours = { startsAt: '22:00', endsAt: '05:00' }
    expect(await edited(plan, { kind: 'drop_stop', vanId, stop: 0 })).toMatchObject(home)
    expect(await edited(plan, { kind: 'remove_van', vanId })).toMatchObject(home)
    expect(await edited(plan, { kind: 'change_shift', vanId, ...hours })).toMatchObject(home)
    const place = plan.places[plan.leftOut[0]?.place ?? van.stops[0]?.place ?? 0]?.placeId ?? ''
    expect(await edited(plan, { kind: 'add_stop', vanId, atStop: 0, placeId: place })).toMatchObject(home)
    expect(plan.canUndo).toBe(false)
    expect(await world.night.plans.undo(plan.planId, plan.revision)).toMatchObject({ code: 'plan_wrong_state' })
    const changed = await edited(plan, { kind: 'change_shift', vanId: other.vanId, ...hours })
    expect(changed).toMatchObject({ done: true })
    const after = changed.plan?.routes.find((one) => one.vanId === vanId)
    expect(after?.stops.map(({ place: at, take }) => [at, take])).toEqual(
      van.stops.map(({ place: at, take }) => [at, take]),
    )
    const improved = await edited(changed.plan ?? plan, { kind: 'improve', seconds: 1 })
    expect(improved).toMatchObject({ done: true })
  })

  it('stays on the streets when a new plan is made, which leaves its bikes and its van alone', async () => {
    const { route } = await claimedRoute()
    const taken = new Set(route.stops.flatMap(({ take }) => take.map(({ bikeId }) => bikeId)))
    const created = await world.night.plans.create({})
    await world.made()
    if (isRefusal(created)) throw new Error(created.code)
    const published = await world.night.plans.publish(created.planId, null)
    if (isRefusal(published)) throw new Error(published.detail ?? published.code)
    expect(published.routes.map(({ vanName }) => vanName)).not.toContain(route.vanName)
    expect(published.moves.filter(({ bikeId }) => taken.has(bikeId))).toEqual([])
    const { rows } = await world.db.query<{ state: string }>('SELECT state FROM van_route WHERE route_id = $1', [
      route.routeId,
    ])
    expect(rows).toEqual([{ state: 'claimed' }])
  })
})

describe('the morning report', () => {
  it('is made once, and its numbers add up', async () => {
    await tickAt(time(20, 30))
    await tickAt(time(21, 45))
    world.nowMs = time(22)
    const { crew, route } = await claimedRoute()
    let put = 0
    for (const stop of route.stops) {
      world.nowMs += 600_000
      const now = (await shown(crew, route)).stops.find(({ stopId }) => stopId === stop.stopId)
      if (!now) continue
      for (const bike of now.take) await act(crew, route, { act: 'load', bike: bike.number, stopId: stop.stopId })
      const { load } = await shown(crew, route)
      for (const bike of stop.kind === 'depot' ? load : load.slice(0, now.give)) {
        await act(crew, route, { act: 'unload', bike: bike.number, stopId: stop.stopId })
        put += 1
      }
      await act(crew, route, { act: 'finish_stop', stopId: stop.stopId })
    }
    await act(crew, route, { act: 'end_shift' })
    await tickAt(time(30, 29))
    expect(await world.night.reports.read(night, null)).toBeNull()
    await tickAt(time(33))
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
    await tickAt(time(35))
    expect((await world.night.reports.read(night, null))?.madeAt).toBe(report.madeAt)
  })
})

async function claimedRoute(): Promise<{ crew: string; route: CrewRoute }> {
  const crew = await world.newCrew('Ada')
  const { routes } = await world.crew.routes(crew)
  const longest = routes.toSorted((a, b) => b.stops - a.stops)[0]
  const route = await world.crew.claim(crew, longest?.routeId ?? '', actOf('', 0).actId)
  if (isRefusal(route)) throw new Error(route.code)
  await world.replanned()
  return { crew, route: await shown(crew, route) }
}

async function planOfRoute({ routeId }: CrewRoute): Promise<{ plan: PlanView; vanId: string }> {
  const plan = await world.view((await world.night.plans.list()).plans[0]?.planId ?? '')
  return { plan, vanId: plan.routes.find((route) => route.routeId === routeId)?.vanId ?? '' }
}

async function edited(plan: PlanView, edit: PlanEdit): Promise<PlanEditAnswer> {
  const request = { revision: plan.revision, edit, dryRun: false }
  const answer = await world.night.plans.edit(plan.planId, request, await world.newCrew('Lead'))
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer
}

async function shown(crew: string, { routeId }: CrewRoute): Promise<CrewRoute> {
  const route = await world.crew.route(crew, routeId)
  if (isRefusal(route)) throw new Error(route.code)
  return route
}

async function act(crew: string, { routeId }: CrewRoute, said: object): Promise<void> {
  const { results } = await world.crew.acts(crew, [{ ...actOf(routeId, world.nowMs), ...said } as CrewAct])
  expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([['applied', null]])
  await world.replanned()
}

const custody = async () => {
  const { rows } = await world.db.query<{ bike_id: string }>('SELECT bike_id FROM bike_custody ORDER BY bike_id')
  return rows.map((row) => row.bike_id)
}
