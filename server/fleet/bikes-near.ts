import type { BikeNear } from '../../contracts/http/bikes.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { lowBatteryPercent } from './core/bike-state.ts'
import { silentHeartbeats, usualHeartbeatMs } from './core/lock-shadow.ts'

/** A degree of latitude is never shorter, metres (110,574 at the equator). */
const metresPerDegree = 110_000

/**
 * Bikes that anybody can rent, within `radiusM` metres, nearest first. The box finds them by the spatial index, the distance
 * on the spheroid decides. They go by their public id, which changes after each trip.
 */
export async function bikesNear(
  db: Queryable,
  place: { readonly lon: number; readonly lat: number; readonly radiusM: number; readonly limit: number },
  nowMs: EpochMs,
): Promise<readonly BikeNear[]> {
  const { lon, lat, radiusM, limit } = place
  const dLat = radiusM / metresPerDegree
  const dLon = dLat / Math.cos((Math.min(85, Math.abs(lat) + dLat) * Math.PI) / 180)
  const { rows } = await db.query<BikeNear>(
    `SELECT b.public_id AS "publicId", ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat, l.soc AS "batteryPercent", b.model,
            round(ST_Distance(l.geom::geography, here.point::geography))::int AS "distanceM"
       FROM (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS point) AS here, bike_latest l JOIN bike b USING (bike_id)
      WHERE l.geom && ST_MakeEnvelope($1::float8 - $3, $2::float8 - $4, $1::float8 + $3, $2::float8 + $4, 4326)
        AND ST_Distance(l.geom::geography, here.point::geography) <= $5
        AND b.in_service AND l.bolt = 'locked' AND l.soc >= $6
        AND l.last_heard_at >= $9::timestamptz - make_interval(secs => coalesce(l.heartbeat_s, $10) * $7)
        AND NOT EXISTS (SELECT 1 FROM trip t WHERE t.bike_id = b.bike_id
                           AND t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending'))
        AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.bike_id = b.bike_id AND a.state <> 'resolved' AND a.blocks_rental)
        AND NOT EXISTS (SELECT 1 FROM bike_custody c WHERE c.bike_id = b.bike_id)
        AND NOT EXISTS (SELECT 1 FROM reservation r
                         WHERE r.bike_id = b.bike_id AND r.state = 'open' AND r.expires_at > $9)
      ORDER BY "distanceM", b.public_id LIMIT $8`,
    [
      lon,
      lat,
      dLon,
      dLat,
      radiusM,
      lowBatteryPercent,
      silentHeartbeats,
      limit,
      new Date(nowMs),
      usualHeartbeatMs / 1_000,
    ],
  )
  return rows
}
