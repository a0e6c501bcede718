import { createHash } from 'node:crypto'
import type { PhotoKept } from '../../contracts/http/crews.ts'
import { largestPhotoBytes } from '../../contracts/photo-limits.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { openPhotoFolder, photoTypeOf } from '../platform/photo-folder.ts'

export interface CrewPhotos {
  /** The same picture again is fine; another one under an id that is taken is not. */
  keep(crewId: string, photoId: string, contentType: string, body: Buffer): Promise<PhotoKept | Refusal>
  read(photoId: string): Promise<{ readonly contentType: string; readonly body: Buffer } | null>
  /** Deletes what is older than 90 days, bounded; what is left over goes at the next turn. */
  forget(): Promise<void>
}

/** Long enough for a complaint of the city about a bike that was left somewhere. Real time, as for all traces. */
const keepPhotosMs = 90 * 86_400_000
/** A night has some hundred bikes at most, and not each is photographed. */
const photosPerCrewAndDay = 300
const dayMs = 86_400_000
const forgottenAtOnce = 500

/** Pictures of crews: rows in the database, their bytes in a folder that only we may read. */
export async function openPhotos(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly folder: string
}): Promise<CrewPhotos> {
  const { db, clock } = deps
  const folder = await openPhotoFolder(deps.folder)

  async function keep(
    crewId: string,
    photoId: string,
    contentType: string,
    body: Buffer,
  ): Promise<PhotoKept | Refusal> {
    if (body.length === 0 || body.length > largestPhotoBytes || photoTypeOf(body) !== contentType)
      return refuse('photo_wrong')
    const nowMs = clock.realNowMs()
    const sha256 = createHash('sha256').update(body).digest()
    const { rows: made } = await db.query<{ count: number }>(
      'SELECT count(*) AS count FROM crew_photo WHERE crew_id = $1 AND kept_at > $2 AND photo_id <> $3',
      [crewId, new Date(nowMs - dayMs), photoId],
    )
    if ((made[0]?.count ?? 0) >= photosPerCrewAndDay) return refuse('too_many_requests')
    // The row comes first: of two pictures under one id, only that of the row is ever written to its place.
    await db.query(
      `INSERT INTO crew_photo (photo_id, crew_id, content_type, bytes, sha256, kept_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (photo_id) DO NOTHING`,
      [photoId, crewId, contentType, body.length, sha256, new Date(nowMs)],
    )
    const { rows } = await db.query<{ sha256: Uint8Array }>('SELECT sha256 FROM crew_photo WHERE photo_id = $1', [
      photoId,
    ])
    if (!rows[0] || !sha256.equals(rows[0].sha256)) {
      return refuse('photo_wrong', 'Another picture has this id already.')
    }
    await folder.write(photoId, body)
    return { photoId, bytes: body.length }
  }

  async function read(photoId: string) {
    const { rows } = await db.query<{ content_type: string }>(
      'SELECT content_type FROM crew_photo WHERE photo_id = $1',
      [photoId],
    )
    if (!rows[0]) return null
    // Null: its upload broke off, and the phone sends it again.
    const body = await folder.read(photoId)
    return body && { contentType: rows[0].content_type, body }
  }

  async function forget(): Promise<void> {
    const beforeMs = clock.realNowMs() - keepPhotosMs
    await db.query(
      `DELETE FROM crew_photo WHERE photo_id IN (SELECT photo_id FROM crew_photo WHERE kept_at < $1 LIMIT $2)`,
      [new Date(beforeMs), forgottenAtOnce],
    )
    await folder.removeOlderThan(beforeMs, forgottenAtOnce)
  }

  return { keep, read, forget }
}
