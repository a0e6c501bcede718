import type { LockId } from '../../contracts/ids.ts'
import type { TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { positionOf, type ReportBody, type StoredReport } from './core/lock-report.ts'
import type { NeighbourBoots } from './core/made-at.ts'

export interface NewReport {
  readonly lockId: LockId
  readonly word: ReportBody
  readonly madeAtMs: EpochMs
  readonly receivedAtMs: EpochMs
}
export interface NewPosition {
  readonly lockId: LockId
  readonly bootId: number
  readonly record: TelemetryRecord
  readonly madeAtMs: EpochMs
  readonly receivedAtMs: EpochMs
}
export interface FirstWord {
  readonly lockId: LockId
  readonly bootId: number
  readonly uptimeZeroAtMs: EpochMs
  readonly heardAtMs: EpochMs
}

/** Fixes the start of boots that are heard for the first time; returns the fixed start of each, as it was first said. */
export async function fixBoots(db: Queryable, words: readonly FirstWord[]): Promise<readonly FirstWord[]> {
  const lockIds = words.map((word) => word.lockId)
  const bootIds = words.map((word) => word.bootId)
  await db.query(
    `INSERT INTO lock_boot (lock_id, boot_id, uptime_zero_at, first_heard_at)
     SELECT lock_id, boot_id, to_timestamp(zero_ms / 1000.0), to_timestamp(heard_ms / 1000.0)
       FROM unnest($1::text[], $2::int8[], $3::int8[], $4::int8[]) AS w (lock_id, boot_id, zero_ms, heard_ms)
     ON CONFLICT DO NOTHING`,
    [lockIds, bootIds, words.map((word) => word.uptimeZeroAtMs), words.map((word) => word.heardAtMs)],
  )
  const { rows } = await db.query<{ lock_id: LockId; boot_id: number; zero: EpochMs; heard: EpochMs }>(
    `SELECT b.lock_id, b.boot_id, b.uptime_zero_at AS zero, b.first_heard_at AS heard
       FROM lock_boot b JOIN unnest($1::text[], $2::int8[]) AS w (lock_id, boot_id) USING (lock_id, boot_id)`,
    [lockIds, bootIds],
  )
  return rows.map((row) => ({
    lockId: row.lock_id,
    bootId: row.boot_id,
    uptimeZeroAtMs: row.zero,
    heardAtMs: row.heard,
  }))
}

/** When the boots next to each began; the high 8 bits of a boot id change with a factory reset, and its count with them. */
export async function neighboursOf(
  db: Queryable,
  boots: readonly Pick<FirstWord, 'lockId' | 'bootId'>[],
): Promise<readonly NeighbourBoots[]> {
  const { rows } = await db.query<{ previous: EpochMs | null; next: EpochMs | null }>(
    `SELECT (SELECT uptime_zero_at FROM lock_boot b
              WHERE b.lock_id = w.lock_id AND b.boot_id < w.boot_id AND b.boot_id >> 24 = w.boot_id >> 24
              ORDER BY b.boot_id DESC LIMIT 1) AS previous,
            (SELECT uptime_zero_at FROM lock_boot b
              WHERE b.lock_id = w.lock_id AND b.boot_id > w.boot_id AND b.boot_id >> 24 = w.boot_id >> 24
              ORDER BY b.boot_id LIMIT 1) AS next
       FROM unnest($1::text[], $2::int8[]) WITH ORDINALITY AS w (lock_id, boot_id, place)
      ORDER BY w.place`,
    [boots.map((boot) => boot.lockId), boots.map((boot) => boot.bootId)],
  )
  return rows.map(({ previous, next }) => ({ previousAtMs: previous, nextAtMs: next }))
}

/**
 * Reports and positions in one statement: all or nothing, one round trip. Repeats are dropped by their keys.
 * @returns the reports that are new, in the order given
 */
export async function storeWords(
  db: Queryable,
  reports: readonly NewReport[],
  positions: readonly NewPosition[],
): Promise<readonly StoredReport[]> {
  if (reports.length === 0) {
    if (positions.length > 0) await db.query(insertPositions(0), positionColumns(positions))
    return []
  }
  const columns = reportColumns(reports)
  const both = `WITH stored AS (${insertReports}), noted AS (${insertPositions(columns.length)})`
  const one = `WITH stored AS (${insertReports})`
  const { rows } = await db.query<{ report_id: number; lock_id: string; boot_id: number; sequence: number }>(
    `${positions.length > 0 ? both : one} SELECT report_id, lock_id, boot_id, sequence FROM stored`,
    positions.length > 0 ? [...columns, ...positionColumns(positions)] : columns,
  )
  const ids = new Map(rows.map((row) => [`${row.lock_id}/${row.boot_id}/${row.sequence}`, row.report_id]))
  return reports.flatMap((report) => {
    const { lockId, word, madeAtMs, receivedAtMs } = report
    const { b: bootId, q: sequence } = word.body
    const key = `${lockId}/${bootId}/${sequence}`
    const reportId = ids.get(key)
    if (reportId === undefined) return []
    ids.delete(key)
    return [{ ...word, reportId, lockId, bootId, sequence, madeAtMs, receivedAtMs, position: positionOf(word) }]
  })
}

const insertReports = `
  INSERT INTO lock_report (lock_id, boot_id, sequence, kind, made_at, received_at, body)
  SELECT lock_id, boot_id, sequence, kind, to_timestamp(made_ms / 1000.0), to_timestamp(received_ms / 1000.0), body
    FROM unnest($1::text[], $2::int8[], $3::int8[], $4::text[], $5::int8[], $6::int8[], $7::jsonb[]) WITH ORDINALITY
      AS r (lock_id, boot_id, sequence, kind, made_ms, received_ms, body, place)
   ORDER BY place
  ON CONFLICT DO NOTHING
  RETURNING report_id, lock_id, boot_id, sequence`

function reportColumns(reports: readonly NewReport[]): readonly unknown[] {
  return [
    reports.map((report) => report.lockId),
    reports.map((report) => report.word.body.b),
    reports.map((report) => report.word.body.q),
    reports.map((report) => report.word.kind),
    reports.map((report) => report.madeAtMs),
    reports.map((report) => report.receivedAtMs),
    reports.map((report) => JSON.stringify(report.word.body)),
  ]
}

/** @param after how many parameters of the statement come before its own */
function insertPositions(after: number): string {
  const types = [
    'text',
    'int8',
    'int8',
    'int8',
    'int8',
    'float8',
    'float8',
    'float4',
    'float4',
    'float4',
    'int2',
    'text',
    'int4',
  ]
  const parameters = types.map((type, index) => `$${after + index + 1}::${type}[]`).join(', ')
  return `
  INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, accuracy_m, speed_mps, heading_deg, soc,
                        bolt, milli_volts)
  SELECT lock_id, boot_id, sequence, to_timestamp(made_ms / 1000.0), to_timestamp(received_ms / 1000.0),
         ST_SetSRID(ST_MakePoint(lon, lat), 4326), accuracy_m, speed_mps, heading_deg, soc, bolt,
         milli_volts
    FROM unnest(${parameters})
      AS p (lock_id, boot_id, sequence, made_ms, received_ms, lon, lat, accuracy_m, speed_mps, heading_deg, soc, bolt,
            milli_volts)
  ON CONFLICT DO NOTHING`
}

function positionColumns(positions: readonly NewPosition[]): readonly unknown[] {
  return [
    positions.map((position) => position.lockId),
    positions.map((position) => position.bootId),
    positions.map(({ record }) => record.q),
    positions.map((position) => position.madeAtMs),
    positions.map((position) => position.receivedAtMs),
    positions.map(({ record }) => (record.la === undefined ? null : (record.lo ?? null))),
    positions.map(({ record }) => (record.lo === undefined ? null : (record.la ?? null))),
    positions.map(({ record }) => record.ha ?? null),
    positions.map(({ record }) => record.sp ?? null),
    positions.map(({ record }) => record.hd ?? null),
    positions.map(({ record }) => record.soc),
    positions.map(({ record }) => record.bolt),
    positions.map(({ record }) => record.mv ?? null),
  ]
}

/** Locks that have reports which nothing was decided on yet. */
export async function locksWithUnapplied(db: Queryable): Promise<readonly LockId[]> {
  const { rows } = await db.query<{ lock_id: LockId }>(
    'SELECT lock_id FROM lock_report WHERE applied_at IS NULL GROUP BY lock_id ORDER BY min(report_id)',
  )
  return rows.map((row) => row.lock_id)
}

/** The oldest unapplied reports of a lock, oldest first. */
export async function unappliedOf(db: Queryable, lockId: LockId, limit: number): Promise<readonly StoredReport[]> {
  const { rows } = await db.query<{
    report_id: number
    boot_id: number
    sequence: number
    kind: ReportBody['kind']
    made_at: number
    received_at: number
    body: ReportBody['body']
  }>(
    `SELECT report_id, boot_id, sequence, kind, made_at, received_at, body
       FROM lock_report WHERE applied_at IS NULL AND lock_id = $1 ORDER BY report_id LIMIT $2`,
    [lockId, limit],
  )
  return rows.map((row) => {
    const word = { kind: row.kind, body: row.body } as ReportBody
    return {
      ...word,
      reportId: row.report_id,
      lockId,
      bootId: row.boot_id,
      sequence: row.sequence,
      madeAtMs: epochMs(row.made_at),
      receivedAtMs: epochMs(row.received_at),
      position: positionOf(word),
    }
  })
}

/** What locks said after they were last written down as heard, of the newest `limit` reports of all; oldest first. */
export async function reportsSinceWritten(
  db: Queryable,
  limit: number,
): Promise<readonly { readonly lockId: LockId; readonly word: ReportBody; readonly receivedAtMs: EpochMs }[]> {
  const { rows } = await db.query<{
    lock_id: LockId
    kind: ReportBody['kind']
    body: ReportBody['body']
    received_at: number
  }>(
    `SELECT r.lock_id, r.kind, r.body, r.received_at
       FROM (SELECT * FROM lock_report ORDER BY report_id DESC LIMIT $1) r
       JOIN bike USING (lock_id) LEFT JOIN bike_latest l USING (bike_id)
      WHERE l.last_heard_at IS NULL OR r.received_at > l.last_heard_at
      ORDER BY r.report_id`,
    [limit],
  )
  return rows.map(({ lock_id, kind, body, received_at }) => ({
    lockId: lock_id,
    word: { kind, body } as ReportBody,
    receivedAtMs: epochMs(received_at),
  }))
}

/** Marks a report as applied. False: somebody already did, and what the caller decided must not be kept. */
export async function markApplied(tx: Queryable, reportId: number, nowMs: EpochMs): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE lock_report SET applied_at = $2 WHERE report_id = $1 AND applied_at IS NULL',
    [reportId, new Date(nowMs)],
  )
  return rowCount === 1
}
