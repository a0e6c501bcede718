import type { LockId } from '../../../contracts/ids.ts'
import type { Acknowledgement, Hello, LockEvent } from '../../../contracts/mqtt/reports.ts'
import type { EpochMs, Position } from '../../../contracts/units.ts'

/** Where a lock says that it was when it made a report. */
export interface ReportPosition extends Position {
  /** One sigma, metres; null when the receiver did not say. */
  readonly accuracyM: number | null
  readonly fixAgeMs: number
}

/** The word of a lock that decisions may hang on. */
export type ReportBody =
  | { readonly kind: 'hello'; readonly body: Hello }
  | { readonly kind: 'evt'; readonly body: LockEvent }
  | { readonly kind: 'ack'; readonly body: Acknowledgement }

/** A report that is committed. (lockId, bootId, sequence) names it for ever; `reportId` orders the reports of a lock. */
export type StoredReport = ReportBody & {
  readonly reportId: number
  readonly lockId: LockId
  readonly bootId: number
  readonly sequence: number
  /** City time at which the lock made it: the time that is billed. */
  readonly madeAtMs: EpochMs
  readonly receivedAtMs: EpochMs
  readonly position: ReportPosition | null
}

/** The position in a report, if it has a fix. */
export function positionOf(report: ReportBody): ReportPosition | null {
  if (report.kind !== 'evt') return null
  const event = report.body
  if (event.k !== 'bolt' && event.k !== 'alarm') return null
  if (event.la === undefined || event.lo === undefined) return null
  return { lon: event.lo, lat: event.la, accuracyM: event.ha ?? null, fixAgeMs: event.fa ?? 0 }
}
