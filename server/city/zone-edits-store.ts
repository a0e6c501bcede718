import type { ZonesScheduled } from '../../contracts/http/zones.ts'
import type { StaffId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { KnownZone } from './core/zone-draft.ts'
import { type ZoneRow, zoneColumns, zoneOf } from './zones-at.ts'

/**
 * Of every zone the version that holds at a moment, and those that follow it later; removed ones too.
 * @param without a version that counts as called off
 */
export async function versionsFrom(
  db: Queryable,
  fromMs: EpochMs,
  without: { readonly zoneId: string; readonly version: number } | null = null,
): Promise<readonly KnownZone[]> {
  const { rows } = await db.query<ZoneRow>(
    `WITH standing AS (
       SELECT * FROM zone_version
        WHERE called_off_at IS NULL AND (zone_id, version) IS DISTINCT FROM ($2::uuid, $3::int))
     SELECT ${zoneColumns} FROM standing z
      WHERE NOT EXISTS (
        SELECT 1 FROM standing n
         WHERE n.zone_id = z.zone_id AND n.version > z.version AND n.holds_from <= greatest(z.holds_from, $1))`,
    [new Date(fromMs), without?.zoneId ?? null, without?.version ?? null],
  )
  return rows.map(zoneOf)
}

/** Changes that have not begun at a moment and were not overtaken by a newer one, the next first. */
export async function scheduledAfter(
  db: Queryable,
  atMs: EpochMs,
  most: number,
): Promise<readonly ZonesScheduled['changes'][number][]> {
  const { rows } = await db.query<
    Omit<ZonesScheduled['changes'][number], 'what' | 'holdsFrom' | 'madeAt'> & {
      removed: boolean
      wasThere: boolean
      holdsFromMs: number
      madeAtMs: number
    }
  >(
    `SELECT z.zone_id AS "zoneId", z.version, z.kind, z.name, z.removed, z.holds_from AS "holdsFromMs",
            z.made_at AS "madeAtMs", (SELECT s.name FROM staff s WHERE s.staff_id = z.made_by) AS "madeBy",
            coalesce((SELECT NOT b.removed FROM zone_version b
                       WHERE b.zone_id = z.zone_id AND b.version < z.version AND b.called_off_at IS NULL
                         AND b.holds_from <= z.holds_from
                       ORDER BY b.version DESC LIMIT 1), false) AS "wasThere"
       FROM zone_version z
      WHERE z.holds_from > $1 AND z.called_off_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM zone_version n
         WHERE n.zone_id = z.zone_id AND n.version > z.version AND n.called_off_at IS NULL
           AND n.holds_from <= z.holds_from)
      ORDER BY z.holds_from, z.name, z.zone_id LIMIT $2`,
    [new Date(atMs), most],
  )
  return rows.map(({ removed, wasThere, holdsFromMs, madeAtMs, ...rest }) => ({
    ...rest,
    what: removed ? 'removed' : wasThere ? 'changed' : 'new',
    holdsFrom: epochMs(holdsFromMs),
    madeAt: epochMs(madeAtMs),
  }))
}

/** False when it holds already, was called off before, or never was. */
export async function callOff(
  tx: Queryable,
  { zoneId, version }: { readonly zoneId: string; readonly version: number },
  by: { readonly staffId: StaffId; readonly atMs: EpochMs },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE zone_version SET called_off_at = $3, called_off_by = $4
      WHERE zone_id = $1 AND version = $2 AND holds_from > $3 AND called_off_at IS NULL`,
    [zoneId, version, new Date(by.atMs), by.staffId],
  )
  return rowCount === 1
}

/** Changes whenever other zones hold: by a change, and when a scheduled one begins. */
export async function holdingRevision(db: Queryable, atMs: EpochMs): Promise<string> {
  const { rows } = await db.query<{ revision: string }>(
    `SELECT count(*) || '.' || count(called_off_at) || '.' || count(*) FILTER (WHERE holds_from <= $1) AS revision
       FROM zone_version`,
    [new Date(atMs)],
  )
  return rows[0]?.revision ?? ''
}
