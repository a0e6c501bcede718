import type { BikeNote, ServiceChange, ServiceReason, ServiceState } from '../../contracts/http/bike-page.ts'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import type { EpochMs, RealMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'

/** Alarms of a bike that keep it from riders. */
export async function blockingKinds(tx: Queryable, bikeId: BikeId): Promise<readonly AlarmKind[]> {
  const { rows } = await tx.query<{ kind: AlarmKind }>(
    `SELECT kind FROM alarm WHERE bike_id = $1 AND blocks_rental AND state <> 'resolved' ORDER BY kind`,
    [bikeId],
  )
  return rows.map(({ kind }) => kind)
}

/** A colleague has seen to what kept a bike from riders. Ids of the alarms that are over with it. */
export async function resolveBlocking(
  tx: Queryable,
  order: { bikeId: BikeId; staffId: string; note: string | null; atMs: EpochMs; realMs: RealMs },
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ alarm_id: string }>(
    `WITH ended AS (
       UPDATE alarm SET state = 'resolved', resolved_at = greatest($2::timestamptz, raised_at), snoozed_until = NULL,
              resolution = 'fixed', version = version + 1
        WHERE bike_id = $1 AND blocks_rental AND state <> 'resolved' RETURNING alarm_id),
     acts AS (
       INSERT INTO alarm_act (alarm_id, at, real_at, staff_id, act, note, detail)
       SELECT alarm_id, $2::timestamptz, $3::timestamptz, $4::uuid, 'resolve', $5::text, '{"how": "fixed"}' FROM ended)
     SELECT alarm_id FROM ended`,
    [order.bikeId, new Date(order.atMs), new Date(order.realMs), order.staffId, order.note],
  )
  return rows.map(({ alarm_id }) => alarm_id)
}

interface ServiceRow {
  state: ServiceState
  reason: ServiceReason | null
  note: string | null
  name: string | null
  at: number
  in_ride: boolean
}

/** What holds of a bike's service: the newest of its history, else that it came; null: there is no such bike. */
export async function readService(db: Queryable, bikeId: BikeId): Promise<ServiceChange | null> {
  const { rows } = await db.query<ServiceRow>(
    `SELECT coalesce(h.state, CASE WHEN b.in_service THEN 'in' ELSE 'out' END) AS state,
            CASE WHEN h.state IS NULL AND NOT b.in_service THEN 'other' ELSE h.reason END AS reason, h.note, h.name,
            coalesce(h.at, b.created_at) AS at, coalesce(h.in_ride, false) AS in_ride
       FROM bike b LEFT JOIN LATERAL (
         SELECT s.state, s.reason, s.note, s.at, s.in_ride, p.name
           FROM bike_service s LEFT JOIN staff p USING (staff_id)
          WHERE s.bike_id = b.bike_id ORDER BY s.at DESC, s.service_id DESC LIMIT 1) AS h ON true
      WHERE b.bike_id = $1`,
    [bikeId],
  )
  const row = rows[0]
  if (!row) return null
  const { state, reason, note, name, at, in_ride } = row
  return { state, reason, note, by: name, at, inRide: in_ride }
}

export interface BikeCard {
  readonly lockId: LockId
  readonly code: string
  readonly addedAt: number
}

export async function readCard(db: Queryable, bikeId: BikeId): Promise<BikeCard | null> {
  const { rows } = await db.query<{ lock_id: LockId; code: string; created_at: number }>(
    'SELECT lock_id, code, created_at FROM bike WHERE bike_id = $1',
    [bikeId],
  )
  const row = rows[0]
  return row ? { lockId: row.lock_id, code: row.code, addedAt: row.created_at } : null
}

interface HourRow {
  at: number
  percent: number
  milli_volts: number | null
}

/** Means of each hour from `fromMs` on, oldest first. */
export async function batteryHours(db: Queryable, lockId: LockId, fromMs: number, limit: number) {
  const { rows } = await db.query<HourRow>(
    `SELECT date_bin('1 hour', made_at, TIMESTAMPTZ 'epoch') AS at, avg(soc) AS percent,
            round(avg(milli_volts)) AS milli_volts
       FROM position WHERE lock_id = $1 AND made_at >= $2 GROUP BY 1 ORDER BY 1 DESC LIMIT $3`,
    [lockId, new Date(fromMs), limit],
  )
  return rows
    .reverse()
    .map(({ at, percent, milli_volts }) => ({ at, percent: Math.round(percent * 10) / 10, milliVolts: milli_volts }))
}

