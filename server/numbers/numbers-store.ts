import type { Queryable } from '../platform/database.ts'
import { type LockSums, lockSumsSql, type Span } from './count-day.ts'

interface DayRange {
  readonly from: string
  readonly to: string
}

export interface HotspotHour {
  readonly zoneId: string
  readonly name: string
  readonly hour: number
  readonly samples: number
  readonly withBike: number
  readonly stock: number
  readonly least: number
  readonly most: number
}

/** Each hotspot and hour that was looked at, by the newest name. */
export async function hotspotHours(db: Queryable, range: DayRange, most: number): Promise<readonly HotspotHour[]> {
  const { rows } = await db.query<HotspotHour>(
    `SELECT h.zone_id AS "zoneId", coalesce(z.name, '?') AS name, h.hour::int AS hour, h.samples, h.with_bike AS "withBike",
            h.stock, h.least, h.most
       FROM (SELECT zone_id, hour, sum(samples)::int8 AS samples, sum(with_bike)::int8 AS with_bike,
                    sum(stock)::int8 AS stock, sum(least)::int8 AS least, sum(most)::int8 AS most
               FROM hotspot_hour WHERE local_day BETWEEN $1 AND $2 GROUP BY zone_id, hour) AS h
       LEFT JOIN (SELECT DISTINCT ON (zone_id) zone_id, name FROM zone_version WHERE called_off_at IS NULL
                   ORDER BY zone_id, version DESC) AS z USING (zone_id)
      ORDER BY z.name, h.zone_id, h.hour LIMIT $3`,
    [range.from, range.to, most],
  )
  return rows
}

export interface UnmetSums {
  readonly unmetSearches: number
  readonly failedScans: number
}

/** Days, read by the partial index that holds nothing else. */
const unmetDays = 'local_day BETWEEN $1 AND $2 AND (unmet > 0 OR failed_scans > 0)'
const unmetSums = 'sum(unmet)::int8 AS "unmetSearches", sum(failed_scans)::int8 AS "failedScans"'

export async function unmetCells(
  db: Queryable,
  range: DayRange,
  most: number,
): Promise<readonly (UnmetSums & { readonly cell: string })[]> {
  const { rows } = await db.query<UnmetSums & { cell: string }>(
    `SELECT cell, ${unmetSums} FROM demand_count WHERE ${unmetDays}
      GROUP BY cell ORDER BY sum(unmet + failed_scans) DESC, cell LIMIT $3`,
    [range.from, range.to, most],
  )
  return rows
}

export async function unmetHours(
  db: Queryable,
  range: DayRange,
): Promise<readonly (UnmetSums & { readonly hour: number })[]> {
  const { rows } = await db.query<UnmetSums & { hour: number }>(
    `SELECT (slot / 2)::int AS hour, ${unmetSums} FROM demand_count WHERE ${unmetDays} GROUP BY 1 ORDER BY 1`,
    [range.from, range.to],
  )
  return rows
}

/** Locks whose unlocks failed most often; of `today`, where given, from the commands themselves. */
export async function worstLocks(
  db: Queryable,
  range: DayRange,
  today: Pick<Span, 'day' | 'fromMs' | 'toMs'> | null,
  most: number,
): Promise<readonly (Omit<LockSums, 'lockId'> & { readonly bikeId: string; readonly bikeNumber: string })[]> {
  const { rows } = await db.query<Omit<LockSums, 'lockId'> & { bikeId: string; bikeNumber: string }>(
    `SELECT bike_id AS "bikeId", number AS "bikeNumber", w.asked, w.opened, w.refused, w.jammed, w.unanswered,
            w.opening_ms AS "openingMs"
       FROM (SELECT lock_id, sum(asked)::int8 AS asked, sum(opened)::int8 AS opened, sum(refused)::int8 AS refused,
                    sum(jammed)::int8 AS jammed, sum(unanswered)::int8 AS unanswered,
                    sum(opening_ms)::int8 AS opening_ms
               FROM (SELECT lock_id, asked, opened, refused, jammed, unanswered, opening_ms FROM day_lock
                      WHERE local_day BETWEEN $3 AND $4 AND local_day <> $5
                     UNION ALL ${lockSumsSql}) AS days
              GROUP BY lock_id HAVING sum(asked) > sum(opened)
              ORDER BY sum(asked - opened) DESC, sum(opened)::float8 / sum(asked), lock_id LIMIT $6) AS w
       JOIN bike USING (lock_id)
      ORDER BY w.asked - w.opened DESC, w.opened::float8 / w.asked, number`,
    [
      new Date(today?.fromMs ?? 0),
      new Date(today?.toMs ?? 0),
      range.from,
      range.to,
      // A day of the past that is asked alone: nothing is left out.
      today?.day ?? '1970-01-01',
      most,
    ],
  )
  return rows
}
