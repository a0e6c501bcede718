import type { PersonalData } from '../platform/personal-data.ts'
import type { RiderPhotos } from './rider-photos.ts'

/** Pictures that a rider sent: the list of them is in the copy, the pictures are files. */
export const personalDataOfPhotos = (photos: Pick<RiderPhotos, 'photosOf' | 'forgetPhotosOf'>): PersonalData => ({
  export: async (_db, riderId) => ({
    photos: (await photos.photosOf(riderId)).map(({ photoId, contentType, bytes, keptAtMs, reportId, appealId }) => ({
      photoId,
      contentType,
      bytes,
      sentAt: new Date(keptAtMs).toISOString(),
      reportId,
      appealId,
    })),
  }),
  forgetFiles: (riderId) => photos.forgetPhotosOf(riderId),
  // The rows go with the files; one that came in that very moment is left to the next run.
  forget: async () => 0,
})
