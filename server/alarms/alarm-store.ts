import { asId, type BikeId, type TripId } from '../../contracts/ids.ts'
import type { AlarmKind, AlarmSeverity, AlarmState } from '../../contracts/live/alarm-kinds.ts'
import type { EpochMs, RealMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { AlarmFacts } from './core/alarm-machine.ts'

/** A stored alarm: who it is of, and the facts that decisions hang on. */
export interface StoredAlarm {
  readonly alarmId: string
  readonly kind: AlarmKind
  readonly bikeId: BikeId
  readonly facts: AlarmFacts
}

/** What open desks are told of a change. */
export interface AlarmChange {
  readonly alarmId: string
  readonly bikeId: BikeId
  readonly kind: AlarmKind
  readonly state: AlarmState
  readonly severity: AlarmSeverity
}

export const changeOf = ({ alarmId, bikeId, kind, facts: { state, severity } }: StoredAlarm): AlarmChange => ({
  ...{ alarmId, bikeId, kind, state, severity },
})

type AlarmRow = AlarmFacts & { readonly alarmId: string; readonly kind: AlarmKind; readonly bikeId: string }

const factColumns = `alarm_id AS "alarmId", kind, bike_id AS "bikeId", state, severity, blocks_rental AS "blocksRental",
  times, raised_at AS "raisedAt", last_seen_at AS "lastSeenAt", assigned_to AS "assignedTo",
  snoozed_until AS "snoozedUntil", resolved_at AS "resolvedAt", resolution, version`

const storedOf = ({ alarmId, kind, bikeId, ...facts }: AlarmRow): StoredAlarm => ({
  ...{ alarmId, kind, bikeId: asId<BikeId>(bikeId), facts },
})

async function read(tx: Queryable, text: string, values: readonly unknown[]): Promise<readonly StoredAlarm[]> {
  const { rows } = await tx.query<AlarmRow>(`SELECT ${factColumns} FROM alarm ${text}`, values)
  return rows.map(storedOf)
}

/** The alarm of a kind on a bike that is told again, held until the transaction ends: the open one, else the newest. */
export async function toldAgainHeld(tx: Queryable, bikeId: BikeId, kind: AlarmKind): Promise<StoredAlarm | null> {
  const where = `WHERE bike_id = $1 AND kind = $2
                 ORDER BY (state <> 'resolved') DESC, raised_at DESC LIMIT 1 FOR UPDATE`
  return (await read(tx, where, [bikeId, kind]))[0] ?? null
}

/** Open ones of these kinds on a bike, held. */
export const openHeld = (tx: Queryable, bikeId: BikeId, kinds: readonly AlarmKind[]): Promise<readonly StoredAlarm[]> =>
  read(tx, `WHERE bike_id = $1 AND kind = ANY($2) AND state <> 'resolved' FOR UPDATE`, [bikeId, kinds])

export async function alarmHeld(tx: Queryable, alarmId: string): Promise<StoredAlarm | null> {
  return (await read(tx, 'WHERE alarm_id = $1 FOR UPDATE', [alarmId]))[0] ?? null
}

/** Snoozed ones whose time has come, held; bounded. */
export const dueHeld = (tx: Queryable, nowMs: EpochMs, most: number): Promise<readonly StoredAlarm[]> =>
  read(tx, 'WHERE snoozed_until <= $1 ORDER BY snoozed_until LIMIT $2 FOR UPDATE', [new Date(nowMs), most])

/** Awake ones of a kind that were last told of before a moment, held; bounded. */
export const quietHeld = (
  tx: Queryable,
  kind: AlarmKind,
  beforeMs: EpochMs,
  most: number,
): Promise<readonly StoredAlarm[]> =>
  read(
    tx,
    `WHERE kind = $1 AND state IN ('open', 'acknowledged') AND last_seen_at < $2
     ORDER BY last_seen_at LIMIT $3 FOR UPDATE`,
    [kind, new Date(beforeMs), most],
  )

export async function hasDue(db: Queryable, nowMs: EpochMs): Promise<boolean> {
  return (await db.query('SELECT 1 FROM alarm WHERE snoozed_until <= $1 LIMIT 1', [new Date(nowMs)])).rowCount > 0
}

/** Every alarm that is not resolved. */
export const openAlarms = (db: Queryable): Promise<readonly StoredAlarm[]> => read(db, `WHERE state <> 'resolved'`, [])

/** Whether this cause was told before. */
export async function isKnownCause(tx: Queryable, causeKey: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM alarm WHERE cause_key = $1', [causeKey])).rowCount > 0
}

export interface Cause {
  readonly tripId: TripId | null
  readonly causeKey: string
  readonly detail: object
}

/** Inserts a new alarm. Null: another transaction opened one of its kind on the bike at this moment. */
export async function insertAlarm(
  tx: Queryable,
  { alarmId, kind, bikeId, facts }: StoredAlarm,
  cause: Cause,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO alarm (alarm_id, kind, bike_id, trip_id, cause_key, state, severity, blocks_rental, raised_at, last_seen_at,
                        times, detail)
     VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11)
     ON CONFLICT (bike_id, kind) WHERE state <> 'resolved' DO NOTHING`,
    [
      ...[alarmId, kind, bikeId, cause.tripId, cause.causeKey, facts.severity, facts.blocksRental],
      ...[new Date(facts.raisedAt), new Date(facts.lastSeenAt), facts.times, JSON.stringify(cause.detail)],
    ],
  )
  return rowCount > 0
}

/** Writes the facts; with a cause, the newest that was told of it as well. */
export async function saveAlarm(
  tx: Queryable,
  { alarmId, facts }: StoredAlarm,
  cause: Cause | null = null,
): Promise<void> {
  const date = (atMs: EpochMs | null) => (atMs === null ? null : new Date(atMs))
  await tx.query(
    `UPDATE alarm SET state = $2, severity = $3, blocks_rental = $4, times = $5, last_seen_at = $6, assigned_to = $7,
            snoozed_until = $8, resolved_at = $9, resolution = $10, version = $11,
            cause_key = coalesce($12::text, cause_key), trip_id = coalesce($13::uuid, trip_id),
            detail = coalesce($14::jsonb, detail)
      WHERE alarm_id = $1`,
    [
      ...[alarmId, facts.state, facts.severity, facts.blocksRental, facts.times, new Date(facts.lastSeenAt)],
      ...[facts.assignedTo, date(facts.snoozedUntil), date(facts.resolvedAt), facts.resolution, facts.version],
      ...[cause?.causeKey ?? null, cause?.tripId ?? null, cause === null ? null : JSON.stringify(cause.detail)],
    ],
  )
}

export interface ActLine {
  readonly alarmId: string
  readonly act: string
  /** Null: by itself. */
  readonly staffId: string | null
  readonly note: string | null
  readonly detail: object
}

/** One line of the history. */
export async function writeAct(tx: Queryable, line: ActLine, atMs: EpochMs, realMs: RealMs): Promise<void> {
  await tx.query(
    'INSERT INTO alarm_act (alarm_id, at, real_at, staff_id, act, note, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [line.alarmId, new Date(atMs), new Date(realMs), line.staffId, line.act, line.note, JSON.stringify(line.detail)],
  )
}

/** Who changed it last; null: it changed by itself, or nobody did. */
export async function lastHand(tx: Queryable, alarmId: string): Promise<string | null> {
  const { rows } = await tx.query<{ name: string | null }>(
    `SELECT s.name FROM alarm_act a LEFT JOIN staff s USING (staff_id)
      WHERE a.alarm_id = $1 AND a.act <> 'note' ORDER BY a.act_id DESC LIMIT 1`,
    [alarmId],
  )
  return rows[0]?.name ?? null
}

export async function isColleague(tx: Queryable, staffId: string): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM staff WHERE staff_id = $1', [staffId])).rowCount > 0
}

/** Bikes that crews did not find at least twice since `sinceMs`, and that are still missed. */
export async function notFoundTwice(db: Queryable, sinceMs: EpochMs): Promise<ReadonlySet<BikeId>> {
  const { rows } = await db.query<{ bike_id: BikeId }>(
    `SELECT bike_id FROM alarm WHERE kind = 'not_found' AND raised_at > $1
        AND bike_id IN (SELECT bike_id FROM alarm WHERE kind = 'not_found' AND state <> 'resolved')
      GROUP BY bike_id HAVING sum(times) >= 2`,
    [new Date(sinceMs)],
  )
  return new Set(rows.map((row) => row.bike_id))
}

/** Bikes that are none of ours any more. */
export async function retiredBikes(db: Queryable): Promise<ReadonlySet<BikeId>> {
  const { rows } = await db.query<{ bike_id: BikeId }>('SELECT bike_id FROM bike WHERE retired_at IS NOT NULL')
  return new Set(rows.map(({ bike_id }) => bike_id))
}
