import type { ReportKind, ReportList, ReportsQuery, ReportView } from '../../contracts/http/tasks.ts'
import { asId, type BikeId, type RiderId, type TripId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import { photoIdsOf } from '../photos/name-photos.ts'
import type { Queryable } from '../platform/database.ts'
import { cursorOf, placeOf } from '../platform/list-cursor.ts'

export interface StoredReport {
  readonly reportId: string
  readonly bikeId: BikeId
  readonly tripId: TripId | null
  readonly riderId: RiderId
  readonly kind: ReportKind
  readonly source: ReportView['source']
  readonly text: string | null
  readonly atMs: EpochMs
}

/** False: this rider's report of this kind on this bike is open already. */
export async function insertReport(tx: Queryable, report: StoredReport): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO rider_report (report_id, bike_id, trip_id, rider_id, kind, source, text, at, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'new')
     ON CONFLICT (rider_id, bike_id, kind) WHERE state <> 'closed' DO NOTHING`,
    [
      ...[report.reportId, report.bikeId, report.tripId, report.riderId, report.kind, report.source, report.text],
      new Date(report.atMs),
    ],
  )
  return rowCount > 0
}

/**
 * Whether another rider, who had the bike, said the same since a moment and nobody has dealt with it: a number can be
 * typed from anywhere.
 */
export async function isConfirmedBy(tx: Queryable, report: StoredReport, sinceMs: EpochMs): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM rider_report
      WHERE bike_id = $1 AND at > $2 AND kind = $3 AND rider_id <> $4 AND report_id <> $5
        AND trip_id IS NOT NULL AND state <> 'closed' LIMIT 1`,
    [report.bikeId, new Date(sinceMs), report.kind, report.riderId, report.reportId],
  )
  return rowCount > 0
}

/** The ride of a rider on a bike that goes on or ended since a moment. */
export async function rideOn(
  tx: Queryable,
  riderId: RiderId,
  bikeId: BikeId,
  sinceMs: EpochMs,
): Promise<TripId | null> {
  const { rows } = await tx.query<{ trip_id: string }>(
    `SELECT trip_id FROM trip WHERE rider_id = $1 AND bike_id = $2 AND created_at > $3 ORDER BY created_at DESC LIMIT 1`,
    [riderId, bikeId, new Date(sinceMs)],
  )
  return rows[0] ? asId<TripId>(rows[0].trip_id) : null
}

export interface KnownReport {
  readonly reportId: string
  readonly bikeId: BikeId
  readonly tripId: TripId | null
  readonly kind: ReportKind
  readonly state: ReportView['state']
}

const knownColumns = `report_id AS "reportId", bike_id AS "bikeId", trip_id AS "tripId", kind, state`

export async function reportOf(tx: Queryable, reportId: string): Promise<KnownReport | null> {
  const { rows } = await tx.query<KnownReport>(`SELECT ${knownColumns} FROM rider_report WHERE report_id = $1`, [
    reportId,
  ])
  return rows[0] ?? null
}

export async function reportHeld(tx: Queryable, reportId: string): Promise<KnownReport | null> {
  const { rows } = await tx.query<KnownReport>(
    `SELECT ${knownColumns} FROM rider_report WHERE report_id = $1 FOR UPDATE`,
    [reportId],
  )
  return rows[0] ?? null
}

/** Somebody has looked at it; what is closed stays closed. */
export async function seenReport(tx: Queryable, reportId: string): Promise<void> {
  await tx.query(`UPDATE rider_report SET state = 'seen' WHERE report_id = $1 AND state = 'new'`, [reportId])
}

export async function closeReport(tx: Queryable, reportId: string, staffId: string, nowMs: EpochMs): Promise<void> {
  await tx.query(
    `UPDATE rider_report SET state = 'closed', closed_at = greatest($3, at), closed_by = $2
      WHERE report_id = $1 AND state <> 'closed'`,
    [reportId, staffId, new Date(nowMs)],
  )
}

/** Whether a report of one of these kinds is still open on the bike. */
export async function hasOpenReport(tx: Queryable, bikeId: BikeId, kinds: readonly ReportKind[]): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM rider_report WHERE bike_id = $1 AND state <> 'closed' AND kind = ANY($2) LIMIT 1`,
    [bikeId, kinds],
  )
  return rowCount > 0
}

const usualLimit = 50

/** One page, newest first. Who said it is not read. */
export async function listReports(
  db: Queryable,
  { state, bikeId, limit = usualLimit, before }: ReportsQuery,
): Promise<Pick<ReportList, 'reports' | 'next' | 'totals'>> {
  const values: unknown[] = []
  const value = (one: unknown) => `$${values.push(one)}`
  const where: string[] = []
  if (state === 'live') where.push(`r.state <> 'closed'`)
  else if (state !== undefined) where.push(`r.state = ${value(state)}`)
  if (bikeId !== undefined) where.push(`r.bike_id = ${value(bikeId)}`)
  if (before !== undefined) {
    const [, atMs, id] = placeOf(before)
    where.push(`(r.at, r.report_id) < (${value(new Date(atMs))}, ${value(id)}::uuid)`)
  }
  const { rows } = await db.query<ReportView>(
    `SELECT r.report_id AS "reportId", r.bike_id AS "bikeId", b.number AS "bikeNumber", r.trip_id AS "tripId", r.kind,
            r.source, r.text, ${photoIdsOf('report_id', 'r.report_id')} AS "photoIds", r.at, r.state, r.closed_at AS "closedAt", s.name AS "closedBy"
       FROM rider_report r JOIN bike b USING (bike_id) LEFT JOIN staff s ON s.staff_id = r.closed_by
      ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
      ORDER BY r.at DESC, r.report_id DESC LIMIT ${value(limit + 1)}`,
    values,
  )
  const totals = await db.query<ReportList['totals']>(
    `SELECT count(*) FILTER (WHERE state = 'new') AS new, count(*) FILTER (WHERE state = 'seen') AS seen
       FROM rider_report WHERE state <> 'closed'`,
  )
  const last = rows[limit - 1]
  return {
    reports: rows.slice(0, limit),
    next: rows.length <= limit || !last ? null : cursorOf([0, last.at, last.reportId]),
    totals: totals.rows[0] ?? { new: 0, seen: 0 },
  }
}
