import type { DataExport } from '../../contracts/http/my-data.ts'
import type { RiderId } from '../../contracts/ids.ts'
import type { Queryable } from '../platform/database.ts'

const columns = `export_id AS "exportId", state, asked_at AS "askedAt", ready_at AS "readyAt", expires_at AS "expiresAt", bytes`

export async function insertExport(
  tx: Queryable,
  { exportId, riderId, nowMs }: { readonly exportId: string; readonly riderId: RiderId; readonly nowMs: number },
): Promise<void> {
  await tx.query(`INSERT INTO data_export (export_id, rider_id, state, asked_at) VALUES ($1, $2, 'asked', $3)`, [
    exportId,
    riderId,
    new Date(nowMs),
  ])
}

/** Newest first. */
export async function exportsOf(db: Queryable, riderId: RiderId, most: number): Promise<DataExport[]> {
  const { rows } = await db.query<DataExport>(
    `SELECT ${columns} FROM data_export WHERE rider_id = $1 ORDER BY asked_at DESC, export_id LIMIT $2`,
    [riderId, most],
  )
  return rows
}

export async function ownExport(db: Queryable, riderId: RiderId, exportId: string): Promise<DataExport | null> {
  const { rows } = await db.query<DataExport>(
    `SELECT ${columns} FROM data_export WHERE rider_id = $1 AND export_id = $2`,
    [riderId, exportId],
  )
  return rows[0] ?? null
}

/** Whose copy is still to be made; null when it is made, or nobody wants it any more. */
export async function riderOfAsked(db: Queryable, exportId: string): Promise<RiderId | null> {
  const { rows } = await db.query<{ rider_id: RiderId }>(
    `SELECT rider_id FROM data_export WHERE export_id = $1 AND state = 'asked'`,
    [exportId],
  )
  return rows[0]?.rider_id ?? null
}

export async function askedExports(db: Queryable, beforeMs: number, most: number): Promise<string[]> {
  const { rows } = await db.query<{ export_id: string }>(
    `SELECT export_id FROM data_export WHERE state = 'asked' AND asked_at <= $1 ORDER BY asked_at LIMIT $2`,
    [new Date(beforeMs), most],
  )
  return rows.map((row) => row.export_id)
}

/** False: the row is gone meanwhile, and its file must go too. */
export async function exportReady(
  db: Queryable,
  exportId: string,
  made: { readonly bytes: number; readonly nowMs: number; readonly expiresAtMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE data_export SET state = 'ready', bytes = $2, ready_at = $3, expires_at = $4
      WHERE export_id = $1 AND state = 'asked'`,
    [exportId, made.bytes, new Date(made.nowMs), new Date(made.expiresAtMs)],
  )
  return rowCount > 0
}

export async function exportFailed(db: Queryable, exportId: string): Promise<void> {
  await db.query(`UPDATE data_export SET state = 'failed' WHERE export_id = $1 AND state = 'asked'`, [exportId])
}

/** Those whose time is over; their files are to be deleted before `exportGone`. */
export async function expiredExports(db: Queryable, nowMs: number, most: number): Promise<string[]> {
  const { rows } = await db.query<{ export_id: string }>(
    `SELECT export_id FROM data_export WHERE state = 'ready' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`,
    [new Date(nowMs), most],
  )
  return rows.map((row) => row.export_id)
}

export async function exportGone(db: Queryable, exportId: string): Promise<void> {
  await db.query(`UPDATE data_export SET state = 'gone' WHERE export_id = $1 AND state = 'ready'`, [exportId])
}

/** What is left of copies asked for before a moment: that there were any. */
export async function forgetExportsBefore(db: Queryable, before: Date, most: number): Promise<void> {
  await db.query(
    `DELETE FROM data_export WHERE export_id IN (
       SELECT export_id FROM data_export WHERE state IN ('failed', 'gone') AND asked_at < $1 LIMIT $2)`,
    [before, most],
  )
}
