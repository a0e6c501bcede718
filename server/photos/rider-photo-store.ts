import type { RiderId } from '../../contracts/ids.ts'
import type { PhotoType } from '../../contracts/photo-limits.ts'
import type { Queryable } from '../platform/database.ts'

/** For whom a picture is read. */
export type PhotoOwner =
  | { readonly kind: 'rider'; readonly riderId: RiderId }
  | { readonly kind: 'a_report' }
  | { readonly kind: 'an_appeal' }

export interface StoredPhoto {
  readonly photoId: string
  readonly riderId: RiderId | null
  readonly contentType: PhotoType
  readonly bytes: number
  readonly sha256: Uint8Array
  /** Real time. */
  readonly keptAtMs: number
  readonly reportId: string | null
  readonly appealId: string | null
}

const columns = `photo_id AS "photoId", rider_id AS "riderId", content_type AS "contentType", bytes, sha256,
  kept_at AS "keptAtMs", report_id AS "reportId", appeal_id AS "appealId"`

export async function photoRow(db: Queryable, photoId: string): Promise<StoredPhoto | null> {
  const { rows } = await db.query<StoredPhoto>(`SELECT ${columns} FROM rider_photo WHERE photo_id = $1`, [photoId])
  return rows[0] ?? null
}

/** Changes nothing when the id is taken. */
export async function insertPhoto(
  db: Queryable,
  photo: Omit<StoredPhoto, 'reportId' | 'appealId'> & { readonly riderId: RiderId },
): Promise<void> {
  await db.query(
    `INSERT INTO rider_photo (photo_id, rider_id, content_type, bytes, sha256, kept_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (photo_id) DO NOTHING`,
    [photo.photoId, photo.riderId, photo.contentType, photo.bytes, photo.sha256, new Date(photo.keptAtMs)],
  )
}

export async function keptSince(db: Queryable, riderId: RiderId, sinceMs: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*)::int4 AS count FROM rider_photo WHERE rider_id = $1 AND kept_at > $2',
    [riderId, new Date(sinceMs)],
  )
  return rows[0]?.count ?? 0
}

/** A rider has at most thirty a day for ninety days. */
const mostOfRider = 3_000

export async function photosOfRider(db: Queryable, riderId: RiderId): Promise<StoredPhoto[]> {
  const { rows } = await db.query<StoredPhoto>(
    `SELECT ${columns} FROM rider_photo WHERE rider_id = $1 ORDER BY kept_at, photo_id LIMIT $2`,
    [riderId, mostOfRider],
  )
  return rows
}

/** Too old, or sent long ago and never named. */
export async function photosToDelete(
  db: Queryable,
  before: { readonly keptMs: number; readonly looseMs: number },
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ photo_id: string }>(
    `SELECT photo_id FROM rider_photo WHERE kept_at < $1
        OR (kept_at < $2 AND report_id IS NULL AND appeal_id IS NULL) LIMIT $3`,
    [new Date(before.keptMs), new Date(before.looseMs), limit],
  )
  return rows.map((row) => row.photo_id)
}

export async function deletePhotosOf(db: Queryable, photoIds: readonly string[]): Promise<void> {
  if (photoIds.length > 0) await db.query('DELETE FROM rider_photo WHERE photo_id = ANY($1::uuid[])', [photoIds])
}

/** Pictures of reports stay without the rider. */
export async function forgetOwners(db: Queryable, beforeMs: number, limit: number): Promise<void> {
  await db.query(
    `UPDATE rider_photo SET rider_id = NULL WHERE photo_id IN (
       SELECT photo_id FROM rider_photo WHERE report_id IS NOT NULL AND rider_id IS NOT NULL AND kept_at < $1 LIMIT $2)`,
    [new Date(beforeMs), limit],
  )
}
