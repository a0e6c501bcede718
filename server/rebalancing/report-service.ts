import type { Logger } from 'pino'
import type { MorningReport, ReportList } from '../../contracts/http/nights.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { countBikes } from './core/tonight/judge-bikes.ts'
import { morningReport, type NightResult } from './core/tonight/morning-report.ts'
import { loadNightBikes, type NightInputDeps, nightHotspots } from './night-inputs.ts'
import { plansOfNight, readBody, readInputs } from './plan-store.ts'
import { drivenMoves, drivenRoutes, isReportBehind, listReports, readReport, saveReport } from './report-store.ts'

export interface Reports {
  /**
   * Looks at the morning and keeps what it sees. Done again, it adds what crews have told since; what stands at the
   * hotspots stays as the morning saw it.
   */
  make(night: string, depotId: string): Promise<void>
  /** There is no report of the night, or crews' acts came in after it. */
  isBehind(night: string, depotId: string): Promise<boolean>
  list(): Promise<ReportList>
  /** Null: no report of this night. Without a depot the first one's. */
  read(night: string, depotId: string | null): Promise<MorningReport | null>
}

export interface ReportDeps extends Pick<NightInputDeps, 'fleet'> {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
}

const listedReports = 400

export function createReports(deps: ReportDeps): Reports {
  const { db, clock, logger } = deps

  async function plannedFor(night: string, depotId: string): Promise<NightResult['plan']> {
    const plans = await plansOfNight(db, night)
    const counted = plans.find((plan) => plan.depotId === depotId && ['published', 'ended'].includes(plan.state))
    if (counted === undefined) return null
    const inputs = await readInputs(db, counted.planId)
    const body = await readBody(db, counted.planId)
    return inputs && body && { planId: counted.planId, ...inputs, plan: body.plan }
  }

  return {
    make: async (night, depotId) => {
      const nowMs = clock.nowMs()
      const plan = await plannedFor(night, depotId)
      const routes = await drivenRoutes(db, night, depotId, plan?.planId ?? null)
      const moves = await drivenMoves(
        db,
        routes.map(({ routeId }) => routeId),
      )
      const hotspots = await nightHotspots(db, nowMs)
      const { usable, standing } = countBikes(await loadNightBikes(deps, nowMs), hotspots)
      const now = morningReport({
        ...{ night, depotId, madeAt: nowMs, plan, routes, moves },
        hotspots: hotspots.map(({ hotspotId, name, capacity }) => {
          return { hotspotId, name, capacity, stands: standing.get(hotspotId) ?? 0, usable: usable.get(hotspotId) ?? 0 }
        }),
      })
      const seen = await readReport(db, night, depotId)
      const { madeAt, hotspots: stood, expectedLost } = seen ?? now
      const report = { ...now, madeAt, hotspots: stood, expectedLost }
      await saveReport(db, report, nowMs)
      logger.info({ night, depotId, planId: report.planId, moved: report.bikes.moved }, 'morning report')
    },
    isBehind: (night, depotId) => isReportBehind(db, night, depotId),
    list: async () => ({ reports: await listReports(db, listedReports) }),
    read: (night, depotId) => readReport(db, night, depotId),
  }
}
