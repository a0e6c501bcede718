import type { TimelineItem } from '../../contracts/http/bike-page.ts'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { TimelineKind } from '../../contracts/live/timeline-kinds.ts'
import type { Queryable } from '../platform/database.ts'
import type { After, Placed } from './core/timeline-page.ts'
import { readTelemetry } from './timeline-telemetry.ts'

export interface TimelineBike {
  readonly bikeId: BikeId
  readonly lockId: LockId
}
type Facts = TimelineItem['facts']

/** One kind of rows that a timeline is made of: brings its next `limit` after a place, newest first, by an index. */
export interface TimelineSource {
  readonly kind: TimelineKind
  readonly read: (db: Queryable, bike: TimelineBike, after: After, limit: number) => Promise<readonly Placed[]>
}

interface Row {
  readonly id: string
  readonly at: number
  readonly title: string
  readonly facts: Facts
  readonly by: string | null
  readonly steps: TimelineItem['steps'] | null
  readonly link: string | null
}

/**
 * A source out of one statement. `select` gives the columns of `Row`, from tables joined as `from` says; `$1` is the id of
 * the bike, or of its lock.
 */
function source(
  kind: TimelineKind,
  prefix: string,
  sql: {
    readonly of: 'bike' | 'lock'
    readonly at: string
    readonly id: string
    readonly idType: 'uuid' | 'bigint'
    readonly select: string
    readonly from: string
  },
): TimelineSource {
  const { at, id, idType } = sql
  const text = `
    SELECT ${id}::text AS id, ${at} AS at, ${sql.select}
      FROM ${sql.from} AND ${at} <= $2 AND (${at} < $2 OR $3::boolean OR ${id} < $4::${idType})
     ORDER BY ${at} DESC, ${id} DESC LIMIT $5`
  return {
    kind,
    read: async (db, bike, after, limit) => {
      const key = sql.of === 'bike' ? bike.bikeId : bike.lockId
      const { rows } = await db.query<Row>(text, [key, new Date(after.at), after.sameMoment, after.belowId, limit])
      return rows.map(({ id: sourceId, at: atMs, title, facts, by, steps, link }) => ({
        sourceId,
        item: { id: `${prefix}:${sourceId}`, at: atMs, kind, title, facts, by, steps: steps ?? [], link },
      }))
    },
  }
}

const noSteps = 'NULL::jsonb AS steps'
const noBy = 'NULL::text AS by'

