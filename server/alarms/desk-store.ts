import type { AlarmActView, AlarmList, AlarmsQuery, AlarmView } from '../../contracts/http/alarms.ts'
import type { Queryable } from '../platform/database.ts'
import { cursorOf, placeOf } from '../platform/list-cursor.ts'

interface ViewRow extends Omit<AlarmView, 'assignedTo'> {
  readonly staffId: string | null
  readonly staffName: string | null
  readonly rank: number
}

const rankOf = `array_position(ARRAY['urgent', 'warning', 'notice'], a.severity)`
const viewColumns = `a.alarm_id AS "alarmId", a.kind, a.severity, a.state, a.blocks_rental AS "blocksRental",
  a.bike_id AS "bikeId", b.number AS "bikeNumber", a.trip_id AS "tripId", a.raised_at AS "raisedAt",
  a.last_seen_at AS "lastSeenAt", a.times, a.snoozed_until AS "snoozedUntil", a.resolved_at AS "resolvedAt",
  a.resolution, a.version, a.detail, s.staff_id AS "staffId", s.name AS "staffName", ${rankOf} AS rank`
const viewTables = 'alarm a JOIN bike b USING (bike_id) LEFT JOIN staff s ON s.staff_id = a.assigned_to'

function viewOf({ staffId, staffName, rank: _, ...row }: ViewRow): AlarmView {
  return { ...row, assignedTo: staffId === null || staffName === null ? null : { staffId, name: staffName } }
}

const usualLimit = 50

/** One page of the inbox, and where the next begins. */
export async function listAlarms(
  db: Queryable,
  query: AlarmsQuery,
  staffId: string,
): Promise<Pick<AlarmList, 'alarms' | 'next'>> {
  const { state, kind, assignee, bikeId, sort = 'newest', limit = usualLimit, before } = query
  const values: unknown[] = []
  const value = (one: unknown) => `$${values.push(one)}`
  const where: string[] = []
  if (state === 'live') where.push(`a.state <> 'resolved'`)
  else if (state !== undefined) where.push(`a.state = ${value(state)}`)
  if (kind !== undefined) where.push(`a.kind = ${value(kind)}`)
  if (bikeId !== undefined) where.push(`a.bike_id = ${value(bikeId)}`)
  if (assignee === 'none') where.push('a.assigned_to IS NULL')
  else if (assignee !== undefined) where.push(`a.assigned_to = ${value(assignee === 'me' ? staffId : assignee)}`)
  const rank = sort === 'worst' ? rankOf : '0'
  if (before !== undefined) {
    const [worse, atMs, id] = placeOf(before)
    where.push(
      `(-${rank}, a.raised_at, a.alarm_id) < (${value(-worse)}::int, ${value(new Date(atMs))}, ${value(id)}::uuid)`,
    )
  }
  const { rows } = await db.query<ViewRow>(
    `SELECT ${viewColumns} FROM ${viewTables} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
      ORDER BY ${sort === 'worst' ? `${rankOf}, ` : ''}a.raised_at DESC, a.alarm_id DESC LIMIT ${value(limit + 1)}`,
    values,
  )
  const last = rows[limit - 1]
  const next =
    rows.length <= limit || !last ? null : cursorOf([sort === 'worst' ? last.rank : 0, last.raisedAt, last.alarmId])
  return { alarms: rows.slice(0, limit).map(viewOf), next }
}

export async function alarmView(db: Queryable, alarmId: string): Promise<AlarmView | null> {
  const { rows } = await db.query<ViewRow>(`SELECT ${viewColumns} FROM ${viewTables} WHERE a.alarm_id = $1`, [alarmId])
  return rows[0] ? viewOf(rows[0]) : null
}

interface CountRow {
  readonly kind: string
  readonly open: number
  readonly acknowledged: number
  readonly snoozed: number
  readonly mine: number
  readonly unassigned: number
}

/** What waits, by kind and in all: from the index of alarms that are not resolved. */
export async function countAlarms(db: Queryable, staffId: string): Promise<Pick<AlarmList, 'counts' | 'totals'>> {
  const { rows } = await db.query<CountRow>(
    `SELECT kind, count(*) FILTER (WHERE state = 'open') AS open,
            count(*) FILTER (WHERE state = 'acknowledged') AS acknowledged,
            count(*) FILTER (WHERE state = 'snoozed') AS snoozed,
            count(*) FILTER (WHERE assigned_to = $1) AS mine,
            count(*) FILTER (WHERE assigned_to IS NULL) AS unassigned
       FROM alarm WHERE state <> 'resolved' GROUP BY kind`,
    [staffId],
  )
  const sum = (of: keyof Omit<CountRow, 'kind'>) => rows.reduce((total, row) => total + row[of], 0)
  return {
    counts: Object.fromEntries(rows.filter((row) => row.open > 0).map((row) => [row.kind, row.open])),
    totals: {
      ...{ open: sum('open'), acknowledged: sum('acknowledged'), snoozed: sum('snoozed') },
      ...{ mine: sum('mine'), unassigned: sum('unassigned') },
    },
  }
}

const linesShown = 200

/** The newest lines of its history, oldest first. */
export async function historyOf(db: Queryable, alarmId: string): Promise<AlarmActView[]> {
  const { rows } = await db.query<AlarmActView>(
    `SELECT * FROM (
       SELECT a.act_id, a.at, a.act, s.name AS by, a.note, t.name AS to, (a.detail ->> 'until')::int8 AS until,
              a.detail ->> 'how' AS how
         FROM alarm_act a LEFT JOIN staff s USING (staff_id) LEFT JOIN staff t ON t.staff_id::text = a.detail ->> 'to'
        WHERE a.alarm_id = $1 ORDER BY a.act_id DESC LIMIT $2) AS newest ORDER BY act_id`,
    [alarmId, linesShown],
  )
  return rows.map(({ at, act, by, note, to, until, how }) => ({ at, act, by, note, to, until, how }))
}

export async function tasksOf(
  db: Queryable,
  alarmId: string,
): Promise<{ taskId: string; title: string; state: string }[]> {
  const { rows } = await db.query<{ taskId: string; title: string; state: string }>(
    `SELECT task_id AS "taskId", title, state FROM task WHERE alarm_id = $1 ORDER BY created_at DESC LIMIT 20`,
    [alarmId],
  )
  return rows
}
