import type { PlanSummary } from '../../contracts/http/nights.ts'

/** The plan that the page is about when the address names none: of the newest night, the newest that still counts. */
export function planToShow(plans: readonly PlanSummary[]): PlanSummary | null {
  const newest = plans.reduce<string | null>(
    (night, plan) => (night === null || plan.night > night ? plan.night : night),
    null,
  )
  const ofNight = plans.filter(({ night }) => night === newest).toSorted((a, b) => b.createdAt - a.createdAt)
  return ofNight.find(({ state }) => state !== 'superseded') ?? ofNight[0] ?? null
}

/** What stands when a night's planning has failed: the newest earlier plan that crews had or have. */
export function planThatStands(plans: readonly PlanSummary[], failed: PlanSummary): PlanSummary | null {
  const standing = plans.filter(
    (plan) => plan.planId !== failed.planId && (plan.state === 'published' || plan.state === 'ended'),
  )
  return standing.toSorted((a, b) => b.createdAt - a.createdAt)[0] ?? null
}
