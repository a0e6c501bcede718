import type { RingView } from '../../contracts/http/reservations.ts'
import type { TripState } from '../../contracts/http/trips.ts'
import type { BikeId, CommandId, RiderId } from '../../contracts/ids.ts'
import { type RealMs, realMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

export interface RingFacts {
  readonly trip: { readonly riderId: string; readonly state: TripState } | null
  readonly rungAt: RealMs | null
  /** Rings of this rider since `sinceMs`. */
  readonly ringsOfRider: number
}

export async function ringFacts(
  tx: Queryable,
  asked: { readonly bikeId: BikeId; readonly riderId: RiderId; readonly sinceMs: number },
): Promise<RingFacts> {
  const { rows } = await tx.query<{
    rider_id: string | null
    state: TripState | null
    rung_at: number | null
    rings: number
  }>(
    `SELECT t.rider_id, t.state,
            (SELECT max(rung_at) FROM rider_ring WHERE bike_id = $1) AS rung_at,
            (SELECT count(*) FROM rider_ring WHERE rider_id = $2 AND rung_at > $3) AS rings
       FROM (SELECT 1) AS one LEFT JOIN trip t
         ON t.bike_id = $1 AND t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`,
    [asked.bikeId, asked.riderId, new Date(asked.sinceMs)],
  )
  const row = rows[0]
  return {
    trip: row?.rider_id == null || row.state === null ? null : { riderId: row.rider_id, state: row.state },
    rungAt: row?.rung_at == null ? null : realMs(row.rung_at),
    ringsOfRider: row?.rings ?? 0,
  }
}

/** One ring of a rider at a time is decided on. */
export async function holdRinger(tx: Queryable, riderId: RiderId): Promise<void> {
  await tx.query('SELECT 1 FROM rider WHERE rider_id = $1 FOR UPDATE', [riderId])
}

export async function insertRing(
  tx: Queryable,
  ring: { readonly commandId: CommandId; readonly bikeId: BikeId; readonly riderId: RiderId; readonly atMs: RealMs },
): Promise<void> {
  await tx.query('INSERT INTO rider_ring (command_id, rider_id, bike_id, rung_at) VALUES ($1, $2, $3, $4)', [
    ring.commandId,
    ring.riderId,
    ring.bikeId,
    new Date(ring.atMs),
  ])
}

/** What became of this rider's own ring of this bike. */
export async function readRing(
  db: Queryable,
  riderId: RiderId,
  bikeId: BikeId,
  commandId: string,
): Promise<RingView | null> {
  const { rows } = await db.query<RingView>(
    `SELECT c.command_id AS "commandId", c.state FROM rider_ring r JOIN command c USING (command_id)
      WHERE r.command_id = $1 AND r.rider_id = $2 AND r.bike_id = $3`,
    [commandId, riderId, bikeId],
  )
  return rows[0] ?? null
}
