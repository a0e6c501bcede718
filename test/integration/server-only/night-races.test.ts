import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '../../../contracts/refusals.ts'
import { localTimeIn } from '../../../server/city/local-time.ts'
import { hello } from '../../fixtures/lock-messages.ts'
import { firstDayCity } from '../../fixtures/night-city.ts'
import { actOf, type NightWorld, openNightWorld } from '../../fixtures/night-world.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../fixtures/test-database.ts'

const evening = localTimeIn('Europe/Amsterdam').momentOf('2026-11-21', 20 * 60 + 30)
const rounds = 6

let database: TestDatabase
/** Two processes of one platform. */
let one: NightWorld
let other: NightWorld

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await truncateAll(database)
  one = await openNightWorld(database, evening)
  await firstDayCity(one, 25)
  other = await openNightWorld(database, evening)
  for (const { rooms, clock } of [one, other]) {
    for (const { lockId } of rooms.fleet.bikes()) {
      rooms.fleet.listener.heard(lockId, { kind: 'hello', body: hello({ soc: 80 }) }, clock.nowMs())
    }
  }
  return async () => {
    await one.close()
    await other.close()
  }
})

const both = <T>(act: (world: NightWorld) => Promise<T>): Promise<T[]> => Promise.all([one, other].map(act))
const states = async () => (await one.night.plans.list()).plans.map(({ state }) => state)
const codes = (answers: readonly unknown[]) =>
  answers.map((answer) => (isRefusal(answer) ? answer.code : 'done')).sort()

async function draft(): Promise<string> {
  const created = await one.night.plans.create({ seed: 1 })
  await one.made()
  if (isRefusal(created)) throw new Error(created.code)
  return created.planId
}

describe('two processes at once', () => {
  it('make one plan of an evening', async () => {
    await both((world) => world.night.tick())
    await both((world) => world.made())
    expect(await states()).toEqual(['draft'])
  })

  it('plan once when two people ask', async () => {
    expect(codes(await both((world) => world.night.plans.create({})))).toEqual(['done', 'plan_running'])
  })

  it('keep one result when both were given the same plan to make', async () => {
    const created = await one.night.plans.create({ seed: 1 })
    if (isRefusal(created)) throw new Error(created.code)
    const run = { attempt: 1, isLast: false, progress: async () => undefined }
    await Promise.all([one.made(), other.night.makePlan(created.planId, run)])
    expect(await states()).toEqual(['draft'])
  })

  it('publish a plan once, with each route once', async () => {
    const planId = await draft()
    const answers = await Promise.all(
      Array.from({ length: rounds }, (_, i) => [one, other][i % 2]?.night.plans.publish(planId, null)),
    )
    expect(codes(answers)).toEqual(['done', ...Array(rounds - 1).fill('plan_wrong_state')])
    const plan = await one.view(planId)
    const { rows } = await database.query<{ van_id: string }>('SELECT van_id FROM van_route ORDER BY van_id')
    expect(rows.map((row) => row.van_id)).toEqual(
      plan.routes.flatMap(({ vanId, stops }) => (stops.length > 0 ? [vanId] : [])).sort(),
    )
  })

  it('let a crew have its route or a newer plan its van, never both', async () => {
    const first = await draft()
    await one.night.plans.publish(first, null)
    const second = await draft()
    one.nowMs = other.nowMs = evening + 1_800_000
    const crew = await one.newCrew('Ada')
    const route = (await one.crew.routes(crew)).routes[0]
    if (!route) throw new Error('a route is published')
    const [claimed, published] = await Promise.all([
      one.crew.claim(crew, route.routeId, actOf('', 0).actId),
      other.night.plans.publish(second, null),
    ])
    const vanNames = isRefusal(published) ? [] : published.routes.flatMap((r) => (r.routeId ? [r.vanName] : []))
    if (isRefusal(claimed)) expect(vanNames.length).toBeGreaterThan(0)
    else expect(vanNames).not.toContain(route.vanName)
    const { rows } = await database.query<{ bike_id: string; routes: number }>(
      `SELECT b.bike_id, count(DISTINCT r.route_id) AS routes FROM route_bike b JOIN route_stop s USING (stop_id)
         JOIN van_route r USING (route_id) WHERE r.state = 'claimed' AND b.state = 'planned' GROUP BY b.bike_id
       HAVING count(DISTINCT r.route_id) > 1`,
    )
    expect(rows).toEqual([])
  })

  it('take one of two edits of the same revision', async () => {
    const planId = await draft()
    const plan = await one.view(planId)
    const vanId = plan.routes.find(({ stops }) => stops.length > 2)?.vanId ?? ''
    const lead = await one.newCrew('Lead')
    const edit = { revision: 0, edit: { kind: 'lock_stop', vanId, stop: 0 }, dryRun: false } as const
    const answers = await both((world) => world.night.plans.edit(planId, edit, lead))
    expect(codes(answers)).toEqual(['done', 'plan_changed'])
    expect((await one.view(planId)).edits.length).toBe(1)
  })
})
