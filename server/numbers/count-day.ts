import type { Queryable } from '../platform/database.ts'
import { type DayCounts, type MoneySums, noCounts } from './core/day-counts.ts'
import { longestMs, type Spread, stepGrowth } from './core/spread.ts'

/** A local day, or its beginning: rows of [from, to) and hours and half hours before the `upTo` ones. */
export interface Span {
  readonly day: string
  readonly fromMs: number
  readonly toMs: number
  /** 24 and 48 for a whole day. */
  readonly hours: number
  readonly slots: number
}

/**
 * How a ride ends that is no fault of its lock, as far as one knows: closed, given back out of a pause, or ended by a
 * colleague, where an alarm tells of the lock that stayed open.
 */
const usualEnds = ['lock', 'other', 'pause_too_long', 'staff']
const saidNotClosed = 'lock_will_not_close'
const neverAnswered = 'unlock_unanswered'

/** Everything that is counted of a day, each by an index of its time. */
export async function countDay(db: Queryable, span: Span): Promise<DayCounts> {
  const rides = await countRides(db, span)
  const demand = await one<Pick<DayCounts, 'searches' | 'unmetSearches' | 'failedScans'>>(
    db,
    `SELECT coalesce(sum(searches), 0)::int8 AS searches, coalesce(sum(unmet), 0)::int8 AS "unmetSearches",
            coalesce(sum(failed_scans), 0)::int8 AS "failedScans"
       FROM demand_count WHERE local_day = $1 AND slot < $2`,
    [span.day, span.slots],
  )
  const hotspots = await one<Pick<DayCounts, 'hotspotSamples' | 'hotspotWithBike'>>(
    db,
    `SELECT coalesce(sum(samples), 0)::int8 AS "hotspotSamples", coalesce(sum(with_bike), 0)::int8 AS "hotspotWithBike"
       FROM hotspot_hour WHERE local_day = $1 AND hour < $2`,
    [span.day, span.hours],
  )
  const fleet = await one<{ samples: number; inService: number; available: number }>(
    db,
    `SELECT coalesce(sum(samples), 0)::int8 AS samples, coalesce(sum(in_service), 0)::int8 AS "inService",
            coalesce(sum(available), 0)::int8 AS available
       FROM fleet_hour WHERE local_day = $1 AND hour < $2`,
    [span.day, span.hours],
  )
  const wasSampled = fleet.samples > 0
  return {
    ...noCounts,
    ...rides,
    ...(await countUnlocks(db, span)),
    ...demand,
    ...hotspots,
    ...(wasSampled
      ? {
          bikeDays: fleet.inService / fleet.samples,
          availableDays: fleet.available / fleet.samples,
          sampledDays: 1,
          sampledRides: rides.rides,
        }
      : {}),
    ...(await countAlarms(db, span)),
  }
}

type RideCounts = Pick<
  DayCounts,
  'rides' | 'endedRides' | 'rideMs' | 'placedRides' | 'straightM' | 'notClosed' | 'notHeard' | 'notAnswered'
>

const countRides = (db: Queryable, span: Span): Promise<RideCounts> =>
  one<RideCounts>(
    db,
    `SELECT count(*) FILTER (WHERE began) AS rides, count(*) FILTER (WHERE is_over) AS "endedRides",
            coalesce(round(sum(${millisecondsSql('started_at', 'ended_at')}) FILTER (WHERE is_over)), 0)::int8
              AS "rideMs",
            count(straight_m) AS "placedRides", coalesce(round(sum(straight_m)), 0)::int8 AS "straightM",
            count(*) FILTER (WHERE is_over AND end_reason = $3) AS "notClosed",
            count(*) FILTER (WHERE is_over AND end_reason <> $3 AND end_reason <> ALL ($4)) AS "notHeard",
            count(*) FILTER (WHERE failure = $5) AS "notAnswered"
       FROM (SELECT *, started_at IS NOT NULL AS began,
                    started_at IS NOT NULL AND state IN ('ended', 'charged') AS is_over,
                    CASE WHEN state IN ('ended', 'charged') THEN ST_DistanceSphere(start_geom, end_geom) END AS straight_m
               FROM trip WHERE created_at >= $1 AND created_at < $2) AS t`,
    [new Date(span.fromMs), new Date(span.toMs), saidNotClosed, usualEnds, neverAnswered],
  )

type UnlockCounts = Pick<DayCounts, 'opened' | 'refused' | 'jammed' | 'unanswered' | 'openings'>

/**
 * The step of a duration, as core/spread.ts has it; what ended before it began counts as instant. In binary numbers: a
 * logarithm of decimal ones takes a thousand times as long.
 */
