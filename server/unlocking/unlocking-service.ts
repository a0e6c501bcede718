import type { Logger } from 'pino'
import type { CommandState } from '../../contracts/http/trips.ts'
import { asId, type CommandId, type LockId, type TripId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import type { Operation, UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import type { Acknowledgement, BoltState, Hello, LockEvent, ResultCode } from '../../contracts/mqtt/reports.ts'
import { downlinkTopic } from '../../contracts/mqtt/topics.ts'
import { type EpochMs, epochMs, uptimeMs } from '../../contracts/units.ts'
import { deadlineInUptime, isFresh, type LockShadow } from '../fleet/core/lock-shadow.ts'
import type { LockBroker } from '../platform/broker.ts'
import { type Clock, stretched } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import {
  commandHeld,
  dueCommands,
  inFlightOf,
  insertCommand,
  nextCounter,
  type StoredCommand,
  saveCommand,
  unsettledOf,
} from './command-store.ts'
import {
  type CommandEffect,
  type CommandEvent,
  type CommandFacts,
  stepCommand,
  unlockLifetimeMs,
} from './core/command-machine.ts'
import { type LockKeys, signCommand } from './lock-keys.ts'

/** What became of a command, told in the transaction that stores it. */
export interface CommandOutcome {
  readonly commandId: CommandId
  readonly tripId: TripId | null
  readonly effect: Exclude<CommandEffect, { kind: 'publish' }>
}

/** A command has come into another state, told in the transaction that stores it. */
export interface CommandChange {
  readonly commandId: CommandId
  readonly lockId: LockId
  readonly state: CommandState
  readonly resultCode: ResultCode | null
  /** City time: when the lock made the report that changed it, or the moment at which it was given up. */
  readonly atMs: EpochMs
  /** The report says so of the bolt; null: it does not speak of it. */
  readonly isLocked: boolean | null
}

export type IssuedCommand =
  | { readonly kind: 'issued'; readonly commandId: CommandId; readonly publish: () => Promise<void> }
  /** No fresh stamp of the lock's clock is known: ask for one and try again. */
  | { readonly kind: 'no_stamp' }
  /** Another command is in flight. */
  | { readonly kind: 'busy' }

/** The lock's report, as far as commands are concerned. */
export interface CommandReport {
  readonly lockId: LockId
  readonly kind: 'hello' | 'evt' | 'ack'
  readonly madeAtMs: EpochMs
  readonly body: unknown
}

export interface Unlocking {
  /** Counter, deadline, signature and command row in the caller's transaction; call `publish` after the commit. */
  issueUnlock(tx: Queryable, order: { readonly lockId: LockId; readonly tripId: TripId }): Promise<IssuedCommand>
  /** Asks the lock to make itself heard; the same life as an unlock, and nobody is told of its outcome. */
  issueBeep(tx: Queryable, lockId: LockId): Promise<IssuedCommand>
  /** What staff ask for, under the id that they gave it. */
  issueForStaff(tx: Queryable, order: StaffOrder): Promise<IssuedCommand>
  /** Whether a command could be signed for this lock now. */
  hasStamp(lockId: LockId): boolean
  /** Applies a report of the lock to its unsettled commands. */
  onReport(tx: Queryable, report: CommandReport): Promise<void>
  /** Sends again, gives up: everything that the clock has to do now. */
  tick(): Promise<void>
  onOutcome(listener: (tx: Queryable, outcome: CommandOutcome) => Promise<void>): void
  /** Told of each new state of commands that no trip asked for. */
  onChange(listener: (tx: Queryable, change: CommandChange) => Promise<void>): void
}

export interface StaffOrder {
  readonly commandId: CommandId
  readonly lockId: LockId
  readonly op: Operation
}

/** A command lives at least so long in real time, however fast the city's clock runs. */
const shortestUnlockRealMs = 4_000
const commandsPerTick = 50

export function createUnlocking(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly broker: Pick<LockBroker, 'publish'>
  readonly keys: LockKeys
  readonly shadowOf: (lockId: LockId) => LockShadow
  readonly logger: Logger
}): Unlocking {
  const { db, clock, ids, broker, keys, logger } = deps
  let tellOutcome: (tx: Queryable, outcome: CommandOutcome) => Promise<void> = async () => undefined
  let tellChange: (tx: Queryable, change: CommandChange) => Promise<void> = async () => undefined

  const newId = () => asId<CommandId>(ids.uuid())

  const publish = async (lockId: LockId, payload: string): Promise<void> => {
    try {
      await broker.publish(downlinkTopic(lockId, 'cmd'), payload)
    } catch (error) {
      logger.warn({ lockId, err: error }, 'command not handed to the broker, will be sent again')
    }
  }

  async function issue(tx: Queryable, order: StaffOrder & { readonly tripId: TripId | null }): Promise<IssuedCommand> {
    const nowMs = clock.nowMs()
    const shadow = deps.shadowOf(order.lockId)
    const expiresAt = epochMs(nowMs + stretched(unlockLifetimeMs, shortestUnlockRealMs, clock.speed()))
    const deadline = deadlineInUptime(shadow, expiresAt, nowMs)
    if (deadline === null || shadow.bootId === null || !isFresh(shadow, nowMs)) return { kind: 'no_stamp' }
    // Counting holds the lock's row: two orders for one lock come one after the other from here on.
    const counted = await nextCounter(tx, order.lockId)
    if (counted === null) return { kind: 'no_stamp' }
    if (!(await makeWay(tx, order, nowMs))) return { kind: 'busy' }
    const { commandId } = order
    const keyVersion = shadow.keyVersion ?? counted.keyVersion
    const unsigned: UnsignedCommand = {
      v: 1,
      id: commandId,
      op: order.op,
      c: counted.counter,
      b: shadow.bootId,
      dl: deadline,
      a: {},
      iat: nowMs,
      exp: expiresAt,
      kv: keyVersion,
    }
    const key = keys.commandKey(order.lockId, counted.keyEpoch, keyVersion)
    const payload = encodeMessage(signCommand(order.lockId, unsigned, key))
    const queued: CommandFacts = {
      state: 'queued',
      counter: counted.counter,
      bootId: shadow.bootId,
      deadlineUptime: deadline,
      expiresAt,
      sendAt: nowMs,
      sends: 0,
      resultCode: null,
    }
    // Saved as sent already: if we die before publishing, the next tick sends the same bytes again.
    const { state: facts } = stepCommand(queued, { kind: 'tick', nowMs })
    await insertCommand(tx, { ...order, payload, facts, issuedAt: nowMs })
    const { tripId, lockId } = order
    logger.info({ commandId, tripId, lockId, counter: counted.counter }, `${order.op} issued`)
    return { kind: 'issued', commandId, publish: () => publish(order.lockId, payload) }
  }

  /**
   * Whether nothing else is in flight any more. Somebody who wants to ride does not wait for a bell: a lock hears the
   * later counter first or last, and a bell that comes after it is refused as a replay.
   */
  async function makeWay(tx: Queryable, order: StaffOrder, nowMs: EpochMs): Promise<boolean> {
    const inFlight = await inFlightOf(tx, order.lockId)
    if (inFlight === null) return true
    if (order.op !== 'unlock' || inFlight.op !== 'beep') return false
    const held = await commandHeld(tx, inFlight.commandId)
    if (held) await apply(tx, held, { kind: 'superseded' }, { atMs: nowMs, isLocked: null })
    return true
  }

  /** `command` is held by `tx`. */
  async function apply(
    tx: Queryable,
    command: StoredCommand,
    event: CommandEvent,
    seen: Pick<CommandChange, 'atMs' | 'isLocked'>,
  ): Promise<{ readonly command: StoredCommand; readonly mustPublish: boolean }> {
    const step = stepCommand(command.facts, event)
    if (step.state === command.facts && step.effects.length === 0) return { command, mustPublish: false }
    await saveCommand(tx, command.commandId, step.state, clock.nowMs())
    const { state, resultCode } = step.state
    if (state !== command.facts.state && command.tripId === null) {
      await tellChange(tx, { commandId: command.commandId, lockId: command.lockId, state, resultCode, ...seen })
    }
    let mustPublish = false
    for (const effect of step.effects) {
      if (effect.kind === 'publish') mustPublish = true
      else {
        const { commandId, tripId, lockId } = command
        logger.info(
          { commandId, tripId, lockId, state: step.state.state, resultCode: step.state.resultCode },
          effect.kind,
        )
        await tellOutcome(tx, { commandId, tripId, effect })
      }
    }
    return { command: { ...command, facts: step.state }, mustPublish }
  }

  async function tick(): Promise<void> {
    const nowMs = clock.nowMs()
    const due = await dueCommands(db, nowMs, commandsPerTick)
    for (const commandId of due) {
      try {
        const toSend = await db.transaction(async (tx) => {
          const command = await commandHeld(tx, commandId)
          if (command === null) return null
          const seen = { atMs: nowMs, isLocked: null }
          return (await apply(tx, command, { kind: 'tick', nowMs }, seen)).mustPublish ? command : null
        })
        if (toSend) await publish(toSend.lockId, toSend.payload)
      } catch (error) {
        // One command must not keep the others waiting.
        logger.error({ err: error, commandId }, 'a command could not be looked at, will be tried again')
      }
    }
  }

  return {
    issueUnlock: (tx, order) => issue(tx, { ...order, commandId: newId(), op: 'unlock' }),
    issueBeep: (tx, lockId) => issue(tx, { commandId: newId(), lockId, tripId: null, op: 'beep' }),
    issueForStaff: (tx, order) => issue(tx, { ...order, tripId: null }),
    hasStamp: (lockId) => isFresh(deps.shadowOf(lockId), clock.nowMs()),
    tick,
    onReport: async (tx, report) => {
      if (!mayConcernCommands(report)) return
      const seen = { atMs: report.madeAtMs, isLocked: saysLocked(report) }
      for (const unsettled of await unsettledOf(tx, report.lockId)) {
        let command = unsettled
        for (const event of eventsFor(unsettled, report)) command = (await apply(tx, command, event, seen)).command
      }
    },
    onChange: (listener) => {
      tellChange = listener
    },
    onOutcome: (listener) => {
      tellOutcome = listener
    },
  }
}

function mayConcernCommands(report: CommandReport): boolean {
  if (report.kind !== 'evt') return true
  const event = report.body as LockEvent
  return event.k === 'boot' || (event.k === 'bolt' && event.cid !== undefined)
}

/** Where the bolt is when it has obeyed; null: the order does not move it. */
const orderedBolt = (op: Operation): 'locked' | 'unlocked' | null =>
  op === 'unlock' ? 'unlocked' : op === 'lock' ? 'locked' : null

/**
 * The lock's answer, as the machine should hear it. Power that went in the middle of an opening leaves it in doubt unless
 * the bolt is locked; of a closing the bolt itself tells what became of it, and what moves no bolt has simply failed.
 */
function answerOf(op: Operation, st: Acknowledgement['st'], rc: ResultCode, bolt: BoltState): CommandEvent {
  const locked = bolt === 'locked'
  if (st !== 'fail' || rc !== 'interrupted' || op === 'unlock') return { kind: 'acknowledged', st, rc, locked }
  if (op === 'lock' && locked) return { kind: 'acknowledged', st: 'done', rc: 'ok', locked }
  return { kind: 'acknowledged', st, rc, locked: true }
}

function saysLocked(report: CommandReport): boolean | null {
  switch (report.kind) {
    case 'ack':
      return (report.body as Acknowledgement).bolt === 'locked'
    case 'hello':
      return (report.body as Hello).bolt === 'locked'
    case 'evt': {
      const event = report.body as LockEvent
      return event.k === 'bolt' ? event.to === 'locked' : null
    }
  }
}

/** What a report says about one command, in the order in which the machine should hear it. */
function eventsFor(command: StoredCommand, report: CommandReport): CommandEvent[] {
  switch (report.kind) {
    case 'ack': {
      const ack = report.body as Acknowledgement
      return ack.id === command.commandId ? [answerOf(command.op, ack.st, ack.rc, ack.bolt)] : []
    }
    case 'evt': {
      const event = report.body as LockEvent
      if (event.k === 'bolt') {
        const isObeyed = event.cid === command.commandId && event.to === orderedBolt(command.op)
        return isObeyed ? [{ kind: 'bolt_obeyed' }] : []
      }
      return event.k === 'boot' && event.pend === command.commandId ? [{ kind: 'interrupted' }] : []
    }
    case 'hello': {
      const hello = report.body as Hello
      const results = hello.res.filter((result) => result.id === command.commandId)
      return [
        ...results.map(({ st, rc }) => answerOf(command.op, st, rc, hello.bolt)),
        { kind: 'hello', counter: hello.ctr, bootId: hello.b, uptime: uptimeMs(hello.u) },
      ]
    }
  }
}
