import { expect, it } from 'vitest'
import type { PlanState, PlanSummary } from '../../contracts/http/nights.ts'
import { planThatStands, planToShow } from './plan-to-show.ts'

const plan = (planId: string, night: string, state: PlanState, createdAt: number): PlanSummary => ({
  planId,
  night,
  depotId: 'depot',
  state,
  figures: null,
  createdAt: createdAt as PlanSummary['createdAt'],
})

it('shows the newest plan of the newest night that was not replaced', () => {
  const plans = [
    plan('old', '2026-11-20', 'ended', 1),
    plan('first', '2026-11-21', 'superseded', 2),
    plan('second', '2026-11-21', 'draft', 3),
    plan('third', '2026-11-21', 'superseded', 4),
  ]
  expect(planToShow(plans)?.planId).toBe('second')
  expect(planToShow([])).toBeNull()
})

it('names the plan that stands when planning failed', () => {
  const failed = plan('failed', '2026-11-21', 'failed', 3)
  const plans = [failed, plan('a', '2026-11-19', 'ended', 1), plan('b', '2026-11-20', 'ended', 2)]
  expect(planThatStands(plans, failed)?.planId).toBe('b')
  expect(planThatStands([failed], failed)).toBeNull()
})
