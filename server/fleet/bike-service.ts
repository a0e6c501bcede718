import type { ServiceReason, ServiceState } from '../../contracts/http/bike-page.ts'
import type { BikeId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

export interface ServiceEntry {
  readonly bikeId: BikeId
  readonly state: ServiceState
  readonly reason: ServiceReason | null
  readonly note: string | null
  /** Somebody rode it then. */
  readonly inRide: boolean
  readonly staffId: string | null
  readonly atMs: EpochMs
}

/** What holds of a bike's service from now on, and one entry more in its history. The caller holds the bike's row. */
export async function saveService(tx: Queryable, entry: ServiceEntry): Promise<void> {
  const { bikeId, state, atMs } = entry
  await tx.query('UPDATE bike SET in_service = $2, retired_at = $3 WHERE bike_id = $1', [
    bikeId,
    state === 'in',
    state === 'retired' ? new Date(atMs) : null,
  ])
  await tx.query(
    `INSERT INTO bike_service (bike_id, state, reason, note, in_ride, staff_id, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [bikeId, state, entry.reason, entry.note, entry.inRide, entry.staffId, new Date(atMs)],
  )
}

/** Whether riders may have it as far as its service goes. */
export async function isInService(tx: Queryable, bikeId: BikeId): Promise<boolean> {
  const { rows } = await tx.query<{ in_service: boolean }>('SELECT in_service FROM bike WHERE bike_id = $1', [bikeId])
  return rows[0]?.in_service ?? false
}
