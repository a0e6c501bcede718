import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { largestPhotoBytes, mostPhotos } from '../photo-limits.ts'

/** Pictures that were sent before, each under an id of the sender's making. */
export const PhotoIds = Type.Array(Uuid, { maxItems: mostPhotos, uniqueItems: true })

/**
 * PUT /v1/photos/{photoId}: the picture itself, up to 3 MB. The same picture again is fine. `bytes` is what was kept: what
 * a camera wrote into it (place, time, device) is left out.
 */
export const RiderPhotoKept = Type.Object({
  photoId: Uuid,
  bytes: Type.Integer({ minimum: 1, maximum: largestPhotoBytes }),
})
export type RiderPhotoKept = Type.Static<typeof RiderPhotoKept>
