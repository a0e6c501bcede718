import type { CommandState } from '../../contracts/http/trips.ts'
import { asId, type CommandId, type LockId, type TripId } from '../../contracts/ids.ts'
import type { Operation } from '../../contracts/mqtt/commands.ts'
import type { ResultCode } from '../../contracts/mqtt/reports.ts'
import { type EpochMs, epochMs, type UptimeMs, uptimeMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { answerGraceMs, type CommandFacts, hasEnded } from './core/command-machine.ts'

export interface StoredCommand {
  readonly commandId: CommandId
  readonly lockId: LockId
  readonly tripId: TripId | null
  readonly op: Operation
  /** The signed bytes, sent again as they are. */
  readonly payload: string
  readonly facts: CommandFacts
}

/** The next counter of a lock with its key version; null for a lock that nobody provisioned. */
export async function nextCounter(
  tx: Queryable,
  lockId: LockId,
): Promise<{ counter: number; keyEpoch: number; keyVersion: number } | null> {
  const { rows } = await tx.query<{ command_counter: number; key_epoch: number; key_version: number }>(
    'UPDATE lock SET command_counter = command_counter + 1 WHERE lock_id = $1 RETURNING command_counter, key_epoch, key_version',
    [lockId],
  )
  const row = rows[0]
  return row ? { counter: row.command_counter, keyEpoch: row.key_epoch, keyVersion: row.key_version } : null
}

export async function insertCommand(
  tx: Queryable,
  command: StoredCommand & { readonly issuedAt: EpochMs },
): Promise<void> {
  const { facts } = command
  await tx.query(
    `INSERT INTO command (command_id, lock_id, trip_id, op, counter, boot_id, state, payload, issued_at, expires_at, send_at, sends)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      command.commandId,
      command.lockId,
      command.tripId,
      command.op,
      facts.counter,
      facts.bootId,
      facts.state,
      command.payload,
      new Date(command.issuedAt),
      new Date(facts.expiresAt),
      facts.sendAt === null ? null : new Date(facts.sendAt),
      facts.sends,
    ],
  )
}

interface CommandRow {
  command_id: string
  lock_id: string
  trip_id: string | null
  op: Operation
  counter: number
  boot_id: number
  state: CommandState
  result_code: ResultCode | null
  payload: string
  deadline_uptime: number
  expires_at: number
  send_at: number | null
  sends: number
}
// The deadline in the lock's uptime is in the signed bytes already.
const columns = `command_id, lock_id, trip_id, op, counter, boot_id, state, result_code, payload,
  (payload::jsonb ->> 'dl')::bigint AS deadline_uptime, expires_at, send_at, sends`

const toCommand = (row: CommandRow): StoredCommand => ({
  commandId: asId<CommandId>(row.command_id),
  lockId: asId<LockId>(row.lock_id),
  tripId: row.trip_id === null ? null : asId<TripId>(row.trip_id),
  op: row.op,
  payload: row.payload,
  facts: {
    state: row.state,
    counter: row.counter,
    bootId: row.boot_id,
    deadlineUptime: uptimeMs(row.deadline_uptime) as UptimeMs,
    expiresAt: epochMs(row.expires_at),
    sendAt: row.send_at === null ? null : epochMs(row.send_at),
    sends: row.sends,
    resultCode: row.result_code,
  },
})

/** The command that a lock is being asked now; the caller holds the lock's row. */
export async function inFlightOf(
  tx: Queryable,
  lockId: LockId,
): Promise<{ readonly commandId: CommandId; readonly op: Operation } | null> {
  const { rows } = await tx.query<{ command_id: string; op: Operation }>(
    `SELECT command_id, op FROM command WHERE lock_id = $1 AND state IN ('queued', 'sent', 'accepted')`,
    [lockId],
  )
  const row = rows[0]
  return row ? { commandId: asId<CommandId>(row.command_id), op: row.op } : null
}

/** Commands of a lock whose outcome its own word may still settle, held for this transaction. */
export async function unsettledOf(tx: Queryable, lockId: LockId): Promise<StoredCommand[]> {
  const { rows } = await tx.query<CommandRow>(
    `SELECT ${columns} FROM command
     WHERE lock_id = $1 AND state IN ('queued', 'sent', 'accepted', 'unknown') ORDER BY counter FOR UPDATE`,
    [lockId],
  )
  return rows.map(toCommand)
}

/** Ids of commands that the clock has something to do for. */
export async function dueCommands(db: Queryable, nowMs: EpochMs, limit: number): Promise<CommandId[]> {
  const { rows } = await db.query<{ command_id: string }>(
    `SELECT command_id FROM command
     WHERE ended_at IS NULL AND ((send_at <= $1 AND expires_at > $1) OR expires_at <= $2)
     ORDER BY issued_at LIMIT $3`,
    [new Date(nowMs), new Date(nowMs - answerGraceMs), limit],
  )
  return rows.map((row) => asId<CommandId>(row.command_id))
}

export async function commandHeld(tx: Queryable, commandId: CommandId): Promise<StoredCommand | null> {
  const { rows } = await tx.query<CommandRow>(`SELECT ${columns} FROM command WHERE command_id = $1 FOR UPDATE`, [
    commandId,
  ])
  return rows[0] ? toCommand(rows[0]) : null
}

export async function saveCommand(
  tx: Queryable,
  commandId: CommandId,
  facts: CommandFacts,
  nowMs: EpochMs,
): Promise<void> {
  await tx.query(
    `UPDATE command SET state = $2, result_code = $3, send_at = $4, sends = $5,
       ended_at = CASE WHEN $6::boolean THEN coalesce(ended_at, $7) END
     WHERE command_id = $1`,
    [
      commandId,
      facts.state,
      facts.resultCode,
      facts.sendAt === null ? null : new Date(facts.sendAt),
      facts.sends,
      hasEnded(facts.state),
      new Date(nowMs),
    ],
  )
}
