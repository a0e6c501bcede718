import type { EpochMs, Position } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { ParkingPlace } from '../trips/core/parking.ts'
import { holds } from './zones-at.ts'

/** A bike this close to a hotspot stands at it. */
const hotspotReachM = 10
/** What is looked at around a place, degrees: far beyond `hotspotReachM`. */
const aroundDegrees = 0.002

interface ZoneHere {
  readonly kind: 'service_area' | 'no_parking' | 'hotspot'
  readonly zoneId: string
  readonly name: string
  /** To the zone; 0 inside. */
  readonly metres: number
  /** From its edge, inside or out. */
  readonly edgeM: number
}

/** How a place lies to the zones that held at a moment. Where there is no service area, everywhere is one. */
export async function parkingPlaceAt(db: Queryable, atMs: EpochMs, at: Position): Promise<ParkingPlace> {
  const { rows } = await db.query<ZoneHere>(
    `SELECT z.kind, z.zone_id AS "zoneId", z.name,
            ST_Distance(z.geom::geography, p.point::geography) AS metres,
            ST_Distance(ST_Boundary(z.geom)::geography, p.point::geography) AS "edgeM"
       FROM zone_version z, (SELECT ST_SetSRID(ST_MakePoint($2, $3), 4326) AS point) AS p
      WHERE ((z.kind IN ('no_parking', 'hotspot') AND z.geom && ST_Expand(p.point, $4)) OR z.kind = 'service_area')
        AND ${holds}
      ORDER BY metres, z.name, z.zone_id`,
    [new Date(atMs), at.lon, at.lat, aroundDegrees],
  )
  const area = rows.find(({ kind }) => kind === 'service_area')
  const bans = rows.filter(({ kind, metres }) => kind === 'no_parking' && metres === 0)
  const ban = bans.sort((a, b) => b.edgeM - a.edgeM)[0]
  const hotspot = rows.find(({ kind, metres }) => kind === 'hotspot' && metres <= hotspotReachM)
  return {
    outside: area === undefined || area.metres === 0 ? null : { name: area.name, metres: area.metres },
    noParking: ban === undefined ? null : { name: ban.name, metres: ban.edgeM },
    hotspot: hotspot === undefined ? null : { zoneId: hotspot.zoneId, name: hotspot.name },
  }
}

/** Whether a hotspot has fewer bikes than it should have at most, one of them not counted; it is null where it is none. */
export async function roomAt(
  db: Queryable,
  atMs: EpochMs,
  zoneId: string,
  butBikeId: string,
): Promise<{ readonly bikes: number; readonly most: number } | null> {
  const { rows } = await db.query<{ bikes: number; most: number }>(
    `SELECT (SELECT count(*) FROM bike_latest l JOIN bike b USING (bike_id)
              WHERE ST_Covers(z.geom, l.geom) AND b.in_service AND l.bike_id <> $3
                AND NOT EXISTS (SELECT 1 FROM trip t WHERE t.bike_id = l.bike_id
                  AND t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')))::int4 AS bikes,
            coalesce(z.max_bikes, z.capacity) AS most
       FROM zone_version z WHERE z.zone_id = $2 AND z.kind = 'hotspot' AND ${holds}`,
    [new Date(atMs), zoneId, butBikeId],
  )
  return rows[0] ?? null
}

/** A place to leave a bike. `metres` as the crow flies. */
export interface PlaceToPark extends Position {
  readonly metres: number
  readonly name: string | null
}

/** So far inside the line that nobody is in doubt, degrees: about 25 m. */
const insideDegrees = 0.00025
/** How far away a place to park is looked for, degrees: some 5 km. */
const lookDegrees = 0.05

/** The nearest place where a bike may surely be left; null where there is none around. */
export async function nearestAllowed(db: Queryable, atMs: EpochMs, at: Position): Promise<PlaceToPark | null> {
  const { rows } = await db.query<{ lon: number | null; lat: number | null; metres: number }>(
    `WITH here AS (
       SELECT p AS point, ST_Expand(p, $4) AS box, ST_Expand(p, 2 * $4) AS wide
         FROM (SELECT ST_SetSRID(ST_MakePoint($2, $3), 4326) AS p) AS q),
     held AS (
       SELECT z.kind, ST_Intersection(z.geom, here.wide) AS geom FROM zone_version z, here
        WHERE z.kind IN ('service_area', 'no_parking') AND z.geom && here.wide AND ${holds}),
     area AS (
       SELECT CASE WHEN EXISTS (SELECT 1 FROM zone_version z WHERE z.kind = 'service_area' AND ${holds})
                   THEN (SELECT ST_Union(geom) FROM held WHERE kind = 'service_area') ELSE here.box END AS geom
         FROM here),
     ban AS (SELECT ST_Union(geom) AS geom FROM held WHERE kind = 'no_parking'),
     allowed AS (
       SELECT ST_Buffer(ST_Difference(area.geom, coalesce(ban.geom, ST_SetSRID('POLYGON EMPTY'::geometry, 4326))),
                        -$5::float8, 2) AS geom
         FROM area, ban)
     SELECT ST_X(n.point) AS lon, ST_Y(n.point) AS lat, ST_Distance(n.point::geography, here.point::geography) AS metres
       FROM here, allowed, LATERAL (SELECT ST_ClosestPoint(allowed.geom, here.point) AS point) AS n`,
    [new Date(atMs), at.lon, at.lat, lookDegrees, insideDegrees],
  )
  const found = rows[0]
  if (!found || found.lon === null || found.lat === null) return null
  return { lon: found.lon, lat: found.lat, metres: found.metres, name: null }
}

/** Hotspots that have room, nearest first. */
export async function hotspotsNear(
  db: Queryable,
  atMs: EpochMs,
  at: Position,
  most: number,
): Promise<readonly PlaceToPark[]> {
  const { rows } = await db.query<PlaceToPark>(
    `SELECT name, lon, lat, metres FROM (
       SELECT z.zone_id, z.name, ST_X(z.centre) AS lon, ST_Y(z.centre) AS lat,
              coalesce(z.max_bikes, z.capacity) AS most, z.geom,
              ST_Distance(z.centre::geography, p.point::geography) AS metres
         FROM zone_version z, (SELECT ST_SetSRID(ST_MakePoint($2, $3), 4326) AS point) AS p
        WHERE z.kind = 'hotspot' AND z.geom && ST_Expand(p.point, $4) AND ${holds}
        ORDER BY metres, z.zone_id LIMIT $5) AS near
      WHERE near.most > (SELECT count(*) FROM bike_latest l JOIN bike b USING (bike_id)
                          WHERE b.in_service AND ST_Covers(near.geom, l.geom))
      ORDER BY metres`,
    [new Date(atMs), at.lon, at.lat, lookDegrees, most],
  )
  return rows
}
