import type { SettingsChange } from '../../contracts/http/lock-settings.ts'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { LockSettings } from '../../contracts/mqtt/config.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { Decided } from './core/wanted-settings.ts'

/** What holds: of all locks (no bike), and of each bike that has something of its own or had. */
export async function heldDecisions(db: Queryable): Promise<readonly (Decided & { readonly bikeId: BikeId | null })[]> {
  const { rows } = await db.query<{ bike_id: BikeId | null; change_id: number; settings: LockSettings | null }>(
    'SELECT DISTINCT ON (bike_id) bike_id, change_id, settings FROM lock_settings_change ORDER BY bike_id, change_id DESC',
  )
  return rows.map((row) => ({ bikeId: row.bike_id, version: row.change_id, settings: row.settings }))
}

/**
 * One decision at a time: their numbers count up. Returns the highest that was given, and the newest that holds for this
 * bike, or for all of them (null); 0: none. Memory may not know of the one before yet.
 */
export async function holdDecisions(
  tx: Queryable,
  bikeId: BikeId | null,
): Promise<{ readonly highest: number; readonly newest: number }> {
  await tx.query('LOCK TABLE lock_settings_change IN SHARE ROW EXCLUSIVE MODE')
  const { rows } = await tx.query<{ highest: number | null; newest: number | null }>(
    `SELECT (SELECT max(change_id) FROM lock_settings_change) AS highest,
            (SELECT max(change_id) FROM lock_settings_change WHERE bike_id IS NULL OR bike_id = $1) AS newest`,
    [bikeId],
  )
  return { highest: rows[0]?.highest ?? 0, newest: rows[0]?.newest ?? 0 }
}

export async function insertDecision(
  tx: Queryable,
  change: Decided & {
    readonly bikeId: BikeId | null
    readonly reason: string
    readonly staffId: string
    readonly atMs: EpochMs
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO lock_settings_change (change_id, bike_id, settings, reason, staff_id, at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      change.version,
      change.bikeId,
      change.settings === null ? null : JSON.stringify(change.settings),
      change.reason,
      change.staffId,
      new Date(change.atMs),
    ],
  )
}

/** Decisions on all locks, and on this bike's when one is asked for, newest first. */
export async function readChanges(
  db: Queryable,
  bikeId: BikeId | null,
  limit: number,
): Promise<readonly SettingsChange[]> {
  const { rows } = await db.query<{
    change_id: number
    bike_id: string | null
    settings: LockSettings | null
    reason: string
    staff_id: string
    name: string
    at: number
  }>(
    `SELECT c.change_id, c.bike_id, c.settings, c.reason, c.staff_id, s.name, c.at
       FROM lock_settings_change c JOIN staff s USING (staff_id)
      WHERE c.bike_id IS NULL OR c.bike_id = $1 ORDER BY c.change_id DESC LIMIT $2`,
    [bikeId, limit],
  )
  return rows.map((row) => ({
    version: row.change_id,
    of: row.bike_id === null ? 'fleet' : 'bike',
    settings: row.settings,
    reason: row.reason,
    by: { staffId: row.staff_id, name: row.name },
    at: row.at,
  }))
}

/** What the keys of these locks are derived with. */
export async function keyPlaces(
  db: Queryable,
  lockIds: readonly LockId[],
): Promise<readonly { readonly lockId: LockId; readonly epoch: number; readonly version: number }[]> {
  const { rows } = await db.query<{ lock_id: LockId; key_epoch: number; key_version: number }>(
    'SELECT lock_id, key_epoch, key_version FROM lock WHERE lock_id = ANY($1::text[])',
    [lockIds],
  )
  return rows.map((row) => ({ lockId: row.lock_id, epoch: row.key_epoch, version: row.key_version }))
}
