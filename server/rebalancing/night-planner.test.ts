import { describe, expect, it } from 'vitest'
import { smallNight } from '../../test/fixtures/night-problems.ts'
import { checkNightPlan } from './core/night/check-night-plan.ts'
import { planNight } from './night-planner.ts'

const problem = smallNight(21, { stops: 14, vans: 2, plain: true })

describe('the night planner in its threads', () => {
  it('has the same plan for the same seed, iterations and threads', async () => {
    const wish = { seed: 4, iterations: 600, threads: 2 }
    const [once, again] = [await planNight(problem, wish), await planNight(problem, wish)]
    expect(again.plan).toEqual(once.plan)
    expect(once).toMatchObject({ iterations: 1_200, seed: 4, faults: [] })
    expect(checkNightPlan(problem, once.plan)).toEqual([])
  })

  it('tells of plans that never get worse', async () => {
    const told: number[] = []
    const wish = {
      seed: 1,
      iterations: 2_000,
      threads: 1,
      onProgress: ({ objective }: { objective: number }) => told.push(objective),
    }
    const { plan } = await planNight(problem, wish)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBe(plan.objective)
  })

  it('ends with the best so far when it is told to stop', async () => {
    const stop = new AbortController()
    const { plan, iterations } = await planNight(problem, {
      seed: 1,
      iterations: 1e9,
      threads: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(checkNightPlan(problem, plan)).toEqual([])
    expect(iterations).toBeLessThan(1e9)
  })

  it('rejects, with the cause, when a thread dies', async () => {
    const torn = { ...problem, driveS: [] }
    await expect(planNight(torn, { seed: 1, iterations: 10, threads: 2 })).rejects.toThrow(
      'a thread of the night planner died',
    )
  })

  it('says what no plan keeps where a van cannot even come home in time', async () => {
    const away = problem.vans.map((van) => ({ ...van, startPlace: 5, endS: van.startS + 1 }))
    const { faults } = await planNight({ ...problem, vans: away }, { seed: 1, iterations: 50, threads: 1 })
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['late']))
  })
})
