import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallNight } from '../../../../test/fixtures/night-problems.ts'
import { planRoutes } from '../plan-routes.ts'
import { checkNightPlan } from './check-night-plan.ts'
import { editPlan } from './edit-plan.ts'
import { explainPlan } from './explain-plan.ts'
import { proportionalPlan } from './proportional-plan.ts'

const seeds = fc.integer({ min: 0, max: 1_000_000 })

describe('the reasons for a plan', () => {
  it('name every stop that is in it and every stop that is not', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const problem = smallNight(seed, { stops: 10, vans: 2 })
        const search = planRoutes(problem, { seed })
        search.improve(80)
        const plan = search.best()
        const { stops, leftOut } = explainPlan(problem, plan)
        const visited = plan.routes.flatMap((route) => route.stops.slice(0, -1).map(({ place }) => place))
        expect(stops.map(({ place }) => place)).toEqual(visited)
        const all = problem.places.flatMap((place, at) => (place.kind === 'stop' ? [at] : []))
        expect(leftOut.map(({ place }) => place)).toEqual(all.filter((place) => !visited.includes(place)))
      }),
      { numRuns: 60 },
    )
  })

  it('say of a stop about what its drop then costs', () => {
    const problem = smallNight(21, { stops: 14, vans: 2, plain: true })
    const search = planRoutes(problem, { seed: 1 })
    search.improve(600)
    const plan = search.best()
    const visited = plan.routes.flatMap(({ stops }) => stops.slice(0, -1).map(({ place }) => place))
    const once = visited.filter((place) => visited.filter((other) => other === place).length === 1)
    expect(once.length).toBeGreaterThan(3)
    for (const { vanId, stop, place, changeWithout } of explainPlan(problem, plan).stops) {
      if (!once.includes(place)) continue
      const dropped = editPlan(problem, plan, { kind: 'drop_stop', vanId, stop })
      if ('faults' in dropped) continue
      expect(Math.abs(dropped.plan.objective - plan.objective - changeWithout)).toBeLessThan(0.5)
    }
  })

  it('tell too little time, an empty van and a place without need apart', () => {
    const problem = smallNight(21, { stops: 14, vans: 1, plain: true })
    const atHome = planRoutes(problem, { seed: 1 }).best()
    const reasons = explainPlan(problem, atHome).leftOut
    for (const { place, reason, value, insertion } of reasons) {
      const stop = problem.places[place]
      if (stop?.kind !== 'stop') continue
      if (reason === 'nothing_to_gain') expect(value).toBe(0)
      if (stop.takeBikes.length === 0 && value > 0) expect(reason).not.toBe('vans_full')
      if (reason === 'no_time_left') expect(insertion?.changeWithTime).toBeGreaterThan(0)
    }
    expect(new Set(reasons.map(({ reason }) => reason)).size).toBeGreaterThan(1)
  })
})

describe('the proportional mover', () => {
  it('keeps every rule that the vans themselves can keep', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }), (seed, stops, vans) => {
        const problem = smallNight(seed, { stops, vans })
        const without = { ...problem, vans: problem.vans.map((van) => ({ ...van, endS: van.endS + 20_000 })) }
        expect(checkNightPlan(without, proportionalPlan(without))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})
