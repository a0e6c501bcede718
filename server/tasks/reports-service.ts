import type {
  NewReport,
  ReportDeed,
  ReportKind,
  ReportList,
  ReportsQuery,
  ReportView,
} from '../../contracts/http/tasks.ts'
import type { EndReason, FreeExitReason } from '../../contracts/http/trips.ts'
import type { BikeId, RiderId, TripId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { storable } from '../../contracts/storable-text.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Alarms } from '../alarms/alarms-service.ts'
import { namePhotos, PhotoMissing } from '../photos/name-photos.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { dangerous, judgeReport, reportOfFreeExit, togetherMs } from './core/judge-report.ts'
import {
  closeReport,
  hasOpenReport,
  insertReport,
  isConfirmedBy,
  type KnownReport,
  listReports,
  reportHeld,
  rideOn,
  type StoredReport,
  seenReport,
} from './report-store.ts'

/** What riders say is wrong with bikes. */
export interface Reports {
  /** By hand. `bike_unknown`, `photo_missing`; `report_open_already` when this rider's word on this is still open. */
  say(riderId: RiderId, bikeCode: string, report: NewReport): Promise<{ readonly reportId: string } | Refusal>
  /** In the trip's own transaction: what a rider answered when a ride was given up or would not end. */
  complained(tx: Queryable, complaint: Complaint): Promise<void>
  list(query: ReportsQuery): Promise<ReportList>
  act(reportId: string, deed: ReportDeed, staffId: string): Promise<Refusal | null>
}

export interface Complaint {
  readonly tripId: TripId
  readonly bikeId: BikeId
  readonly riderId: RiderId
  readonly reason:
    | { readonly kind: 'free_exit'; readonly why: FreeExitReason }
    | { readonly kind: 'ended'; readonly why: EndReason }
}

/** A report so long after a ride is still of that ride, city time. */
const rideCountsMs = 86_400_000

export function createReports(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly alarms: Pick<Alarms, 'raise' | 'clearHarmless'>
  readonly bikeByCode: (codeOrNumber: string) => { readonly bikeId: BikeId } | null
  readonly tellDesk: (event: DeskEvent) => void
}): Reports {
  const { db, clock, ids, alarms } = deps

  function tell(tx: Queryable, reportId: string, bikeId: BikeId): void {
    afterCommit(tx, () => deps.tellDesk({ kind: 'report', reportId, bikeId }))
  }

  /** False: it was told before. */
  async function keep(tx: Queryable, said: Omit<StoredReport, 'reportId' | 'atMs'>): Promise<StoredReport | null> {
    const report = { ...said, reportId: ids.uuid(), atMs: clock.nowMs() }
    if (!(await insertReport(tx, report))) return null
    tell(tx, report.reportId, report.bikeId)
    const hadIt = report.tripId !== null
    const isConfirmed = hadIt && (await isConfirmedBy(tx, report, epochMs(report.atMs - togetherMs)))
    const told = judgeReport({ kind: report.kind, isConfirmed })
    if (told !== 'nothing') await raise(tx, report, told, `reported:${report.reportId}:${told}`)
    return report
  }

  async function sayIn(
    tx: Queryable,
    riderId: RiderId,
    bikeId: BikeId,
    { kind, text, photoIds = [] }: NewReport,
  ): Promise<StoredReport | null> {
    const tripId = await rideOn(tx, riderId, bikeId, epochMs(clock.nowMs() - rideCountsMs))
    const words = text === undefined ? null : storable(text)
    const report = await keep(tx, { bikeId, tripId, riderId, kind, source: 'rider', text: words })
    if (report !== null) await namePhotos(tx, riderId, photoIds, { kind: 'report', reportId: report.reportId })
    return report
  }

  async function raise(
    tx: Queryable,
    report: Pick<StoredReport, 'reportId' | 'bikeId' | 'tripId' | 'kind'>,
    told: 'notice' | 'block',
    causeKey: string,
  ): Promise<void> {
    const { reportId, bikeId, tripId, kind } = report
    const blocks = told === 'block'
    await alarms.raise(tx, {
      ...{ kind: 'reported', bikeId, tripId, causeKey, atMs: clock.nowMs() },
      ...{ detail: { what: kind, reportId }, severity: blocks ? 'warning' : 'notice', blocksRental: blocks },
    })
  }

  /** With the last one the notice goes as well; a bike that is kept from riders a person gives back. */
  async function close(tx: Queryable, { reportId, bikeId }: KnownReport, staffId: string): Promise<void> {
    const nowMs = clock.nowMs()
    await closeReport(tx, reportId, staffId, nowMs)
    if (!(await hasOpenReport(tx, bikeId, dangerous))) await alarms.clearHarmless(tx, bikeId, 'reported', nowMs)
  }

  const kindOf = ({ reason }: Complaint): ReportKind | null => {
    if (reason.kind === 'free_exit') return reportOfFreeExit(reason.why)
    return reason.why === 'lock_will_not_close' ? 'lock' : null
  }

  return {
    say: async (riderId, bikeCode, said) => {
      const bike = deps.bikeByCode(bikeCode)
      if (bike === null) return refuse('bike_unknown')
      try {
        const kept = await db.transaction((tx) => sayIn(tx, riderId, bike.bikeId, said))
        return kept === null ? refuse('report_open_already') : { reportId: kept.reportId }
      } catch (error) {
        if (error instanceof PhotoMissing) return refuse('photo_missing')
        throw error
      }
    },
    complained: async (tx, complaint) => {
      const kind = kindOf(complaint)
      if (kind === null) return
      const { tripId, bikeId, riderId, reason } = complaint
      const source: ReportView['source'] = reason.kind === 'free_exit' ? 'free_exit' : 'ended_ride'
      await keep(tx, { bikeId, tripId, riderId, kind, source, text: null })
    },
    list: async (query) => ({ at: clock.nowMs(), ...(await listReports(db, query)) }),
    act: (reportId, deed, staffId) =>
      db.transaction(async (tx) => {
        const report = await reportHeld(tx, reportId)
        if (report === null) return refuse('not_found')
        if (report.state === 'closed') return deed.act === 'close' ? null : refuse('report_closed')
        if (deed.act === 'close') await close(tx, report, staffId)
        else await seenReport(tx, reportId)
        // Each time anew: the alarm of the last time may have been ended since.
        if (deed.act === 'raise') await raise(tx, report, 'block', `reported:${reportId}:${ids.uuid()}`)
        tell(tx, reportId, report.bikeId)
        return null
      }),
  }
}