const stepSql = (from: string, to: string): string =>
  `round(ln(least(${longestMs}::float8, greatest(1::float8, ${millisecondsSql(from, to)}))) / ${Math.log(stepGrowth)}::float8)::int`
const millisecondsSql = (from: string, to: string): string => `(extract(epoch FROM ${to} - ${from})::float8 * 1000)`

async function countUnlocks(db: Queryable, span: Span): Promise<UnlockCounts> {
  const { rows } = await db.query<{ outcome: keyof typeof outcomes; step: number | null; count: number }>(
    `SELECT state AS outcome, count(*) AS count,
            CASE WHEN state = 'done' THEN ${stepSql('issued_at', 'ended_at')} END AS step
       FROM command WHERE op = 'unlock' AND issued_at >= $1 AND issued_at < $2 AND ended_at IS NOT NULL
      GROUP BY 1, 3 ORDER BY 3`,
    [new Date(span.fromMs), new Date(span.toMs)],
  )
  const counts = { opened: 0, refused: 0, jammed: 0, unanswered: 0 }
  for (const { outcome, count } of rows) counts[outcomes[outcome]] += count
  return { ...counts, openings: spreadOf(rows) }
}

/** Of a command that has come to an end. An expired one was never carried out: its lock was not there in time. */
const outcomes = {
  done: 'opened',
  rejected: 'refused',
  failed: 'jammed',
  expired: 'unanswered',
  unknown: 'unanswered',
} as const

async function countAlarms(db: Queryable, span: Span): Promise<Pick<DayCounts, 'alarms' | 'takenUp'>> {
  const { rows } = await db.query<{ step: number | null; count: number }>(
    `SELECT count(*) AS count,
            CASE WHEN first_at IS NOT NULL THEN ${stepSql('raised_at', 'first_at')} END AS step
       FROM (SELECT raised_at, (SELECT min(at) FROM alarm_act
                                 WHERE alarm_act.alarm_id = alarm.alarm_id AND staff_id IS NOT NULL) AS first_at
               FROM alarm WHERE raised_at >= $1 AND raised_at < $2) AS a
      GROUP BY 2 ORDER BY 2`,
    [new Date(span.fromMs), new Date(span.toMs)],
  )
  return { alarms: rows.reduce((sum, { count }) => sum + count, 0), takenUp: spreadOf(rows) }
}

const spreadOf = (rows: readonly { readonly step: number | null; readonly count: number }[]): Spread =>
  rows.flatMap(({ step, count }): Spread => (step === null ? [] : [[step, count]]))

/** What the ledger has of these moments, by currency. */
export async function countMoney(
  db: Queryable,
  { fromMs, toMs }: Pick<Span, 'fromMs' | 'toMs'>,
): Promise<readonly (MoneySums & { readonly currency: string })[]> {
  const { rows } = await db.query<MoneySums & { currency: string }>(
    `SELECT currency, coalesce(-sum(amount_minor) FILTER (WHERE code = 'revenue:rides'), 0)::int8 AS "netMinor",
            coalesce(-sum(amount_minor) FILTER (WHERE code LIKE 'vat:payable:%'), 0)::int8 AS "vatMinor",
            coalesce(sum(amount_minor) FILTER (WHERE event = 'refunded' AND amount_minor > 0), 0)::int8
              AS "refundedMinor",
            coalesce(sum(amount_minor) FILTER (WHERE code = 'writeoff'), 0)::int8 AS "writtenOffMinor"
       FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
      WHERE posted_at >= $1 AND posted_at < $2 GROUP BY currency ORDER BY currency`,
    [new Date(fromMs), new Date(toMs)],
  )
  return rows
}

export interface LockSums {
  readonly lockId: string
  readonly asked: number
  readonly opened: number
  readonly refused: number
  readonly jammed: number
  readonly unanswered: number
  readonly openingMs: number
}

/** SQL of the unlocks that ended, by lock; $1 and $2 are the moments. */
export const lockSumsSql = `SELECT lock_id, count(*) AS asked, count(*) FILTER (WHERE state = 'done') AS opened,
  count(*) FILTER (WHERE state = 'rejected') AS refused, count(*) FILTER (WHERE state = 'failed') AS jammed,
  count(*) FILTER (WHERE state IN ('expired', 'unknown')) AS unanswered,
  coalesce(round(sum(greatest(0, ${millisecondsSql('issued_at', 'ended_at')})) FILTER (WHERE state = 'done')), 0)::int8
    AS opening_ms
  FROM command WHERE op = 'unlock' AND issued_at >= $1 AND issued_at < $2 AND ended_at IS NOT NULL GROUP BY lock_id`

async function one<Row>(db: Queryable, text: string, values: readonly unknown[]): Promise<Row> {
  const { rows } = await db.query<Row>(text, values)
  return rows[0] as Row
}
