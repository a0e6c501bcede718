import { expect, it } from 'vitest'
import { smallNight } from '../../test/fixtures/night-problems.ts'
import { planRoutes } from './core/plan-routes.ts'
import { reasonsFor } from './core/tonight/reasons-of-plan.ts'
import { findReasons } from './plan-reasons.ts'

it.each([20, 140])('a plan of a night with %i stops has the same reasons, here or in a thread', async (stops) => {
  const problem = smallNight(4, { stops, vans: 2, plain: true })
  const search = planRoutes(problem, { seed: 1 })
  search.improve(300)
  const plan = search.best()
  expect(plan.bikesMoved).toBeGreaterThan(0)
  const progress: Parameters<typeof reasonsFor>[2] = []
  expect(await findReasons({ problem, plan, progress })).toEqual(reasonsFor(problem, plan, progress))
})
