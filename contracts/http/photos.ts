import { Type } from 'typebox'
import { Uuid } from '../ids.ts'

export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
export type PhotoType = (typeof photoTypes)[number]
export const largestPhotoBytes = 3 * 1_024 * 1_024
/** What one report or one appeal may carry. */
export const mostPhotos = 3

/** Pictures that were sent before, each under an id of the sender's making. */
export const PhotoIds = Type.Array(Uuid, { maxItems: mostPhotos, uniqueItems: true })

/**
 * PUT /v1/photos/{photoId}: the picture itself, up to 3 MB. The same picture again is fine. `bytes` is what was kept: what
 * a camera wrote into it (place, time, device) is left out.
 */
export const RiderPhotoKept = Type.Object({ photoId: Uuid, bytes: Type.Integer({ minimum: 1 }) })
export type RiderPhotoKept = Type.Static<typeof RiderPhotoKept>
