import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallNight } from '../../../../test/fixtures/night-problems.ts'
import type { NightProblem } from '../night-problem.ts'
import { assemblePlan } from './assemble-plan.ts'
import { checkNightPlan } from './check-night-plan.ts'
import { mergedVisits, type Visit } from './quantify-routes.ts'
import { scheduleSequences } from './schedule-route.ts'

/** All quantities of a visit that the place's lists allow. */
function quantities(problem: NightProblem, place: number, capacity: number): Visit[] {
  const at = problem.places[place]!
  const up = (most: number): number[] => Array.from({ length: most + 1 }, (_, q) => q)
  if (at.kind === 'depot') return up(capacity).map((dump) => ({ place, take: 0, give: 0, broken: 0, dump }))
  return up(at.takeBikes.length).flatMap((take) =>
    up(at.giveValues.length).flatMap((give) =>
      up(at.brokenBikes.length).map((broken) => ({ place, take, give, broken, dump: 0 })),
    ),
  )
}

/** The best objective of one van's order, by trying all quantities. */
function bestByTrying(problem: NightProblem, order: readonly number[]): number {
  let best = Number.NEGATIVE_INFINITY
  const tryFrom = (at: number, visits: readonly Visit[]): void => {
    const place = order[at]
    if (place !== undefined) {
      for (const visit of quantities(problem, place, problem.vans[0]!.capacity)) tryFrom(at + 1, [...visits, visit])
      return
    }
    const plan = assemblePlan(problem, [mergedVisits(visits)])
    if (plan.objective > best && checkNightPlan(problem, plan).length === 0) best = plan.objective
  }
  tryFrom(0, [])
  return best
}

const seeds = fc.integer({ min: 0, max: 1_000_000 })

describe('a given order of visits', () => {
  it('gets the quantities that no others beat, for loads, shift, windows and broken bikes alike', () => {
    fc.assert(
      fc.property(seeds, fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1, maxLength: 3 }), (seed, order) => {
        const problem = smallNight(seed, { stops: 3, vans: 1 })
        const scheduled = scheduleSequences(problem, [order])
        const best = bestByTrying(problem, order)
        if ('faults' in scheduled) expect(best).toBe(Number.NEGATIVE_INFINITY)
        else expect(scheduled.plan.objective).toBeCloseTo(best, 6)
      }),
      { numRuns: 60 },
    )
  })

  it('is kept as it is, by a plan that holds, or refused with faults, also when places are shared', () => {
    const orders = fc.array(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 9 }), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(seeds, orders, (seed, order) => {
        const problem = smallNight(seed, { stops: 7, vans: 2 })
        const scheduled = scheduleSequences(problem, order)
        if ('faults' in scheduled) {
          expect(scheduled.faults.length).toBeGreaterThan(0)
          return
        }
        expect(checkNightPlan(problem, scheduled.plan)).toEqual([])
        const driven = scheduled.plan.routes.map(({ stops }) => stops.slice(0, -1).map(({ place }) => place))
        expect(driven).toEqual(order.map((places) => places.filter((place, at) => place !== places[at - 1])))
      }),
      { numRuns: 200 },
    )
  })

  it('says by how many seconds a van would be late', () => {
    const problem = smallNight(3, { stops: 6, vans: 1, plain: true })
    const short = { ...problem, vans: problem.vans.map((van) => ({ ...van, endS: van.startS + 60 })) }
    const scheduled = scheduleSequences(short, [[2, 3, 4, 5, 6]])
    expect(scheduled).toMatchObject({ faults: [{ kind: 'late', vanId: 'van-0', byS: expect.any(Number) }] })
  })
})
