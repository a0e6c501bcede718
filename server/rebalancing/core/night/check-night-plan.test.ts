import { describe, expect, it } from 'vitest'
import type { NightPlan, PlanFault, PlannedStop } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { checkNightPlan } from './check-night-plan.ts'
import { scheduleSequences } from './schedule-route.ts'

const stop = {
  kind: 'stop' as const,
  lon: 0,
  lat: 0,
  window: null,
  takeBikes: [],
  takeValues: [],
  giveValues: [],
  brokenBikes: [],
  brokenValues: [],
}
const depot = { kind: 'depot' as const, name: 'depot', lon: 0, lat: 0 }
const minute = 60

/** A depot, strays, a hotspot, a workshop; a minute and a kilometre from each to each. */
const problem: NightProblem = {
  zeroMs: 0,
  places: [
    { ...depot, placeId: 'yard', isWorkshop: false },
    {
      ...stop,
      placeId: 'strays',
      name: 'Strays',
      takeBikes: ['a', 'b', 'c'],
      takeValues: [1, 1, 1],
      brokenBikes: ['x'],
      brokenValues: [2],
    },
    { ...stop, placeId: 'square', name: 'Square', giveValues: [3, 2], window: { openS: 0, closeS: 10 * minute } },
    { ...depot, placeId: 'works', isWorkshop: true },
  ],
  distanceM: Array.from({ length: 16 }, (_, pair) => (pair % 5 === 0 ? 0 : 1_000)),
  driveS: Array.from({ length: 16 }, (_, pair) => (pair % 5 === 0 ? 0 : minute)),
  vans: [
    {
      vanId: 'van',
      name: 'Van',
      capacity: 3,
      startPlace: 0,
      endPlace: 0,
      startS: 0,
      endS: 30 * minute,
      usableAtStart: 0,
      brokenAtStart: 0,
      lockedPlaces: [],
    },
  ],
  costs: { ridesPerKm: 0.01, ridesPerHour: 0.1, ridesPerVan: 0.5 },
  handling: { stopS: minute, perBikeS: 10 },
}

function scheduled(): NightPlan {
  const result = scheduleSequences(problem, [[1, 2, 3]])
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.plan
}

const plan = scheduled()
const changed = (at: number, change: Partial<PlannedStop>): NightPlan => ({
  ...plan,
  routes: plan.routes.map((route) => ({
    ...route,
    stops: route.stops.map((one, i) => (i === at ? { ...one, ...change } : one)),
  })),
})
const kinds = (faults: readonly PlanFault[]): Set<string> => new Set(faults.map(({ kind }) => kind))
const withVan = (change: Partial<NightProblem['vans'][number]>): NightProblem => ({
  ...problem,
  vans: problem.vans.map((van) => ({ ...van, ...change })),
})

describe('a plan that keeps its rules', () => {
  it('has no faults, and its figures are those of its parts', () => {
    expect(checkNightPlan(problem, plan)).toEqual([])
    expect(
      plan.routes[0]?.stops.map(({ place, take, give, takeBroken, giveBroken }) => [
        place,
        take.length,
        give,
        takeBroken.length,
        giveBroken,
      ]),
    ).toEqual([
      [1, 2, 0, 1, 0],
      [2, 0, 2, 0, 0],
      [3, 0, 0, 0, 1],
      [0, 0, 0, 0, 0],
    ])
    expect(plan.value).toBe(1 + 1 + 2 + 3 + 2)
    expect(plan.distanceM).toBe(4_000)
    expect(plan.bikesMoved).toBe(3)
  })
})

describe('a plan that breaks a rule', () => {
  const cases: readonly [string, NightProblem, NightPlan, PlanFault['kind']][] = [
    ['more bikes than the van holds', withVan({ capacity: 2 }), plan, 'over_capacity'],
    ['bikes put down that the van has not got', problem, changed(1, { give: 3 }), 'nothing_to_give'],
    ['more bikes than there is room for', withVan({ usableAtStart: 1 }), changed(1, { give: 3 }), 'too_many_given'],
    ['a van that is back too late', withVan({ endS: 5 * minute }), plan, 'late'],
    ['a stop outside its window', withVan({ startS: 9 * minute }), plan, 'outside_window'],
    ['a bike that is not there', problem, changed(0, { take: ['a', 'in-use'] }), 'unknown_bike'],
    ['a bike that is taken twice', problem, changed(0, { take: ['a', 'a'] }), 'bike_taken_twice'],
    ['a broken bike left on the street', problem, changed(1, { giveBroken: 1 }), 'broken_not_at_workshop'],
    ['a broken bike left in the van', problem, changed(2, { giveBroken: 0 }), 'broken_left_in_van'],
    ['a locked place that is not visited', withVan({ lockedPlaces: [3, 0] }), plan, 'locked_place_missing'],
    ['a van that ends elsewhere', withVan({ endPlace: 3 }), plan, 'wrong_place'],
    ['a wrong arrival', problem, changed(1, { arriveS: 1 }), 'wrong_figure'],
    ['a wrong value', problem, { ...plan, objective: 99 }, 'wrong_figure'],
  ]
  it.each(cases)('is found out: %s', (_, night, broken, kind) => {
    expect(kinds(checkNightPlan(night, broken))).toContain(kind)
  })

  it('says by how much', () => {
    const late = checkNightPlan(withVan({ endS: 5 * minute }), plan).find(({ kind }) => kind === 'late')
    expect(late).toEqual({ kind: 'late', vanId: 'van', byS: (plan.routes[0]?.endS ?? 0) - 5 * minute })
    const over = checkNightPlan(withVan({ capacity: 2 }), plan).find(({ kind }) => kind === 'over_capacity')
    expect(over).toEqual({ kind: 'over_capacity', vanId: 'van', stop: 0, bikes: 1 })
  })
})
