import type { ZoneCollection, ZoneFeature, ZoneGeometry, ZoneKind } from '../../contracts/http/zones.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { KnownZone, Rings } from './core/zone-draft.ts'

export interface ZoneRow {
  readonly zoneId: string
  readonly version: number
  readonly kind: ZoneKind
  readonly name: string
  readonly shape: { readonly coordinates: readonly Rings[] }
  readonly lon: number
  readonly lat: number
  readonly radiusM: number | null
  readonly capacity: number | null
  readonly minBikes: number | null
  readonly maxBikes: number | null
  readonly maxSpeedKmh: number | null
  readonly removed: boolean
  readonly holdsFromMs: number
}

/** 7 digits: the grid on which positions are kept (core/grid.ts). */
export const zoneColumns = `zone_id AS "zoneId", version, kind, name, ST_AsGeoJSON(geom, 7)::json AS shape,
  ST_X(centre) AS lon, ST_Y(centre) AS lat, radius_m AS "radiusM", capacity, min_bikes AS "minBikes",
  max_bikes AS "maxBikes", max_speed_kmh AS "maxSpeedKmh", removed, holds_from AS "holdsFromMs"`

export const zoneOf = ({ shape, lon, lat, ...rest }: ZoneRow): KnownZone => ({
  ...rest,
  centre: [lon, lat],
  polygons: shape.coordinates,
})

/** The zones that held at a moment of city time, past or to come, by kind and name. Of two versions the newer counts. */
export async function zonesAt(db: Queryable, atMs: EpochMs): Promise<readonly KnownZone[]> {
  const { rows } = await db.query<ZoneRow>(
    `SELECT * FROM (
       SELECT DISTINCT ON (zone_id) ${zoneColumns} FROM zone_version
        WHERE holds_from <= $1 AND called_off_at IS NULL
        ORDER BY zone_id, version DESC) AS held
      WHERE NOT removed ORDER BY kind, name, "zoneId"`,
    [new Date(atMs)],
  )
  return rows.map(zoneOf)
}

/** Those of a box of degrees; when there are more than `most`, hotspots far from its middle are left out first. */
export async function zonesIn(
  db: Queryable,
  atMs: EpochMs,
  { west, south, east, north }: { west: number; south: number; east: number; north: number },
  most: number,
): Promise<readonly KnownZone[]> {
  const { rows } = await db.query<ZoneRow>(
    `SELECT ${zoneColumns} FROM zone_version z, (SELECT ST_MakeEnvelope($2, $3, $4, $5, 4326) AS box) AS seen
      WHERE z.geom && seen.box AND ${holds}
      ORDER BY z.kind = 'hotspot', ST_Distance(z.centre, ST_Centroid(seen.box)), z.zone_id LIMIT $6`,
    [new Date(atMs), west, south, east, north, most],
  )
  return rows.map(zoneOf)
}

/** Where bikes should stand. */
export interface Hotspot {
  readonly hotspotId: string
  readonly name: string
  /** A point inside: the centre of a circle. Degrees. */
  readonly lon: number
  readonly lat: number
  readonly areaM2: number
  readonly capacity: number
  /** 0 where nobody said. */
  readonly minBikes: number
  /** The capacity where nobody said. */
  readonly maxBikes: number
  /** Coordinates of a MultiPolygon (RFC 7946). */
  readonly polygons: readonly Rings[]
}

export async function hotspotsAt(db: Queryable, atMs: EpochMs): Promise<readonly Hotspot[]> {
  const { rows } = await db.query<Omit<Hotspot, 'polygons'> & { shape: ZoneRow['shape'] }>(
    `SELECT zone_id AS "hotspotId", name, ST_X(centre) AS lon, ST_Y(centre) AS lat, capacity,
            coalesce(min_bikes, 0) AS "minBikes", coalesce(max_bikes, capacity) AS "maxBikes",
            ST_Area(geom::geography) AS "areaM2", ST_AsGeoJSON(geom, 7)::json AS shape
       FROM (SELECT DISTINCT ON (zone_id) * FROM zone_version
              WHERE holds_from <= $1 AND called_off_at IS NULL
              ORDER BY zone_id, version DESC) AS held
      WHERE NOT removed AND kind = 'hotspot' ORDER BY name, zone_id`,
    [new Date(atMs)],
  )
  return rows.map(({ shape, ...hotspot }) => ({ ...hotspot, polygons: shape.coordinates }))
}

