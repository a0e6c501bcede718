import type { CommandStep, StaffCommand, StaffCommandState } from '../../contracts/http/bike-page.ts'
import { asId, type BikeId, type CommandId, type LockId } from '../../contracts/ids.ts'
import type { Operation } from '../../contracts/mqtt/commands.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { Wish, WishCode } from './core/wish-machine.ts'

export interface StoredWish {
  readonly commandId: CommandId
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly op: Operation
  /** A lock that closes: who asked knows that a ride ends by it. */
  readonly endsRide: boolean
  readonly wish: Wish
}

export interface NewWish extends StoredWish {
  readonly reason: string
  readonly askedBy: string
  readonly askedAt: EpochMs
}

interface WishRow {
  command_id: string
  bike_id: string
  lock_id: string
  op: Operation
  state: StaffCommandState
  result_code: WishCode | null
  expires_at: number
  ask_at: number | null
  ends_ride: boolean
}
const columns = 'command_id, bike_id, lock_id, op, ends_ride, state, result_code, expires_at, ask_at'

const toWish = (row: WishRow): StoredWish => ({
  commandId: asId<CommandId>(row.command_id),
  bikeId: asId<BikeId>(row.bike_id),
  lockId: asId<LockId>(row.lock_id),
  op: row.op,
  endsRide: row.ends_ride,
  wish: {
    state: row.state,
    resultCode: row.result_code,
    expiresAt: epochMs(row.expires_at),
    askAt: row.ask_at === null ? null : epochMs(row.ask_at),
  },
})

/** False: there is a command of this id already. */
export async function insertWish(tx: Queryable, { wish, ...order }: NewWish): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO staff_command (command_id, bike_id, lock_id, op, reason, state, steps, asked_by, asked_at, expires_at,
                                ends_ride)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (command_id) DO NOTHING`,
    [
      order.commandId,
      order.bikeId,
      order.lockId,
      order.op,
      order.reason,
      wish.state,
      JSON.stringify([{ state: wish.state, at: order.askedAt }]),
      order.askedBy,
      new Date(order.askedAt),
      new Date(wish.expiresAt),
      order.endsRide,
    ],
  )
  return rowCount === 1
}

/** Saves a wish; a new state gets its time. */
export async function saveWish(
  tx: Queryable,
  before: StoredWish,
  { state, resultCode, askAt }: Wish,
  atMs: EpochMs,
): Promise<void> {
  const steps: CommandStep[] = state === before.wish.state ? [] : [{ state, at: atMs }]
  await tx.query(
    'UPDATE staff_command SET state = $2, result_code = $3, ask_at = $4, steps = steps || $5::jsonb WHERE command_id = $1',
    [before.commandId, state, resultCode, askAt === null ? null : new Date(askAt), JSON.stringify(steps)],
  )
}

export async function wishHeld(tx: Queryable, commandId: CommandId): Promise<StoredWish | null> {
  const { rows } = await tx.query<WishRow>(`SELECT ${columns} FROM staff_command WHERE command_id = $1 FOR UPDATE`, [
    commandId,
  ])
  return rows[0] ? toWish(rows[0]) : null
}

/** The oldest waiting wish of each lock, those first that were not looked at for the longest time. */
export async function waitingWishes(db: Queryable, limit: number): Promise<readonly StoredWish[]> {
  const { rows } = await db.query<WishRow>(
    `SELECT * FROM (SELECT DISTINCT ON (lock_id) ${columns}, asked_at FROM staff_command WHERE state = 'queued'
                     ORDER BY lock_id, asked_at, command_id) AS oldest
      ORDER BY coalesce(ask_at, asked_at), command_id LIMIT $1`,
    [limit],
  )
  return rows.map(toWish)
}

export async function countWaiting(tx: Queryable, bikeId: BikeId): Promise<number> {
  const { rows } = await tx.query<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM staff_command WHERE bike_id = $1 AND state = 'queued'`,
    [bikeId],
  )
  return rows[0]?.waiting ?? 0
}

/** State of the trip that has a bike; null: nobody has it. */
export async function rideOf(tx: Queryable, bikeId: BikeId): Promise<string | null> {
  const { rows } = await tx.query<{ state: string }>(
    `SELECT state FROM trip WHERE bike_id = $1 AND state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`,
    [bikeId],
  )
  return rows[0]?.state ?? null
}

/** So long a bike must have stood, by its own word, before a lock that somebody has may be closed from afar; city time. */
const stoodForMs = 90_000
const lookedAtMs = 300_000
/** The newest word on its place is not older. */
const placeAgeMs = 130_000
/** Two fixes of a bike that stands are this far apart at most, degrees: some 40 m. */
const wanderDegrees = 0.00036
const standingMps = 1

/** Whether all that a lock told of its place lately says that its bike stands, and has stood for a while. */
export async function standsStill(tx: Queryable, lockId: LockId, nowMs: EpochMs): Promise<boolean> {
  const { rows } = await tx.query<{ stands: boolean | null }>(
    `SELECT max(made_at) >= $3 AND max(made_at) - min(made_at) >= make_interval(secs => $4)
            AND max(speed_mps) <= $5 AND max(ST_Y(geom)) - min(ST_Y(geom)) <= $6
            AND (max(ST_X(geom)) - min(ST_X(geom))) * cos(radians(max(ST_Y(geom)))) <= $6 AS stands
       FROM position WHERE lock_id = $1 AND made_at > $2 AND geom IS NOT NULL
        AND made_at > coalesce((SELECT max(made_at) FROM position
              WHERE lock_id = $1 AND made_at > $2 AND speed_mps > $5), $2)`,
    [
      lockId,
      new Date(nowMs - lookedAtMs),
      new Date(nowMs - placeAgeMs),
      stoodForMs / 1_000,
      standingMps,
      wanderDegrees,
    ],
  )
  return rows[0]?.stands === true
}

/** Whether its lock said after `atMs` that it was closed, and that was heard before what is being looked at. */
export async function closedSince(tx: Queryable, lockId: LockId, atMs: EpochMs): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM lock_report WHERE lock_id = $1 AND made_at > $2 AND kind = 'evt' AND applied_at IS NOT NULL
        AND body ->> 'k' = 'bolt' AND body ->> 'to' = 'locked' LIMIT 1`,
    [lockId, new Date(atMs)],
  )
  return rowCount > 0
}

interface ViewRow extends WishRow {
  reason: string
  steps: CommandStep[]
  asked_by: string
  name: string
  asked_at: number
}

/** The newest commands of a bike, newest first; or the one of an id. */
export async function readCommands(
  db: Queryable,
  bikeId: BikeId,
  commandId: CommandId | null,
  limit: number,
): Promise<StaffCommand[]> {
  const { rows } = await db.query<ViewRow>(
    `SELECT c.command_id, c.bike_id, c.lock_id, c.op, c.ends_ride, c.state, c.result_code, c.expires_at, c.ask_at, c.reason, c.steps,
            c.asked_by, s.name, c.asked_at
       FROM staff_command c JOIN staff s ON s.staff_id = c.asked_by
      WHERE c.bike_id = $1 AND ($2::uuid IS NULL OR c.command_id = $2)
      ORDER BY c.asked_at DESC, c.command_id DESC LIMIT $3`,
    [bikeId, commandId, limit],
  )
  return rows.map((row) => ({
    commandId: row.command_id,
    bikeId: row.bike_id,
    op: row.op,
    reason: row.reason,
    state: row.state,
    resultCode: row.result_code,
    steps: row.steps,
    by: { staffId: row.asked_by, name: row.name },
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
  }))
}
