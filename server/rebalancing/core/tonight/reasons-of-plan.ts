import type { LeftOut } from '../../../../contracts/http/nights.ts'
import { type ExplainedStop, explainPlan, type LeftOutPlace } from '../night/explain-plan.ts'
import { scheduleSequences } from '../night/schedule-route.ts'
import type { NightPlan } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'
import { openStop, restOfNight, type VanProgress } from './rest-of-night.ts'
import type { PlanReasons, StopWorth } from './view-plan.ts'

/** Why each stop that is still to come is in the plan, and why other places are not. */
export function reasonsFor(problem: NightProblem, plan: NightPlan, progress: readonly VanProgress[]): PlanReasons {
  const rest = restOfNight(problem, plan, progress, 0)
  const open = progress.length === 0 ? { plan } : scheduleSequences(rest.problem, rest.sequences)
  if ('faults' in open) return { stops: [], leftOut: [] }
  const { stops, leftOut } = explainPlan(rest.problem, open.plan)
  return {
    stops: plan.routes.map(({ vanId, stops: all }) => {
      const van = progress.find((one) => one.vanId === vanId) ?? { touched: [] }
      return all.map((_, s) => worthOf(stops.find((one) => one.vanId === vanId && one.stop === openStop(van, s))))
    }),
    leftOut: leftOut.map((one) => leftOutOf(problem, one)),
  }
}

function worthOf(stop: ExplainedStop | undefined): StopWorth | null {
  if (stop === undefined || !Number.isFinite(stop.changeWithout)) return null
  return { worth: -stop.changeWithout, detourM: stop.detourM, detourMinutes: (stop.detourS + stop.handlingS) / 60 }
}

function leftOutOf(problem: NightProblem, { place, value, reason, insertion }: LeftOutPlace): LeftOut {
  const at = problem.places[place]
  const counts =
    at?.kind === 'stop'
      ? { take: at.takeBikes.length + at.brokenBikes.length, give: at.giveValues.length }
      : { take: 0, give: 0 }
  return {
    place,
    ...counts,
    value,
    reason,
    extraM: insertion && Math.max(0, insertion.detourM),
    extraMinutes: insertion && insertion.detourS / 60,
    change: insertion && Number.isFinite(insertion.change) ? insertion.change : null,
  }
}
