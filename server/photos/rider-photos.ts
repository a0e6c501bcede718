import { createHash } from 'node:crypto'
import type { RiderPhotoKept } from '../../contracts/http/photos.ts'
import type { RiderId } from '../../contracts/ids.ts'
import { largestPhotoBytes } from '../../contracts/photo-limits.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { openPhotoFolder, photoTypeOf } from '../platform/photo-folder.ts'
import type { PhotoToSend } from '../platform/photo-http.ts'
import { stripMetadata } from './core/strip-metadata.ts'
import {
  deletePhotosOf,
  forgetOwners,
  insertPhoto,
  keptSince,
  type PhotoOwner,
  photoRow,
  photosOfRider,
  photosToDelete,
  type StoredPhoto,
} from './rider-photo-store.ts'

export interface RiderPhotos {
  /** The same picture again is fine; another one under an id that is taken is not. What the camera wrote in is dropped. */
  keep(riderId: RiderId, photoId: string, sent: PhotoToSend): Promise<RiderPhotoKept | Refusal>
  /** Null: there is none, it is not of that owner, or its upload broke off. */
  read(photoId: string, owner: PhotoOwner): Promise<PhotoToSend | null>
  /** For the rider's data: oldest first. */
  photosOf(riderId: RiderId): Promise<readonly StoredPhoto[]>
  /** For the rider's erasure: rows and files; what belongs to a report that is open goes as well. */
  forgetPhotosOf(riderId: RiderId): Promise<void>
  /** Bounded; what is left over goes at the next turn. */
  forget(): Promise<void>
}

const dayMs = 86_400_000
/** As long as a crew's pictures: for a complaint about a bike that was left somewhere. Real time, as for all traces. */
const keepPhotosMs = 90 * dayMs
/** A picture that no report and no appeal has named by then was never sent off. */
const keepLooseMs = dayMs
/** Who took a picture of a fault, as long as who reported it (retention.ts). */
const keepOwnersMs = 30 * dayMs
const photosPerRiderAndDay = 30
const forgottenAtOnce = 500

/** Pictures of riders: rows in the database, their bytes in a folder that only we may read. */
export async function openRiderPhotos(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly folder: string
}): Promise<RiderPhotos> {
  const { db, clock } = deps
  const folder = await openPhotoFolder(deps.folder)

  const keep: RiderPhotos['keep'] = async (riderId, photoId, { body, contentType }) => {
    const type = photoTypeOf(body)
    if (body.length > largestPhotoBytes || type === null || type !== contentType) return refuse('photo_wrong')
    const nowMs = clock.realNowMs()
    const known = await photoRow(db, photoId)
    const isOverLimit = known === null && (await keptSince(db, riderId, nowMs - dayMs)) >= photosPerRiderAndDay
    if (isOverLimit) return refuse('photos_enough')
    const stripped = stripMetadata(type, body)
    if (stripped === null) return refuse('photo_wrong')
    const sha256 = createHash('sha256').update(body).digest()
    if (known === null) {
      // The row comes first: of two pictures under one id, only that of the row is ever written to its place.
      await insertPhoto(db, { photoId, riderId, contentType: type, bytes: stripped.length, sha256, keptAtMs: nowMs })
    }
    const row = known ?? (await photoRow(db, photoId))
    if (row?.riderId !== riderId || !sha256.equals(row.sha256)) {
      return refuse('photo_wrong', 'Another picture has this id already.')
    }
    await folder.write(photoId, stripped)
    return { photoId, bytes: stripped.length }
  }

  const read: RiderPhotos['read'] = async (photoId, owner) => {
    const row = await photoRow(db, photoId)
    if (row === null || !belongsTo(row, owner)) return null
    const body = await folder.read(photoId)
    return body && { contentType: row.contentType, body }
  }

  /** The files go first: a file without a row would stay for good, a row without a file goes at the next turn. */
  const erase = async (photoIds: readonly string[]): Promise<void> => {
    await folder.remove(photoIds)
    await deletePhotosOf(db, photoIds)
  }

  return {
    keep,
    read,
    photosOf: (riderId) => photosOfRider(db, riderId),
    forgetPhotosOf: async (riderId) => erase((await photosOfRider(db, riderId)).map(({ photoId }) => photoId)),
    forget: async () => {
      const nowMs = clock.realNowMs()
      const before = { keptMs: nowMs - keepPhotosMs, looseMs: nowMs - keepLooseMs }
      await erase(await photosToDelete(db, before, forgottenAtOnce))
      await forgetOwners(db, nowMs - keepOwnersMs, forgottenAtOnce)
      await folder.removeOlderThan(before.keptMs, forgottenAtOnce)
    },
  }
}

function belongsTo(row: StoredPhoto, owner: PhotoOwner): boolean {
  switch (owner.kind) {
    case 'rider':
      return row.riderId === owner.riderId
    case 'a_report':
      return row.reportId !== null
    case 'an_appeal':
      return row.appealId !== null
  }
}
