import type { StaffId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { ZoneChange } from './core/plan-import.ts'
import type { KnownZone, ZoneDraft, ZoneShape } from './core/zone-draft.ts'
import { type ZoneRow, zoneColumns, zoneOf } from './zones-at.ts'

/** Grows with every change: whoever decided on an older one decides anew. */
export async function zonesRevision(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ revision: number }>(
    'SELECT (count(*) + count(called_off_at))::int AS revision FROM zone_version',
  )
  return rows[0]?.revision ?? 0
}

/** Nobody else changes zones before the transaction ends; readers go on. */
export async function holdZones(tx: Queryable): Promise<void> {
  await tx.query('LOCK TABLE zone_version IN SHARE ROW EXCLUSIVE MODE')
}

/**
 * Every zone that ever was, in the newest version that was not called off; one that was only ever called off counts as
 * removed. `version` is the highest of all: the next one follows it.
 */
export async function newestZones(db: Queryable): Promise<readonly KnownZone[]> {
  const { rows } = await db.query<ZoneRow & { isOff: boolean; highest: number }>(
    `SELECT DISTINCT ON (zone_id) ${zoneColumns}, called_off_at IS NOT NULL AS "isOff",
            max(version) OVER (PARTITION BY zone_id) AS highest
       FROM zone_version ORDER BY zone_id, called_off_at IS NOT NULL, zone_version.version DESC`,
  )
  return rows.map(({ isOff, highest, ...zone }) => ({
    ...zoneOf(zone),
    version: highest,
    removed: zone.removed || isOff,
  }))
}

export interface KeptVersion {
  readonly zone: KnownZone
  readonly madeAtMs: number
  /** Null: the platform itself made it. */
  readonly madeBy: string | null
  readonly madeById: string | null
  /** Null: it holds from its time on. */
  readonly calledOff: { readonly atMs: number; readonly by: string | null } | null
}

/** Oldest first. */
export async function versionsOf(db: Queryable, zoneId: string, most: number): Promise<readonly KeptVersion[]> {
  const { rows } = await db.query<KeptRow>(
    `SELECT * FROM (SELECT ${keptColumns} FROM zone_version WHERE zone_id = $1 ORDER BY version DESC LIMIT $2) AS newest
      ORDER BY version`,
    [zoneId, most],
  )
  return rows.map(keptOf)
}

type KeptRow = ZoneRow & Omit<KeptVersion, 'zone' | 'calledOff'> & { offAtMs: number | null; offBy: string | null }

const keptColumns = `${zoneColumns}, made_at AS "madeAtMs", made_by AS "madeById", called_off_at AS "offAtMs",
  (SELECT s.name FROM staff s WHERE s.staff_id = made_by) AS "madeBy",
  (SELECT s.name FROM staff s WHERE s.staff_id = called_off_by) AS "offBy"`

const keptOf = ({ madeAtMs, madeBy, madeById, offAtMs, offBy, ...zone }: KeptRow): KeptVersion => ({
  zone: zoneOf(zone),
  madeAtMs,
  madeBy,
  madeById,
  calledOff: offAtMs === null ? null : { atMs: offAtMs, by: offBy },
})

export interface UnsoundArea {
  readonly feature: number
  /** PostGIS' own words, e.g. `Nested shells`. */
  readonly reason: string
  readonly lon: number | null
  readonly lat: number | null
}

/** The areas that PostGIS does not take, each with the first reason. */
export async function unsoundAreas(db: Queryable, drafts: readonly ZoneDraft[]): Promise<readonly UnsoundArea[]> {
  const drawn = drafts.filter(({ radiusM }) => radiusM === null)
  if (drawn.length === 0) return []
  const { rows } = await db.query<UnsoundArea>(
    `SELECT z.feature, found.reason, ST_X(found.location) AS lon, ST_Y(found.location) AS lat
       FROM unnest($1::int[], $2::text[]) AS z (feature, shape),
            LATERAL ST_IsValidDetail(ST_SetSRID(ST_GeomFromGeoJSON(z.shape), 4326)) AS found
      WHERE NOT found.valid`,
    [drawn.map(({ feature }) => feature), drawn.map(geoJsonOf)],
  )
  return rows
}

export async function saveChanges(
  tx: Queryable,
  changes: readonly ZoneChange[],
  made: { readonly holdsFromMs: EpochMs; readonly atMs: EpochMs; readonly by: StaffId | null },
): Promise<void> {
  const when = [new Date(made.holdsFromMs), new Date(made.atMs), made.by] as const
  const told = changes.flatMap(({ zoneId, version, shape }) => (shape === null ? [] : [{ ...shape, zoneId, version }]))
  if (told.length > 0) {
    const column = <T>(value: (zone: (typeof told)[number]) => T): T[] => told.map(value)
    await tx.query(
      `INSERT INTO zone_version (zone_id, version, kind, name, geom, centre, radius_m, capacity, min_bikes, max_bikes,
                                 max_speed_kmh, removed, holds_from, made_at, made_by)
       SELECT z.zone_id, z.version, z.kind, z.name, area.geom,
              CASE WHEN z.radius_m IS NULL THEN ST_PointOnSurface(area.geom)
                   ELSE ST_SetSRID(ST_MakePoint(z.lon, z.lat), 4326) END,
              z.radius_m, z.capacity, z.min_bikes, z.max_bikes, z.max_speed_kmh, false, $1, $2, $3
         FROM unnest($4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::float8[],
                     $11::float8[], $12::int[], $13::int[], $14::int[], $15::int[])
              AS z (zone_id, version, kind, name, shape, lon, lat, radius_m, capacity, min_bikes, max_bikes, max_speed_kmh),
              LATERAL (SELECT ST_SetSRID(ST_GeomFromGeoJSON(z.shape), 4326) AS geom) AS area`,
      [
        ...when,
        column(({ zoneId }) => zoneId),
        column(({ version }) => version),
        column(({ kind }) => kind),
        column(({ name }) => name),
        column(geoJsonOf),
        column(({ centre }) => centre?.[0] ?? null),
        column(({ centre }) => centre?.[1] ?? null),
        column(({ radiusM }) => radiusM),
        column(({ capacity }) => capacity),
        column(({ minBikes }) => minBikes),
        column(({ maxBikes }) => maxBikes),
        column(({ maxSpeedKmh }) => maxSpeedKmh),
      ],
    )
  }
  const gone = changes.filter(({ shape }) => shape === null)
  if (gone.length === 0) return
  await tx.query(
    `INSERT INTO zone_version (zone_id, version, kind, name, geom, centre, radius_m, capacity, min_bikes, max_bikes,
                               max_speed_kmh, removed, holds_from, made_at, made_by)
     SELECT DISTINCT ON (z.zone_id) z.zone_id, gone.version, z.kind, z.name, z.geom, z.centre, z.radius_m, z.capacity,
            z.min_bikes, z.max_bikes, z.max_speed_kmh, true, $1::timestamptz, $2::timestamptz, $3::uuid
       FROM zone_version z JOIN unnest($4::uuid[], $5::int[]) AS gone (zone_id, version) USING (zone_id)
      WHERE z.called_off_at IS NULL ORDER BY z.zone_id, z.version DESC`,
    [...when, gone.map(({ zoneId }) => zoneId), gone.map(({ version }) => version)],
  )
}

const geoJsonOf = ({ polygons }: Pick<ZoneShape, 'polygons'>): string =>
  JSON.stringify({ type: 'MultiPolygon', coordinates: polygons })
