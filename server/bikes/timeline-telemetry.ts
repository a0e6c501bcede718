import type { Queryable } from '../platform/database.ts'
import type { After, Placed } from './core/timeline-page.ts'
import type { TimelineBike } from './timeline-sources.ts'

const hourMs = 3_600_000

interface HourRow {
  at: number
  count: number
  first_at: number
  last_at: number
  first_soc: number
  last_soc: number
}

/**
 * Telemetry by the hour, for a parked lock says the same a dozen times. Goes from hour to hour by the index, so that a long
 * silence costs nothing; an hour's place is its start, which does not move while the hour fills.
 */
export async function readTelemetry(
  db: Queryable,
  { lockId }: TimelineBike,
  after: After,
  limit: number,
): Promise<readonly Placed[]> {
  const { rows } = await db.query<HourRow>(
    `WITH RECURSIVE hour (h) AS (
       (SELECT date_bin('1 hour', made_at, TIMESTAMPTZ 'epoch') FROM position
         WHERE lock_id = $1 AND made_at < $2 ORDER BY made_at DESC LIMIT 1)
       UNION ALL
       SELECT date_bin('1 hour', earlier.made_at, TIMESTAMPTZ 'epoch')
         FROM hour, LATERAL (SELECT made_at FROM position WHERE lock_id = $1 AND made_at < hour.h
                              ORDER BY made_at DESC LIMIT 1) AS earlier)
     SELECT wanted.h AS at, said.*
       FROM (SELECT h FROM hour LIMIT $3) AS wanted, LATERAL (
         SELECT count(*) AS count, min(made_at) AS first_at, max(made_at) AS last_at,
                (array_agg(soc ORDER BY made_at))[1] AS first_soc, (array_agg(soc ORDER BY made_at DESC))[1] AS last_soc
           FROM position WHERE lock_id = $1 AND made_at >= wanted.h AND made_at < wanted.h + interval '1 hour') AS said
      ORDER BY wanted.h DESC`,
    [lockId, new Date(firstMomentAfter(after)), limit],
  )
  return rows.map(({ at, count, first_at, last_at, first_soc, last_soc }) => ({
    sourceId: String(at),
    item: {
      ...{ id: `telemetry:${at}`, at, kind: 'telemetry', title: 'hour', by: null, steps: [], link: null },
      facts: { count, firstAt: first_at, lastAt: last_at, firstPercent: first_soc, lastPercent: last_soc },
    },
  }))
}

/** Records before this moment belong to hours that start after the place, in the timeline's order. */
function firstMomentAfter({ at, sameMoment }: After): number {
  const startsHour = at % hourMs === 0
  return startsHour && !sameMoment ? at : Math.floor(at / hourMs) * hourMs + hourMs
}
