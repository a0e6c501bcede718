/** Riders' and crews' pictures. No schema library here: browsers load this. */
export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
export type PhotoType = (typeof photoTypes)[number]
export const largestPhotoBytes = 3 * 1_024 * 1_024
/** What one report or one appeal may carry. */
export const mostPhotos = 3