/** In the order of their rank: never put one between others, or pages that are open go on at a wrong place. */
export const timelineSources: readonly TimelineSource[] = [
  source('message', 'message', {
    of: 'lock',
    at: 'r.made_at',
    id: 'r.report_id',
    idType: 'bigint',
    select: `CASE r.kind WHEN 'evt' THEN 'evt_' || (r.body ->> 'k') ELSE r.kind END AS title,
      jsonb_strip_nulls(jsonb_build_object('to', r.body -> 'to', 'from', r.body -> 'from', 'by', r.body -> 'by',
        'alarm', r.body -> 'a', 'level', r.body -> 'lv', 'reset', r.body -> 'rr', 'battery', r.body -> 'soc',
        'firmware', r.body -> 'fw', 'bolt', r.body -> 'bolt', 'answer', r.body -> 'st', 'code', r.body -> 'rc',
        'metres', r.body -> 'dm', 'peakMg', r.body -> 'g', 'times', r.body -> 'n', 'milliVolts', r.body -> 'mv',
        'ranMs', r.body -> 'up', 'settings', r.body -> 'cv', 'refused', r.body -> 'why',
        'broken', CASE WHEN r.body ->> 'k' = 'self' THEN (SELECT coalesce(string_agg(part.key, ','), '')
          FROM jsonb_each_text(r.body) AS part
         WHERE part.value = '0' AND part.key IN ('bolt', 'gnss', 'modem', 'imu', 'flash', 'batt')) END,
        'lateMs', nullif(greatest(0, round(extract(epoch FROM r.received_at - r.made_at) * 1000)), 0))) AS facts,
      ${noBy}, ${noSteps}, r.report_id::text AS link`,
    from: 'lock_report r WHERE r.lock_id = $1',
  }),
  { kind: 'telemetry', read: readTelemetry },
  source('command', 'command', {
    of: 'bike',
    at: 'c.asked_at',
    id: 'c.command_id',
    idType: 'uuid',
    select: `c.op AS title,
      jsonb_build_object('state', c.state, 'code', c.result_code, 'reason', c.reason, 'of', 'staff') AS facts,
      s.name AS by, (SELECT jsonb_agg(step || '{"by": null, "note": null}') FROM jsonb_array_elements(c.steps) AS step)
        AS steps, c.command_id::text AS link`,
    from: 'staff_command c JOIN staff s ON s.staff_id = c.asked_by WHERE c.bike_id = $1',
  }),
  // Of rides and crews; what staff asked for is told by the source before.
  source('command', 'lock_command', {
    of: 'lock',
    at: 'c.issued_at',
    id: 'c.command_id',
    idType: 'uuid',
    select: `c.op AS title,
      jsonb_build_object('state', c.state, 'code', c.result_code, 'tripId', c.trip_id,
        'tookMs', round(extract(epoch FROM c.ended_at - c.issued_at) * 1000),
        'of', CASE WHEN c.trip_id IS NULL THEN 'crew' ELSE 'ride' END) AS facts,
      ${noBy}, ${noSteps}, NULL::text AS link`,
    from: `command c WHERE c.lock_id = $1
       AND NOT EXISTS (SELECT 1 FROM staff_command w WHERE w.command_id = c.command_id)`,
  }),
  source('trip', 'trip', {
    of: 'lock',
    at: 't.created_at',
    id: 't.trip_id',
    idType: 'uuid',
    select: `t.state AS title,
      jsonb_build_object('state', t.state, 'failure', t.failure, 'endReason', t.end_reason,
        'lengthMs', round(extract(epoch FROM t.ended_at - t.started_at) * 1000),
        'totalMinor', t.price -> 'total', 'currency', t.price -> 'currency') AS facts,
      ${noBy}, ${noSteps}, t.trip_id::text AS link`,
    from: 'trip t WHERE t.lock_id = $1',
  }),
  source('alarm', 'alarm', {
    of: 'bike',
    at: 'a.raised_at',
    id: 'a.alarm_id',
    idType: 'uuid',
    select: `a.kind AS title,
      jsonb_build_object('state', a.state, 'severity', a.severity, 'times', a.times, 'resolution', a.resolution,
        'blocks', a.blocks_rental) AS facts,
      NULL::text AS by,
      (SELECT jsonb_agg(jsonb_build_object('state', act, 'at', at_ms, 'by', name, 'note', note) ORDER BY act_id)
         FROM (SELECT x.act_id, x.act, round(extract(epoch FROM x.at) * 1000) AS at_ms, p.name, x.note
                 FROM alarm_act x LEFT JOIN staff p USING (staff_id)
                WHERE x.alarm_id = a.alarm_id AND x.act <> 'raised' ORDER BY x.act_id DESC LIMIT 20) AS acts) AS steps,
      a.alarm_id::text AS link`,
    from: 'alarm a WHERE a.bike_id = $1',
  }),
  source('task', 'task', {
    of: 'bike',
    at: 't.created_at',
    id: 't.task_id',
    idType: 'uuid',
    select: `t.kind AS title,
      jsonb_build_object('state', t.state, 'name', t.title, 'priority', t.priority) AS facts,
      s.name AS by,
      (SELECT jsonb_agg(jsonb_build_object('state', act, 'at', at_ms, 'by', name, 'note', note) ORDER BY act_id)
         FROM (SELECT x.act_id, x.act, round(extract(epoch FROM x.at) * 1000) AS at_ms, p.name, x.note
                 FROM task_act x LEFT JOIN staff p USING (staff_id)
                WHERE x.task_id = t.task_id ORDER BY x.act_id DESC LIMIT 20) AS acts) AS steps,
      t.task_id::text AS link`,
    from: 'task t LEFT JOIN staff s ON s.staff_id = t.created_by WHERE t.bike_id = $1',
  }),
  // Never who it was, and the words themselves only where reports are handled.
  source('report', 'report', {
    of: 'bike',
    at: 'r.at',
    id: 'r.report_id',
    idType: 'uuid',
    select: `r.kind AS title, jsonb_build_object('state', r.state, 'source', r.source) AS facts,
      ${noBy}, ${noSteps}, r.report_id::text AS link`,
    from: 'rider_report r WHERE r.bike_id = $1',
  }),
  source('note', 'note', {
    of: 'bike',
    at: 'n.at',
    id: 'n.note_id',
    idType: 'uuid',
    select: `CASE WHEN n.text IS NULL THEN 'deleted' ELSE 'note' END AS title,
      jsonb_build_object('text', n.text, 'isEdited', n.edited_at IS NOT NULL, 'deletedBy', d.name) AS facts,
      w.name AS by, ${noSteps}, n.note_id::text AS link`,
    from: `bike_note n JOIN staff w ON w.staff_id = n.written_by LEFT JOIN staff d ON d.staff_id = n.deleted_by
     WHERE n.bike_id = $1`,
  }),
  source('service', 'service', {
    of: 'bike',
    at: 'h.at',
    id: 'h.service_id',
    idType: 'bigint',
    select: `h.state AS title,
      jsonb_build_object('reason', h.reason, 'note', h.note, 'inRide', h.in_ride) AS facts,
      s.name AS by, ${noSteps}, NULL::text AS link`,
    from: 'bike_service h LEFT JOIN staff s USING (staff_id) WHERE h.bike_id = $1',
  }),
  source('move', 'move', {
    of: 'bike',
    at: 'm.taken_at',
    id: 'm.move_id',
    idType: 'bigint',
    select: `CASE WHEN m.left_at IS NULL THEN 'in_van' ELSE 'moved' END AS title,
      jsonb_build_object('van', v.van_name, 'stop', p.name, 'isBroken', m.is_broken,
        'leftAt', round(extract(epoch FROM m.left_at) * 1000)) AS facts,
      s.name AS by, ${noSteps}, NULL::text AS link`,
    from: `bike_move m JOIN van_route v USING (route_id) LEFT JOIN staff s ON s.staff_id = v.claimed_by
      LEFT JOIN route_stop p ON p.stop_id = m.left_stop WHERE m.bike_id = $1`,
  }),
]