interface NoteRow {
  note_id: string
  bike_id: BikeId
  text: string | null
  written_by: string
  name: string
  at: number
  real_at: number
  edited_at: number | null
  deleted_by: string | null
}

/** A colleague may mend an own note for so long, real time: what others have read and acted on stays. */
export const noteEditableMs = 600_000

export async function readNotes(
  db: Queryable,
  bikeId: BikeId,
  noteId: string | null,
  realNowMs: RealMs,
  limit: number,
): Promise<BikeNote[]> {
  const { rows } = await db.query<NoteRow>(
    `SELECT n.note_id, n.bike_id, n.text, n.written_by, w.name, n.at, n.real_at, n.edited_at, d.name AS deleted_by
       FROM bike_note n JOIN staff w ON w.staff_id = n.written_by LEFT JOIN staff d ON d.staff_id = n.deleted_by
      WHERE n.bike_id = $1 AND ($2::uuid IS NULL OR n.note_id = $2) ORDER BY n.at DESC, n.note_id DESC LIMIT $3`,
    [bikeId, noteId, limit],
  )
  return rows.map((row) => ({
    noteId: row.note_id,
    text: row.text,
    by: { staffId: row.written_by, name: row.name },
    at: row.at,
    isEdited: row.edited_at !== null,
    deletedBy: row.deleted_by,
    editableMs: row.text === null ? 0 : Math.max(0, row.real_at + noteEditableMs - realNowMs),
  }))
}

export interface HeldNote {
  readonly bikeId: BikeId
  readonly writtenBy: string
  readonly realAtMs: number
  readonly isDeleted: boolean
}

export async function noteHeld(tx: Queryable, noteId: string): Promise<HeldNote | null> {
  const { rows } = await tx.query<{ bike_id: BikeId; written_by: string; real_at: number; text: string | null }>(
    'SELECT bike_id, written_by, real_at, text FROM bike_note WHERE note_id = $1 FOR UPDATE',
    [noteId],
  )
  const row = rows[0]
  if (!row) return null
  return { bikeId: row.bike_id, writtenBy: row.written_by, realAtMs: row.real_at, isDeleted: row.text === null }
}

export async function insertNote(
  tx: Queryable,
  note: { noteId: string; bikeId: BikeId; text: string; writtenBy: string; atMs: EpochMs; realMs: RealMs },
): Promise<void> {
  await tx.query(
    `INSERT INTO bike_note (note_id, bike_id, text, written_by, at, real_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (note_id) DO NOTHING`,
    [note.noteId, note.bikeId, note.text, note.writtenBy, new Date(note.atMs), new Date(note.realMs)],
  )
}

export async function editNote(tx: Queryable, noteId: string, text: string, atMs: EpochMs): Promise<void> {
  await tx.query('UPDATE bike_note SET text = $2, edited_at = $3 WHERE note_id = $1', [noteId, text, new Date(atMs)])
}

export async function deleteNote(tx: Queryable, noteId: string, staffId: string, atMs: EpochMs): Promise<void> {
  await tx.query('UPDATE bike_note SET text = NULL, deleted_by = $2, deleted_at = $3 WHERE note_id = $1', [
    noteId,
    staffId,
    new Date(atMs),
  ])
}

/** What a lock sent, as it came; null: not this lock's. */
export async function readMessage(db: Queryable, lockId: LockId, reportId: number) {
  const { rows } = await db.query<{
    kind: 'hello' | 'evt' | 'ack'
    made_at: number
    received_at: number
    applied_at: number | null
    body: Record<string, unknown>
  }>('SELECT kind, made_at, received_at, applied_at, body FROM lock_report WHERE report_id = $1 AND lock_id = $2', [
    reportId,
    lockId,
  ])
  const row = rows[0]
  if (!row) return null
  const { kind, made_at, received_at, applied_at, body } = row
  return { reportId, kind, madeAt: made_at, receivedAt: received_at, appliedAt: applied_at, body }
}
