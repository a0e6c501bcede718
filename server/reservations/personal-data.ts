import { changed, inPages, type PersonalData } from '../platform/personal-data.ts'
import type { Reservations } from './reservations-service.ts'

/** Which bikes a rider kept and made ring. Nothing of it is needed without the rider. */
export const personalDataOfReservations = (reservations: Pick<Reservations, 'riderLeaves'>): PersonalData => ({
  export: async (db, riderId) => ({
    reservations: await inPages(async (offset, limit) => {
      const { rows } = await db.query(
        `SELECT b.number AS "bikeNumber", r.state, r.trip_id AS "tripId", ${iso('r.created_at')} AS "askedAt",
                ${iso('r.ended_at')} AS "endedAt"
           FROM reservation r JOIN bike b USING (bike_id) WHERE r.rider_id = $1
          ORDER BY r.created_at DESC, r.reservation_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    }),
    rings: await inPages(async (offset, limit) => {
      const { rows } = await db.query(
        `SELECT b.number AS "bikeNumber", ${iso('r.rung_at')} AS at FROM rider_ring r JOIN bike b USING (bike_id)
          WHERE r.rider_id = $1 ORDER BY r.rung_at DESC, r.command_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    }),
  }),
  leave: reservations.riderLeaves,
  forget: async (tx, riderId, most) => {
    const kept = await changed(
      tx,
      `DELETE FROM reservation WHERE reservation_id IN (
         SELECT reservation_id FROM reservation WHERE rider_id = $1 LIMIT $2)`,
      [riderId, most],
    )
    const rings = await changed(
      tx,
      'DELETE FROM rider_ring WHERE command_id IN (SELECT command_id FROM rider_ring WHERE rider_id = $1 LIMIT $2)',
      [riderId, most],
    )
    return kept + rings
  },
})

const iso = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
