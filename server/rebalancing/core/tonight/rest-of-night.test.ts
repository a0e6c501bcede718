import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { madeUpNight } from '../../../../test/fixtures/night-inputs.ts'
import { checkNightPlan } from '../night/check-night-plan.ts'
import { scheduleSequences } from '../night/schedule-route.ts'
import type { NightPlan } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { planRoutes } from '../plan-routes.ts'
import { nightPlaces, nightProblem } from './build-problem.ts'
import { movesOf } from './plan-moves.ts'
import { joinedPlan, restOfNight, type VanProgress } from './rest-of-night.ts'
import { lostWith } from './view-plan.ts'

const metresPerDegree = 111_195

/** A night with straight ways, and a plan for it. */
function planned(seed: number) {
  const inputs = madeUpNight(seed, 60, 10)
  const { places, facts } = nightPlaces(inputs)
  const ways = places.flatMap((a) =>
    places.map((b) => Math.round(metresPerDegree * Math.hypot((a.lon - b.lon) * 0.61, a.lat - b.lat))),
  )
  const problem = nightProblem(inputs, places, { distanceM: ways, driveS: ways.map((m) => Math.round(m / 6)) })
  const search = planRoutes(problem, { seed })
  search.improve(150)
  return { problem, facts, plan: search.best() }
}

/** The first stops of each van are done as they were planned. */
const afterStops = (plan: NightPlan, count: number): VanProgress[] =>
  plan.routes.map(({ vanId, stops }) => {
    const done = stops.slice(0, Math.min(count, Math.max(0, stops.length - 1)))
    return {
      vanId,
      touched: done.map((_, i) => i),
      usable: done.at(-1)?.usableAfter ?? 0,
      broken: done.at(-1)?.brokenAfter ?? 0,
      gone: [],
    }
  })

describe('the rest of a night', () => {
  it('is the night itself as long as nothing is done', () => {
    const { problem, plan } = planned(1)
    const rest = restOfNight(problem, plan, [], 0)
    expect(rest.problem).toEqual(problem)
    expect(joinedPlan(problem, rest.prefixes, plan)).toEqual(plan)
  })

  it('can be driven, and with what is done moves each bike once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 6 }), (seed, count) => {
        const { problem, plan } = planned(seed)
        const progress = afterStops(plan, count).filter(({ touched }) => touched.length > 0)
        const rest = restOfNight(problem, plan, progress, 0)
        const open = scheduleSequences(rest.problem, rest.sequences)
        if ('faults' in open) throw new Error(JSON.stringify(open.faults))
        expect(checkNightPlan(rest.problem, open.plan)).toEqual([])
        const whole = joinedPlan(problem, rest.prefixes, open.plan)
        const bikes = whole.routes.flatMap(({ stops }) =>
          stops.flatMap(({ take, takeBroken }) => [...take, ...takeBroken]),
        )
        expect(new Set(bikes).size).toBe(bikes.length)
        expect(movesOf(problem, whole).length).toBe(bikes.length)
        noMoreThanFits(problem, whole)
      }),
      { numRuns: 25 },
    )
  })

  it('has no van left when all of them are home, and the whole night stays as it was driven', () => {
    const { problem, plan } = planned(3)
    const progress = afterStops(plan, 99).map((van) => ({ ...van, isHome: true as const }))
    const rest = restOfNight(problem, plan, progress, 0)
    expect(rest.problem.vans).toEqual([])
    expect(scheduleSequences(rest.problem, rest.sequences)).toMatchObject({ plan: { routes: [], objective: 0 } })
  })

  it('loses no more of tomorrow’s riders than there are', () => {
    const { facts, plan } = planned(2)
    expect(lostWith(facts, { ...plan, routes: [] })).toBe(facts.lostWithNothingDone)
    expect(lostWith(facts, plan)).toBeGreaterThanOrEqual(0)
  })
})

function noMoreThanFits(problem: NightProblem, plan: NightPlan): void {
  const given = new Map<number, number>()
  for (const { place, give } of plan.routes.flatMap(({ stops }) => stops))
    given.set(place, (given.get(place) ?? 0) + give)
  for (const [place, count] of given) {
    const at = problem.places[place]
    if (at?.kind === 'stop') expect(count).toBeLessThanOrEqual(at.giveValues.length)
  }
}
