import type { BikeId, TripId } from '../../contracts/ids.ts'
import type { AlarmKind, AlarmSeverity } from '../../contracts/live/alarm-kinds.ts'
import type { EpochMs, RealMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

export interface NewAlarm {
  readonly alarmId: string
  readonly kind: AlarmKind
  readonly bikeId: BikeId
  readonly tripId: TripId | null
  readonly causeKey: string
  readonly severity: AlarmSeverity
  readonly blocksRental: boolean
  readonly detail: object
  readonly atMs: EpochMs
  readonly counts: boolean
}

export interface AlarmChange {
  readonly alarmId: string
  readonly bikeId: BikeId
  readonly state: string
}

/**
 * Raises an alarm, or tells an open one of its kind again: it counts up and becomes as bad as the worst that was told.
 * A cause that was told before changes nothing: null.
 */
export async function upsertAlarm(tx: Queryable, alarm: NewAlarm, realMs: RealMs): Promise<AlarmChange | null> {
  const { rows } = await tx.query<AlarmChange>(
    `WITH told AS (
       INSERT INTO alarm AS a (alarm_id, kind, bike_id, trip_id, cause_key, state, severity, blocks_rental, raised_at,
                               last_seen_at, detail)
       SELECT $1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, 'open', $6::text, $7::boolean, $8::timestamptz,
              $8::timestamptz, $9::jsonb
        WHERE NOT EXISTS (SELECT 1 FROM alarm WHERE cause_key = $5::text)
       ON CONFLICT (bike_id, kind) WHERE state <> 'resolved' DO UPDATE SET
         times = a.times + $11::int, last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
         cause_key = excluded.cause_key, trip_id = coalesce(excluded.trip_id, a.trip_id), detail = excluded.detail,
         blocks_rental = a.blocks_rental OR excluded.blocks_rental,
         severity = CASE WHEN array_position(ARRAY['urgent', 'warning', 'notice'], excluded.severity)
                              < array_position(ARRAY['urgent', 'warning', 'notice'], a.severity)
                         THEN excluded.severity ELSE a.severity END
       RETURNING alarm_id, bike_id, state),
     first AS (
       INSERT INTO alarm_act (alarm_id, at, real_at, act)
       SELECT alarm_id, $8::timestamptz, $10::timestamptz, 'raised' FROM told WHERE alarm_id = $1::uuid)
     SELECT alarm_id AS "alarmId", bike_id AS "bikeId", state FROM told`,
    [
      alarm.alarmId,
      alarm.kind,
      alarm.bikeId,
      alarm.tripId,
      alarm.causeKey,
      alarm.severity,
      alarm.blocksRental,
      new Date(alarm.atMs),
      JSON.stringify(alarm.detail),
      new Date(realMs),
      alarm.counts ? 1 : 0,
    ],
  )
  return rows[0] ?? null
}

/** Alarms of these kinds are over: the bike itself showed it. */
export async function endAlarms(
  tx: Queryable,
  bikeId: BikeId,
  kinds: readonly AlarmKind[],
  when: { readonly atMs: EpochMs; readonly realMs: RealMs },
): Promise<readonly AlarmChange[]> {
  const { rows } = await tx.query<AlarmChange>(
    `WITH ended AS (
       UPDATE alarm SET state = 'resolved', resolved_at = greatest($3::timestamptz, raised_at), snoozed_until = NULL,
              resolution = 'by_itself', version = version + 1
        WHERE bike_id = $1 AND kind = ANY($2) AND state <> 'resolved' RETURNING alarm_id, bike_id, state),
     last AS (
       INSERT INTO alarm_act (alarm_id, at, real_at, act) SELECT alarm_id, $3::timestamptz, $4::timestamptz, 'ended' FROM ended)
     SELECT alarm_id AS "alarmId", bike_id AS "bikeId", state FROM ended`,
    [bikeId, kinds, new Date(when.atMs), new Date(when.realMs)],
  )
  return rows
}
