import { asId, type BikeId } from '../../contracts/ids.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Queryable } from '../platform/database.ts'
import { isInService, type ServiceEntry, saveService } from './bike-service.ts'
import type { CustodyState } from './core/bike-state.ts'

/** A crew's hold on a bike. One at most for each bike, by the database. */
export interface Custody {
  readonly routeId: string
  readonly state: CustodyState
  /** For the workshop. */
  readonly isBroken: boolean
}

/** A bike whose row is held until the transaction ends: no trip begins on it meanwhile. */
export interface HeldBike {
  readonly bikeId: BikeId
  /** A rider has it. */
  readonly inUse: boolean
  readonly custody: Custody | null
}

export interface BikeCustody {
  /** Holds the rows of these bikes, always in the same order, and tells who has them. Unknown ids are left out. */
  holdBikes(tx: Queryable, bikeIds: readonly string[]): Promise<readonly HeldBike[]>
  /** Gives bikes to a crew, or changes how it has them. The caller holds their rows and has seen that they are free. */
  keepBikes(tx: Queryable, bikeIds: readonly string[], custody: Custody, sinceMs: EpochMs): Promise<void>
  /** Riders may have them again. */
  releaseBikes(tx: Queryable, bikeIds: readonly string[]): Promise<void>
  /**
   * For a trip that is being started, after its row is in: that row's foreign key waits for whoever holds the bike, so
   * custody that is not seen here comes after the trip and is refused.
   */
  isKept(tx: Queryable, bikeId: BikeId): Promise<boolean>
  /** A crew has put the bike down: that is where it is, until its lock says more. Nothing when it has spoken since. */
  putDown(tx: Queryable, bikeId: BikeId, place: Position, atMs: EpochMs): Promise<void>
  /** A crew found it broken. Written in its history, unless it is out of service already. */
  takeOutOfService(
    tx: Queryable,
    bikeId: BikeId,
    by: { readonly staffId: string; readonly atMs: EpochMs },
  ): Promise<void>
  /** What holds of its service from now on; the caller holds its row. */
  changeService(tx: Queryable, entry: ServiceEntry): Promise<void>
}

/** What the fleet's memory is told once the transaction is in the database. */
export interface CustodyMemory {
  custodyChanged(bikeIds: readonly BikeId[], state: CustodyState | null): void
  putDown(bikeId: BikeId, place: Position, atMs: EpochMs): void
  serviceChanged(bikeId: BikeId, inService: boolean): void
}

/** Metres, 1 sigma: a phone between houses, and a bike within an arm's length of it. */
export const crewAccuracyM = 25

/** Somebody who goes before riders takes bikes, in this transaction. */
export type OnTaken = (tx: Queryable, bikeIds: readonly string[], by: 'crew' | 'out_of_service') => Promise<void>

/** Bikes that crews have. `tx` must come from a database opened `withAfterCommit`. */
export function createBikeCustody(memory: CustodyMemory, onTaken: OnTaken): BikeCustody {
  async function changeService(tx: Queryable, entry: ServiceEntry): Promise<void> {
    await saveService(tx, entry)
    if (entry.state !== 'in') await onTaken(tx, [entry.bikeId], 'out_of_service')
    afterCommit(tx, () => memory.serviceChanged(entry.bikeId, entry.state === 'in'))
  }

  return {
    holdBikes,
    keepBikes: async (tx, bikeIds, custody, sinceMs) => {
      if (bikeIds.length === 0) return
      await tx.query(
        `INSERT INTO bike_custody (bike_id, route_id, state, is_broken, since)
         SELECT bike_id, $2, $3, $4, $5 FROM unnest($1::uuid[]) AS b (bike_id)
         ON CONFLICT (bike_id) DO UPDATE SET route_id = excluded.route_id, state = excluded.state,
           is_broken = excluded.is_broken, since = excluded.since`,
        [bikeIds, custody.routeId, custody.state, custody.isBroken, new Date(sinceMs)],
      )
      await onTaken(tx, bikeIds, 'crew')
      afterCommit(tx, () => memory.custodyChanged(asBikeIds(bikeIds), custody.state))
    },
    releaseBikes: async (tx, bikeIds) => {
      if (bikeIds.length === 0) return
      await tx.query('DELETE FROM bike_custody WHERE bike_id = ANY($1)', [bikeIds])
      afterCommit(tx, () => memory.custodyChanged(asBikeIds(bikeIds), null))
    },
    isKept: async (tx, bikeId) => {
      const { rowCount } = await tx.query('SELECT 1 FROM bike_custody WHERE bike_id = $1', [bikeId])
      return rowCount > 0
    },
    putDown: async (tx, bikeId, place, atMs) => {
      await tx.query(
        `UPDATE bike_latest SET geom = ST_SetSRID(ST_MakePoint($2, $3), 4326), accuracy_m = $4
          WHERE bike_id = $1 AND (last_heard_at IS NULL OR last_heard_at <= $5)`,
        [bikeId, place.lon, place.lat, crewAccuracyM, new Date(atMs)],
      )
      afterCommit(tx, () => memory.putDown(bikeId, place, atMs))
    },
    takeOutOfService: async (tx, bikeId, { staffId, atMs }) => {
      if (!(await isInService(tx, bikeId))) return
      await changeService(tx, { bikeId, state: 'out', reason: 'broken', note: null, inRide: false, staffId, atMs })
    },
    changeService,
  }
}

const asBikeIds = (ids: readonly string[]): BikeId[] => ids.map((id) => asId<BikeId>(id))

async function holdBikes(tx: Queryable, bikeIds: readonly string[]): Promise<readonly HeldBike[]> {
  if (bikeIds.length === 0) return []
  await tx.query('SELECT 1 FROM bike WHERE bike_id = ANY($1) ORDER BY bike_id FOR UPDATE', [bikeIds])
  // A statement of its own: it sees what was committed while the rows were waited for.
  const { rows } = await tx.query<{
    bike_id: BikeId
    in_use: boolean
    route_id: string | null
    state: CustodyState | null
    is_broken: boolean | null
  }>(
    `SELECT b.bike_id, c.route_id, c.state, c.is_broken,
            EXISTS (SELECT 1 FROM trip t WHERE t.bike_id = b.bike_id
                       AND t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')) AS in_use
       FROM bike b LEFT JOIN bike_custody c USING (bike_id) WHERE b.bike_id = ANY($1) ORDER BY b.bike_id`,
    [bikeIds],
  )
  return rows.map((row) => ({
    bikeId: row.bike_id,
    inUse: row.in_use,
    custody:
      row.route_id === null || row.state === null
        ? null
        : { routeId: row.route_id, state: row.state, isBroken: row.is_broken ?? false },
  }))
}
