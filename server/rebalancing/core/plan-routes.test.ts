import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallNight } from '../../../test/fixtures/night-problems.ts'
import { checkNightPlan } from './night/check-night-plan.ts'
import { scheduleSequences } from './night/schedule-route.ts'
import type { NightPlan } from './night-plan.ts'
import type { NightProblem } from './night-problem.ts'
import { planRoutes } from './plan-routes.ts'

const planned = (problem: NightProblem, iterations: number, seed = 1): NightPlan => {
  const search = planRoutes(problem, { seed })
  search.improve(iterations)
  return search.best()
}

/** All orders of all subsets of the stops for one van. */
function orders(stops: readonly number[]): number[][] {
  return [
    [],
    ...stops.flatMap((stop) => orders(stops.filter((other) => other !== stop)).map((rest) => [stop, ...rest])),
  ]
}

const seeds = fc.integer({ min: 0, max: 1_000_000 })

describe('a night that is searched', () => {
  it('has a plan that keeps every rule, whatever the night, and never costs more than it wins', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 3 }), (seed, stops, vans) => {
        const problem = smallNight(seed, { stops, vans })
        const search = planRoutes(problem, { seed })
        const first = search.best()
        search.improve(150)
        const plan = search.best()
        if (search.keeps()) expect(checkNightPlan(problem, plan)).toEqual([])
        expect(plan.objective).toBeGreaterThanOrEqual(first.objective - 1e-9)
        if (problem.vans.every((van) => van.startPlace === van.endPlace && van.brokenAtStart === 0)) {
          expect(search.keeps()).toBe(true)
          expect(plan.objective).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('keeps every rule with places that a person has locked', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 10 }), (seed, stops) => {
        const problem = smallNight(seed, { stops, vans: 2, locks: true })
        const search = planRoutes(problem, { seed })
        search.improve(100)
        if (search.keeps()) expect(checkNightPlan(problem, search.best())).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('finds the best of all orders of a tiny night', () => {
    for (let seed = 0; seed < 25; seed++) {
      const problem = smallNight(seed, { stops: 4, vans: 1 })
      const workshops = problem.places.flatMap((place, at) => (place.kind === 'depot' && place.isWorkshop ? [at] : []))
      const ends = [[], ...workshops.map((place) => [place])]
      let best = Number.NEGATIVE_INFINITY
      for (const order of orders([2, 3, 4, 5])) {
        for (const end of ends) {
          const scheduled = scheduleSequences(problem, [[...order, ...end]])
          if ('plan' in scheduled) best = Math.max(best, scheduled.plan.objective)
        }
      }
      const plan = planned(problem, 2_000)
      if (best > Number.NEGATIVE_INFINITY) expect(plan.objective, `seed ${seed}`).toBeGreaterThanOrEqual(best - 1e-6)
    }
  })

  it('finds the best split of a tiny night over two vans', () => {
    for (let seed = 100; seed < 106; seed++) {
      const problem = smallNight(seed, { stops: 4, vans: 2, plain: true })
      const all = orders([2, 3, 4, 5])
      let best = Number.NEGATIVE_INFINITY
      for (const first of all) {
        for (const second of all) {
          if (first.some((place) => second.includes(place))) continue
          const scheduled = scheduleSequences(problem, [first, second])
          if ('plan' in scheduled) best = Math.max(best, scheduled.plan.objective)
        }
      }
      expect(planned(problem, 5_000).objective, `seed ${seed}`).toBeGreaterThanOrEqual(best - 1e-6)
    }
  })

  it('has the same plan for the same seed and number of iterations, however they are cut up', () => {
    const problem = smallNight(7, { stops: 14, vans: 3 })
    const whole = planned(problem, 500, 3)
    const search = planRoutes(problem, { seed: 3 })
    for (const part of [1, 99, 300, 100]) {
      search.improve(part)
      search.best()
    }
    expect(search.best()).toEqual(whole)
    expect(search.iterations()).toBe(500)
  })

  it('never moves a bike that is not listed, such as one in use', () => {
    const problem = smallNight(11, { stops: 12, vans: 2, plain: true })
    const inUse = problem.places.flatMap((place) => (place.kind === 'stop' ? place.takeBikes.slice(0, 1) : []))
    const free: NightProblem = {
      ...problem,
      places: problem.places.map((place) =>
        place.kind === 'stop'
          ? { ...place, takeBikes: place.takeBikes.slice(1), takeValues: place.takeValues.slice(1) }
          : place,
      ),
    }
    const moved = planned(free, 500).routes.flatMap(({ stops }) => stops.flatMap((stop) => stop.take))
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.filter((bike) => inUse.includes(bike))).toEqual([])
  })

  it('goes on from orders it is given, and from a better plan of another search', () => {
    const problem = smallNight(21, { stops: 14, vans: 2, plain: true })
    const good = planned(problem, 800, 5)
    const orders = good.routes.map(({ stops }) => stops.slice(0, -1).map((stop) => stop.place))
    expect(planRoutes(problem, { seed: 1, from: orders }).objective()).toBeGreaterThan(0)
    const search = planRoutes(problem, { seed: 2 })
    search.adopt(good)
    expect(search.objective()).toBeGreaterThanOrEqual(good.objective - 1e-9)
  })
})
