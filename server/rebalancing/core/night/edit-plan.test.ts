import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallNight } from '../../../../test/fixtures/night-problems.ts'
import type { NightPlan } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { planRoutes } from '../plan-routes.ts'
import { checkNightPlan } from './check-night-plan.ts'
import { editPlan, improveAfterEdit, type PlanEdit } from './edit-plan.ts'

const planned = (problem: NightProblem, iterations = 200): NightPlan => {
  const search = planRoutes(problem, { seed: 1 })
  search.improve(iterations)
  return search.best()
}

function edited(problem: NightProblem, plan: NightPlan, edit: PlanEdit) {
  const result = editPlan(problem, plan, edit)
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result
}

const vanId = fc.integer({ min: 0, max: 3 }).map((van) => `van-${van}`)
const stop = fc.integer({ min: 0, max: 8 })
const anyEdit: fc.Arbitrary<PlanEdit> = fc.oneof(
  fc.record({ kind: fc.constant('drop_stop' as const), vanId, stop }),
  fc.record({ kind: fc.constant('move_stop' as const), vanId, stop, toVanId: vanId, toStop: stop }),
  fc.record({ kind: fc.constant('add_stop' as const), vanId, atStop: stop, placeId: stop.map((at) => `place-${at}`) }),
  fc.record({ kind: fc.constant('lock_stop' as const), vanId, stop }),
  fc.record({ kind: fc.constant('unlock_stop' as const), vanId, stop }),
  fc.record({ kind: fc.constant('remove_van' as const), vanId }),
  fc.record({
    kind: fc.constant('change_shift' as const),
    vanId,
    startS: fc.integer({ min: 0, max: 2_000 }),
    endS: fc.integer({ min: 2_000, max: 12_000 }),
  }),
  fc.record({ kind: fc.constant('change_capacity' as const), vanId, capacity: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('add_van' as const),
    van: fc.record({
      vanId,
      name: fc.constant('One more'),
      capacity: fc.integer({ min: 1, max: 9 }),
      startPlace: fc.integer({ min: 0, max: 10 }),
      endPlace: fc.integer({ min: 0, max: 1 }),
      startS: fc.constant(0),
      endS: fc.integer({ min: 600, max: 9_000 }),
      usableAtStart: fc.constant(0),
      brokenAtStart: fc.constant(0),
      lockedPlaces: fc.constant([]),
    }),
  }),
)

describe('an edited plan', () => {
  it('holds or is refused with faults, through any series of edits', () => {
    const seeds = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(seeds, fc.array(anyEdit, { minLength: 1, maxLength: 12 }), (seed, edits) => {
        let problem = smallNight(seed, { stops: 9, vans: 2 })
        let plan = planned(problem, 60)
        fc.pre(checkNightPlan(problem, plan).length === 0)
        for (const edit of edits) {
          const result = editPlan(problem, plan, edit)
          if ('faults' in result) {
            expect(result.faults.length).toBeGreaterThan(0)
            continue
          }
          problem = result.problem
          plan = result.plan
          expect(checkNightPlan(problem, plan)).toEqual([])
        }
      }),
      { numRuns: 150 },
    )
  })

  const problem = smallNight(21, { stops: 14, vans: 2, plain: true })
  const plan = planned(problem, 600)
  const busy = plan.routes.find(({ stops }) => stops.length > 3)!
  const other = plan.routes.find(({ vanId }) => vanId !== busy.vanId)!
  /** A stop at a place that its van visits once. */
  const once = busy.stops.findIndex(({ place }) => busy.stops.filter((one) => one.place === place).length === 1)

  it('costs what the dropped stop was worth', () => {
    const result = edited(problem, plan, { kind: 'drop_stop', vanId: busy.vanId, stop: once })
    expect(result.plan.objective).toBeLessThan(plan.objective)
    expect(result.plan.routes.find(({ vanId }) => vanId === busy.vanId)?.stops).toHaveLength(busy.stops.length - 1)
  })

  it('costs nothing when a stop is locked, and keeps that stop until it is unlocked', () => {
    const locked = edited(problem, plan, { kind: 'lock_stop', vanId: busy.vanId, stop: once })
    expect(locked.plan.objective).toBeCloseTo(plan.objective, 6)
    const drop: PlanEdit = { kind: 'drop_stop', vanId: busy.vanId, stop: once }
    const place = busy.stops[once]!.place
    expect(editPlan(locked.problem, locked.plan, drop)).toEqual({
      faults: [{ kind: 'locked_place_missing', vanId: busy.vanId, place }],
    })
    const better = improveAfterEdit(locked.problem, locked.plan, { seed: 1, iterations: 200 })
    expect(checkNightPlan(locked.problem, better)).toEqual([])
    const unlocked = edited(locked.problem, locked.plan, { kind: 'unlock_stop', vanId: busy.vanId, stop: once })
    expect(editPlan(unlocked.problem, unlocked.plan, drop)).toHaveProperty('plan')
  })

  it('takes the lock along when a locked stop moves to another van', () => {
    const locked = edited(problem, plan, { kind: 'lock_stop', vanId: busy.vanId, stop: once })
    const place = busy.stops[once]!.place
    const move: PlanEdit = { kind: 'move_stop', vanId: busy.vanId, stop: once, toVanId: other.vanId, toStop: 0 }
    const moved = edited(locked.problem, locked.plan, move)
    expect(moved.problem.vans.map(({ vanId, lockedPlaces }) => [vanId, lockedPlaces])).toEqual(
      problem.vans.map(({ vanId }) => [vanId, vanId === other.vanId ? [place] : []]),
    )
  })

  it('is refused with the seconds that a shorter shift lacks', () => {
    const shorter: PlanEdit = { kind: 'change_shift', vanId: busy.vanId, startS: 0, endS: 300 }
    expect(editPlan(problem, plan, shorter)).toMatchObject({
      faults: [{ kind: 'late', vanId: busy.vanId, byS: expect.any(Number) }],
    })
  })

  it('is refused where the stop, the place or the van is not there', () => {
    const refused = { faults: [{ kind: 'wrong_place' }] }
    expect(editPlan(problem, plan, { kind: 'drop_stop', vanId: busy.vanId, stop: 99 })).toMatchObject(refused)
    expect(editPlan(problem, plan, { kind: 'remove_van', vanId: 'van-9' })).toMatchObject(refused)
    expect(
      editPlan(problem, plan, { kind: 'add_stop', placeId: 'nowhere', vanId: busy.vanId, atStop: 0 }),
    ).toMatchObject(refused)
  })
})
