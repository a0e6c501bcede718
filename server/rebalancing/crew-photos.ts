import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PhotoKept } from '../../contracts/http/crews.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

export interface CrewPhotos {
  /** The same picture again is fine; another one under an id that is taken is not. */
  keep(crewId: string, photoId: string, contentType: string, body: Buffer): Promise<PhotoKept | Refusal>
  read(photoId: string): Promise<{ readonly contentType: string; readonly body: Buffer } | null>
  /** Deletes what is older than 90 days, bounded; what is left over goes at the next turn. */
  forget(): Promise<void>
}

export const largestPhotoBytes = 3 * 1_024 * 1_024
export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
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
  const { db, clock, folder } = deps
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (photoId: string) => join(folder, photoId)

  async function keep(
    crewId: string,
    photoId: string,
    contentType: string,
    body: Buffer,
  ): Promise<PhotoKept | Refusal> {
    if (body.length === 0 || body.length > largestPhotoBytes || typeOf(body) !== contentType)
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
    const draft = `${pathOf(photoId)}.${randomUUID()}`
    await writeFile(draft, body, { mode: 0o600, flush: true })
    await rename(draft, pathOf(photoId))
    return { photoId, bytes: body.length }
  }

  async function read(photoId: string) {
    const { rows } = await db.query<{ content_type: string }>(
      'SELECT content_type FROM crew_photo WHERE photo_id = $1',
      [photoId],
    )
    if (!rows[0]) return null
    const body = await readFile(pathOf(photoId)).catch((error: NodeJS.ErrnoException) => {
      // Its upload broke off: the phone sends it again.
      if (error.code === 'ENOENT') return null
      throw error
    })
    return body && { contentType: rows[0].content_type, body }
  }

  async function forget(): Promise<void> {
    const beforeMs = clock.realNowMs() - keepPhotosMs
    await db.query(
      `DELETE FROM crew_photo WHERE photo_id IN (SELECT photo_id FROM crew_photo WHERE kept_at < $1 LIMIT $2)`,
      [new Date(beforeMs), forgottenAtOnce],
    )
    // By the file's own age: drafts of uploads that broke off go too.
    let left = forgottenAtOnce
    for (const name of await readdir(folder)) {
      if (left === 0) break
      const path = join(folder, name)
      if ((await stat(path)).mtimeMs >= beforeMs) continue
      await rm(path, { force: true })
      left -= 1
    }
  }

  return { keep, read, forget }
}

/** What the first bytes say: the header of the request is only a claim. */
function typeOf(body: Buffer): (typeof photoTypes)[number] | null {
  if (body.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  if (body.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png'
  const isWebp = body.toString('latin1', 0, 4) === 'RIFF' && body.toString('latin1', 8, 12) === 'WEBP'
  return isWebp ? 'image/webp' : null
}