export interface BikePlace {
  readonly hotspotId: string | null
  /** Where there is no service area, everywhere is. */
  readonly inServiceArea: boolean
  readonly inNoParking: boolean
}

/** In which zones bikes stand at a moment; every bike has an answer. One statement, by the spatial index. */
export async function placeBikes(
  db: Queryable,
  atMs: EpochMs,
  bikes: readonly { readonly bikeId: BikeId; readonly lon: number; readonly lat: number }[],
): Promise<Map<BikeId, BikePlace>> {
  const { rows } = await db.query<{ bikeId: string; hotspotId: string | null; inArea: boolean; noParking: boolean }>(
    `WITH area AS (
       SELECT EXISTS (SELECT 1 FROM zone_version z WHERE z.kind = 'service_area' AND ${holds}) AS is_known)
     SELECT b.bike_id AS "bikeId",
            (SELECT z.zone_id FROM zone_version z WHERE z.kind = 'hotspot' AND ${holds} AND ST_Covers(z.geom, p.point)
              ORDER BY z.zone_id LIMIT 1) AS "hotspotId",
            NOT area.is_known OR EXISTS (SELECT 1 FROM zone_version z
              WHERE z.kind = 'service_area' AND ${holds} AND ST_Covers(z.geom, p.point)) AS "inArea",
            EXISTS (SELECT 1 FROM zone_version z
              WHERE z.kind = 'no_parking' AND ${holds} AND ST_Covers(z.geom, p.point)) AS "noParking"
       FROM unnest($2::uuid[], $3::float8[], $4::float8[]) AS b (bike_id, lon, lat), area,
            LATERAL (SELECT ST_SetSRID(ST_MakePoint(b.lon, b.lat), 4326) AS point) AS p`,
    [new Date(atMs), bikes.map((b) => b.bikeId), bikes.map((b) => b.lon), bikes.map((b) => b.lat)],
  )
  return new Map(
    rows.map(({ bikeId, hotspotId, inArea, noParking }) => [
      asId<BikeId>(bikeId),
      { hotspotId, inServiceArea: inArea, inNoParking: noParking },
    ]),
  )
}

/** Whether version `z` is the one that holds at $1. */
export const holds = `NOT z.removed AND z.holds_from <= $1 AND z.called_off_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM zone_version n
   WHERE n.zone_id = z.zone_id AND n.version > z.version AND n.holds_from <= $1 AND n.called_off_at IS NULL)`

/** As RFC 7946 wants it; a circle is given back as the point that it was. */
export const collectionOf = (zones: readonly KnownZone[]): ZoneCollection => ({
  type: 'FeatureCollection',
  features: zones.map(featureOf),
})

export function featureOf(zone: KnownZone): ZoneFeature {
  const { zoneId, version, kind, name, radiusM, capacity, minBikes, maxBikes, maxSpeedKmh } = zone
  return {
    type: 'Feature',
    geometry: geometryOf(zone),
    properties: {
      zoneId,
      kind,
      name,
      ...(radiusM === null ? {} : { radiusM }),
      ...(capacity === null ? {} : { capacity }),
      ...(minBikes === null ? {} : { minBikes }),
      ...(maxBikes === null ? {} : { maxBikes }),
      ...(maxSpeedKmh === null ? {} : { maxSpeedKmh }),
      version,
      holdsFrom: epochMs(zone.holdsFromMs),
    },
  }
}

function geometryOf({ radiusM, centre, polygons }: KnownZone): ZoneGeometry {
  if (radiusM !== null && centre !== null) return { type: 'Point', coordinates: [...centre] }
  const coordinates = polygons.map((rings) =>
    rings.map((ring) => ring.map(([lon, lat]): [number, number] => [lon, lat])),
  )
  const [only] = coordinates
  return coordinates.length === 1 && only
    ? { type: 'Polygon', coordinates: only }
    : { type: 'MultiPolygon', coordinates }
}
