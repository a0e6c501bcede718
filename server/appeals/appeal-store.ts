import type {
  AppealAbout,
  AppealState,
  AppealsQuery,
  AppealView,
  StaffAppeal,
  StaffAppealsQuery,
} from '../../contracts/http/appeals.ts'
import type { FareLine } from '../../contracts/http/trips.ts'
import { asId, type RiderId, type TripId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { photoIdsOf } from '../photos/name-photos.ts'
import type { Queryable } from '../platform/database.ts'
import { cursorOf, placeOf } from '../platform/list-cursor.ts'
import type { AppealFacts } from './core/appeal-machine.ts'
import { disputedPart } from './core/disputed-part.ts'
import type { AppealsSoFar } from './core/may-appeal.ts'

export interface StoredAppeal {
  readonly appealId: string
  readonly tripId: TripId
  /** Null: whose it was is no longer known. */
  readonly riderId: RiderId | null
  readonly about: AppealAbout
  readonly text: string
  readonly createdAt: EpochMs
  readonly decidedBy: string | null
  readonly facts: AppealFacts
}

interface AppealRow {
  appeal_id: string
  trip_id: string
  rider_id: string | null
  about: AppealAbout
  text: string
  state: AppealState
  disputed_minor: number
  refund_minor: number
  created_at: number
  decide_by: number
  decided_at: number | null
  decided_by: string | null
  answer: string | null
}

const toAppeal = (row: AppealRow): StoredAppeal => ({
  appealId: row.appeal_id,
  tripId: asId<TripId>(row.trip_id),
  riderId: row.rider_id === null ? null : asId<RiderId>(row.rider_id),
  about: row.about,
  text: row.text,
  createdAt: epochMs(row.created_at),
  decidedBy: row.decided_by,
  facts: {
    state: row.state,
    disputedMinor: row.disputed_minor,
    refundMinor: row.refund_minor,
    decideBy: epochMs(row.decide_by),
    decidedAt: row.decided_at === null ? null : epochMs(row.decided_at),
    answer: row.answer,
    bySystem: isBySystem(row.state, row.decided_by),
  },
})

/** Only a deadline accepts without a name. */
const isBySystem = (state: AppealState, decidedBy: string | null): boolean => state === 'accepted' && decidedBy === null

/** Throws a unique violation: `appeal_pkey` when the id is taken, `appeal_one_open` when the trip has an open one. */
export async function insertAppeal(tx: Queryable, appeal: StoredAppeal): Promise<void> {
  const { facts } = appeal
  await tx.query(
    `INSERT INTO appeal (appeal_id, trip_id, rider_id, about, text, state, disputed_minor, created_at, decide_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[appeal.appealId, appeal.tripId, appeal.riderId, appeal.about, appeal.text, facts.state, facts.disputedMinor],
      ...[new Date(appeal.createdAt), new Date(facts.decideBy)],
    ],
  )
}

export async function saveAppeal(
  tx: Queryable,
  { appealId, facts }: Pick<StoredAppeal, 'appealId' | 'facts'>,
  staffId: string | null,
): Promise<void> {
  await tx.query(
    `UPDATE appeal SET state = $2, refund_minor = $3, decided_at = $4, decided_by = $5, answer = $6 WHERE appeal_id = $1`,
    [
      ...[appealId, facts.state, facts.refundMinor],
      ...[facts.decidedAt === null ? null : new Date(facts.decidedAt), staffId, facts.answer],
    ],
  )
}

export async function appealHeld(tx: Queryable, appealId: string): Promise<StoredAppeal | null> {
  const { rows } = await tx.query<AppealRow>('SELECT * FROM appeal WHERE appeal_id = $1 FOR UPDATE', [appealId])
  return rows[0] ? toAppeal(rows[0]) : null
}

export async function appealById(db: Queryable, appealId: string): Promise<StoredAppeal | null> {
  const { rows } = await db.query<AppealRow>('SELECT * FROM appeal WHERE appeal_id = $1', [appealId])
  return rows[0] ? toAppeal(rows[0]) : null
}

export async function appealsSoFar(tx: Queryable, tripId: TripId): Promise<AppealsSoFar> {
  const { rows } = await tx.query<AppealsSoFar>(
    `SELECT count(*)::int4 AS count, coalesce(bool_or(state = 'open'), false) AS "isOpen" FROM appeal WHERE trip_id = $1`,
    [tripId],
  )
  return rows[0] ?? { count: 0, isOpen: false }
}

/** Open ones whose deadline is over. */
export async function dueAppeals(db: Queryable, nowMs: EpochMs, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ appeal_id: string }>(
    `SELECT appeal_id FROM appeal WHERE state = 'open' AND decide_by <= $1 ORDER BY decide_by LIMIT $2`,
    [new Date(nowMs), limit],
  )
  return rows.map((row) => row.appeal_id)
}

interface NewestRow {
  trip_id: string
  count: number
  is_open: boolean
  appeal_id: string
  state: AppealState
  decide_by: number
}

/** Of those trips that have any: how many, and the newest. */
export async function appealsOfTrips(db: Queryable, tripIds: readonly TripId[]) {
  if (tripIds.length === 0) return new Map()
  const { rows } = await db.query<NewestRow>(
    `SELECT DISTINCT ON (trip_id) trip_id, appeal_id, state, decide_by,
            count(*) OVER of_trip ::int4 AS count, bool_or(state = 'open') OVER of_trip AS is_open
       FROM appeal WHERE trip_id = ANY($1::uuid[])
     WINDOW of_trip AS (PARTITION BY trip_id) ORDER BY trip_id, created_at DESC, appeal_id`,
    [tripIds],
  )
  return new Map(
    rows.map((row) => {
      const newest = { appealId: row.appeal_id, state: row.state, decideBy: epochMs(row.decide_by) }
      return [asId<TripId>(row.trip_id), { count: row.count, isOpen: row.is_open, newest }] as const
    }),
  )
}

const seenColumns = `a.appeal_id AS "appealId", a.trip_id AS "tripId", b.number AS "bikeNumber", b.bike_id AS "bikeId",
  t.ended_at AS "rideEndedAt", a.about, a.text, ${photoIdsOf('appeal_id', 'a.appeal_id')} AS "photoIds", a.state,
  a.created_at AS "createdAt", a.decide_by AS "decideBy", a.decided_at AS "decidedAt", a.answer,
  a.state = 'accepted' AND a.decided_by IS NULL AS "bySystem", a.disputed_minor AS "disputedMinor", t.price, p.due_minor,
  a.refund_minor AS "refundMinor", f.currency,
  p.refunded_minor + p.elsewhere_back_minor AS "refundedMinor", 
  p.state = 'debt' OR p.captured_minor + p.elsewhere_minor = 0 AS owes, s.name AS "decidedBy",
  (SELECT count(*)::int4 FROM appeal e WHERE e.trip_id = a.trip_id AND e.created_at < a.created_at) AS earlier`
const seenFrom = `FROM appeal a JOIN trip t USING (trip_id) JOIN bike b USING (bike_id) JOIN payment p USING (payment_id)
  JOIN tariff f USING (tariff_id) LEFT JOIN staff s ON s.staff_id = a.decided_by`

type Seen = Omit<StaffAppeal, 'cityTime'>
type SeenRow = Seen & { readonly price: { readonly lines: readonly FareLine[] } | null; readonly due_minor: number }

/** An open one asks for what is left of it by now. */
function seenOf({ price, due_minor, ...seen }: SeenRow): Seen {
  if (seen.state !== 'open') return seen
  const leftMinor = disputedPart(seen.about, price?.lines ?? [], due_minor)
  return { ...seen, disputedMinor: Math.min(seen.disputedMinor, leftMinor) }
}

/** @param condition names columns of appeal `a` and says order and limit */
async function readAppeals(db: Queryable, condition: string, values: readonly unknown[]): Promise<Seen[]> {
  const { rows } = await db.query<SeenRow>(`SELECT ${seenColumns} ${seenFrom} ${condition}`, values)
  return rows.map(seenOf)
}

export async function appealSeen(db: Queryable, appealId: string): Promise<Seen | null> {
  return (await readAppeals(db, 'WHERE a.appeal_id = $1', [appealId]))[0] ?? null
}

const usualLimit = 50
interface Page {
  readonly appeals: readonly Seen[]
  readonly next: string | null
}

const pageOf = (rows: readonly Seen[], limit: number, timeOf: (one: Seen) => number): Page => {
  const last = rows[limit - 1]
  return {
    appeals: rows.slice(0, limit),
    next: rows.length <= limit || !last ? null : cursorOf([0, timeOf(last), last.appealId]),
  }
}

/** A rider's own, newest first. */
export async function riderAppeals(db: Queryable, riderId: RiderId, query: AppealsQuery): Promise<Page> {
  const { before, limit = usualLimit } = query
  const [, atMs, id] = before === undefined ? [0, null, null] : placeOf(before)
  const rows = await readAppeals(
    db,
    `WHERE a.rider_id = $1 AND ($2::timestamptz IS NULL OR (a.created_at, a.appeal_id) < ($2, $3::uuid))
     ORDER BY a.created_at DESC, a.appeal_id DESC LIMIT $4`,
    [riderId, atMs === null ? null : new Date(atMs), id, limit + 1],
  )
  return pageOf(rows, limit, (one) => one.createdAt)
}

/** Open ones by deadline, decided ones newest first; of one trip all of them, newest first. */
export async function staffAppeals(db: Queryable, query: StaffAppealsQuery): Promise<Page> {
  const { before, limit = usualLimit, state = 'open', tripId } = query
  const [, atMs, id] = before === undefined ? [0, null, null] : placeOf(before)
  const at = atMs === null ? null : new Date(atMs)
  if (tripId !== undefined) {
    const values = [tripId, limit + 1]
    const rows = await readAppeals(db, 'WHERE a.trip_id = $1 ORDER BY a.created_at DESC LIMIT $2', values)
    return { appeals: rows.slice(0, limit), next: null }
  }
  const rows = await readAppeals(
    db,
    state === 'open'
      ? `WHERE a.state = 'open' AND ($1::timestamptz IS NULL OR (a.decide_by, a.appeal_id) > ($1, $2::uuid))
         ORDER BY a.decide_by, a.appeal_id LIMIT $3`
      : `WHERE a.state <> 'open' AND ($1::timestamptz IS NULL OR (a.decided_at, a.appeal_id) < ($1, $2::uuid))
         ORDER BY a.decided_at DESC, a.appeal_id DESC LIMIT $3`,
    [at, id, limit + 1],
  )
  return pageOf(rows, limit, (one) => (state === 'open' ? one.decideBy : (one.decidedAt ?? one.createdAt)))
}

/** Counted no further than there are open ones. */
export async function countAppeals(db: Queryable, soonMs: EpochMs): Promise<{ open: number; soon: number }> {
  const { rows } = await db.query<{ open: number; soon: number }>(
    `SELECT count(*)::int4 AS open, (count(*) FILTER (WHERE decide_by < $1))::int4 AS soon FROM appeal WHERE state = 'open'`,
    [new Date(soonMs)],
  )
  return rows[0] ?? { open: 0, soon: 0 }
}

/** For the rider's page: without what is the desk's. */
export const riderSees = ({
  bikeId: _bike,
  decidedBy: _by,
  earlier: _earlier,
  ...view
}: Seen): Omit<AppealView, 'cityTime'> => view
