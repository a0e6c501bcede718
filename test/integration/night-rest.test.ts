import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '../../contracts/refusals.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import { firstDayCity } from '../fixtures/night-city.ts'
import { act, claimedRoute, custody, edited, planOfRoute, shown, tickAt } from '../fixtures/night-crew.ts'
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

describe('the rest of a route', () => {
  beforeEach(async () => {
    await tickAt(world, time(20, 30))
    await tickAt(world, time(21, 45))
    world.nowMs = time(22)
  })

  it('is planned anew when a bike is not there, and what is done stays', async () => {
    const { crew, route } = await claimedRoute(world)
    const [first] = route.stops
    for (const bike of first?.take ?? [])
      await act(world, crew, route, { act: 'load', bike: bike.number, stopId: first?.stopId })
    await act(world, crew, route, { act: 'finish_stop', stopId: first?.stopId })
    const next = await shown(world, crew, route)
    const second = next.stops[1]
    const missing = second?.take[0]
    await act(world, crew, route, { act: 'not_found', bike: missing?.number, stopId: second?.stopId })
    const after = await shown(world, crew, route)
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
    const kept = await custody(world)
    for (const { bikeId } of wanted) expect(kept).toContain(bikeId)
  })

  it('gets other times when its crew is late, and is left alone until it is late again', async () => {
    const { crew, route } = await claimedRoute(world)
    await tickAt(world, time(22, 15))
    expect((await shown(world, crew, route)).revision).toBe(route.revision)
    world.nowMs = time(23, 8)
    const [first] = route.stops
    await act(world, crew, route, { act: 'load', bike: first?.take[0]?.number, stopId: first?.stopId })
    const heard = await shown(world, crew, route)
    await tickAt(world, time(23, 10))
    const late = await shown(world, crew, route)
    expect(late.revision).toBeGreaterThan(heard.revision)
    expect(late.stops[1]?.arriveAt).toBeGreaterThanOrEqual(time(23, 10))
    await tickAt(world, time(23, 11))
    expect((await shown(world, crew, route)).revision).toBe(late.revision)
  })

  it('is left alone while its crew is not heard: it may be working without a connection', async () => {
    const { crew, route } = await claimedRoute(world)
    await tickAt(world, time(23, 10))
    expect(await shown(world, crew, route)).toEqual(route)
  })

  it('stays as it was when planning fails, which keeps nothing else from its hour', async () => {
    const settings = await world.night.settings.read()
    await world.night.settings.write({ ...settings, reportAt: '01:00' }, await world.newCrew('Lead'))
    const { crew, route } = await claimedRoute(world)
    world.nowMs = time(25, 8)
    const [first] = route.stops
    await act(world, crew, route, { act: 'load', bike: first?.take[0]?.number, stopId: first?.stopId })
    world.broken = new Error('the streets are gone')
    await expect(tickAt(world, time(25, 10))).rejects.toThrow('1 steps of the night failed')
    expect(await world.night.reports.read('2026-11-21', null)).not.toBeNull()
  })

  it('keeps its stops when the desk changes it, for a crew that has not heard of that yet', async () => {
    const { crew, route } = await claimedRoute(world)
    const planId = (await world.night.plans.list()).plans[0]?.planId ?? ''
    const plan = await world.view(planId)
    const vanId = plan.routes.find(({ routeId }) => routeId === route.routeId)?.vanId ?? ''
    const edit = { kind: 'drop_stop', vanId, stop: 0 } as const
    const request = { revision: plan.revision, edit, dryRun: false }
    expect(await world.night.plans.edit(planId, request, await world.newCrew('Lead'))).toMatchObject({ done: true })
    const after = await shown(world, crew, route)
    expect(after.revision).toBeGreaterThan(route.revision)
    const known = new Map(route.stops.map(({ stopId, name }) => [stopId, name]))
    for (const { stopId, name } of after.stops) expect(known.get(stopId)).toBe(name)
    const last = route.stops.at(-1)
    await act(world, crew, route, { act: 'finish_stop', stopId: last?.stopId })
  })

  it('can be edited at the desk, but not what the crew has done', async () => {
    const { crew, route } = await claimedRoute(world)
    const [first] = route.stops
    for (const bike of first?.take ?? [])
      await act(world, crew, route, { act: 'load', bike: bike.number, stopId: first?.stopId })
    await act(world, crew, route, { act: 'finish_stop', stopId: first?.stopId })
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
    const before = await shown(world, crew, route)
    expect(await drop(1)).toMatchObject({ done: true, faults: [] })
    const after = await shown(world, crew, route)
    expect(after.stops[0]).toEqual(before.stops[0])
    expect(after.revision).toBeGreaterThan(before.revision)
    expect(after.stops.map(({ name }) => name)).not.toContain(before.stops[1]?.name)
    const wanted = after.stops.flatMap(({ take }) => take.map(({ bikeId }) => bikeId))
    expect((await custody(world)).sort()).toEqual([...new Set(wanted)].sort())
  })

  it('is edited where the desk sees it when its crew works in another order', async () => {
    const { crew, route } = await claimedRoute(world)
    const [first, ...others] = route.stops
    const later = others.find(({ take }) => take.length > 0)
    for (const bike of later?.take ?? [])
      await act(world, crew, route, { act: 'load', bike: bike.number, stopId: later?.stopId })
    await act(world, crew, route, { act: 'finish_stop', stopId: later?.stopId })
    expect((await shown(world, crew, route)).stops[0]?.stopId).toBe(first?.stopId)
    const { plan, vanId } = await planOfRoute(world, route)
    const at = route.stops.findIndex(({ stopId }) => stopId === later?.stopId)
    const back = await edited(world, plan, { kind: 'drop_stop', vanId, stop: at })
    expect(back).toMatchObject({ done: false, faults: [expect.stringMatching(/been there already/)] })
    expect(await edited(world, plan, { kind: 'drop_stop', vanId, stop: 0 })).toMatchObject({ done: true, faults: [] })
    const names = (await shown(world, crew, route)).stops.map(({ name }) => name)
    expect(names).toContain(later?.name)
    expect(names).not.toContain(first?.name)
  })

  it('is not edited any more when its van is home', async () => {
    const { crew, route } = await claimedRoute(world)
    const draft = await planOfRoute(world, route)
    expect(await edited(world, draft.plan, { kind: 'lock_stop', vanId: draft.vanId, stop: 0 })).toMatchObject({
      done: true,
    })
    await act(world, crew, route, { act: 'end_shift' })
    const { plan, vanId } = await planOfRoute(world, route)
    const van = plan.routes.find((one) => one.vanId === vanId)
    const other = plan.routes.find((one) => one.vanId !== vanId)
    if (!van || !other) throw new Error('two vans are planned')
    const home = { done: false, faults: [expect.stringMatching(/is back/)] }
    const hours = { startsAt: '22:00', endsAt: '05:00' }
    expect(await edited(world, plan, { kind: 'drop_stop', vanId, stop: 0 })).toMatchObject(home)
    expect(await edited(world, plan, { kind: 'remove_van', vanId })).toMatchObject(home)
    expect(await edited(world, plan, { kind: 'change_shift', vanId, ...hours })).toMatchObject(home)
    const place = plan.places[plan.leftOut[0]?.place ?? van.stops[0]?.place ?? 0]?.placeId ?? ''
    expect(await edited(world, plan, { kind: 'add_stop', vanId, atStop: 0, placeId: place })).toMatchObject(home)
    expect(plan.canUndo).toBe(false)
    expect(await world.night.plans.undo(plan.planId, plan.revision)).toMatchObject({ code: 'plan_wrong_state' })
    const changed = await edited(world, plan, { kind: 'change_shift', vanId: other.vanId, ...hours })
    expect(changed).toMatchObject({ done: true })
    const after = changed.plan?.routes.find((one) => one.vanId === vanId)
    expect(after?.stops.map(({ place: at, take }) => [at, take])).toEqual(
      van.stops.map(({ place: at, take }) => [at, take]),
    )
    const improved = await edited(world, changed.plan ?? plan, { kind: 'improve', seconds: 1 })
    expect(improved).toMatchObject({ done: true })
  })

  it('keeps its van from a new plan when it was handed over with an empty van', async () => {
    const { crew, route } = await claimedRoute(world)
    const [first] = route.stops
    await act(world, crew, route, { act: 'skip_stop', stopId: first?.stopId, reason: 'road_closed' })
    await act(world, crew, route, { act: 'hand_over' })
    const created = await world.night.plans.create({})
    await world.made()
    if (isRefusal(created)) throw new Error(created.code)
    const published = await world.night.plans.publish(created.planId, null)
    if (isRefusal(published)) throw new Error(published.detail ?? published.code)
    expect(published.routes.map(({ vanName }) => vanName)).not.toContain(route.vanName)
  })

  it('stays on the streets when a new plan is made, which leaves its bikes and its van alone', async () => {
    const { route } = await claimedRoute(world)
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
