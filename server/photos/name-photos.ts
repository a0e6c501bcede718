import type { RiderId } from '../../contracts/ids.ts'
import type { Queryable } from '../platform/database.ts'

/** What pictures can belong to. */
export type PhotoPlace =
  | { readonly kind: 'report'; readonly reportId: string }
  | { readonly kind: 'appeal'; readonly appealId: string }

/** One is not there, not the rider's, or belongs to something else: the transaction is given up. */
export class PhotoMissing extends Error {
  override readonly name = 'PhotoMissing'
}

/**
 * In the transaction of what they belong to: from now on the rider's pictures are kept with it, in this order.
 * Throws `PhotoMissing`.
 */
export async function namePhotos(
  tx: Queryable,
  riderId: RiderId,
  photoIds: readonly string[],
  place: PhotoPlace,
): Promise<void> {
  if (photoIds.length === 0) return
  const { rowCount } = await tx.query(
    `UPDATE rider_photo SET report_id = $3::uuid, appeal_id = $4::uuid, place = array_position($2::uuid[], photo_id)
      WHERE photo_id = ANY($2::uuid[]) AND rider_id = $1 AND report_id IS NULL AND appeal_id IS NULL`,
    [
      ...[riderId, photoIds],
      place.kind === 'report' ? place.reportId : null,
      place.kind === 'appeal' ? place.appealId : null,
    ],
  )
  if (rowCount !== photoIds.length) throw new PhotoMissing()
}

/** As a column of a query: ids of the pictures of a report or an appeal, in their order. */
export const photoIdsOf = (column: 'report_id' | 'appeal_id', id: string): string =>
  `coalesce((SELECT array_agg(p.photo_id::text ORDER BY p.place) FROM rider_photo p WHERE p.${column} = ${id}), '{}')`
