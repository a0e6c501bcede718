import { decodeCommand } from '../../contracts/mqtt/codec.ts'
import type { Command } from '../../contracts/mqtt/commands.ts'
import type { ResultCode } from '../../contracts/mqtt/reports.ts'
import { maxStandingMps, minMotorPercent } from './bolt-limits.ts'
import { commandMac, isSameMac } from './command-mac.ts'
import { type CommandResult, type JournalRecord, type PendingCommand, remembered } from './journal.ts'

/** Answers to repeated and refused commands: a hostile sender cannot make the lock talk itself flat. */
const answerBurst = 10
const answerRefillMs = 1_000
const maxAnsweredIds = 8

/** Deliberately planted bugs, for tests and the simulation only: each must be caught by the checkers. */
export interface GateOptions {
  readonly withoutBootBinding?: boolean
  readonly withoutDeadline?: boolean
  /** Counter and results are forgotten at each reset. */
  readonly ramCounter?: boolean
  /** Closes whatever the wheel does. */
  readonly withoutWheelGuard?: boolean
  /** A phone's grant is good for ever, for every connection. */
  readonly grantsForEver?: boolean
  /** A phone's grant does not end. */
  readonly withoutGrantLife?: boolean
  /** Falls silent with its cell, and does not say why. */
  readonly withoutLastWord?: boolean
  /** A full outbox lets its events go before its telemetry. */
  readonly telemetryFirst?: boolean
}

export interface GateKeys {
  readonly lockId: string
  /** Command keys by key version. */
  readonly commandKeys: ReadonlyMap<number, Uint8Array>
}

export interface Gate {
  readonly keys: GateKeys
  readonly options: GateOptions
  readonly bootId: number
  readonly counter: number
  readonly results: readonly CommandResult[]
  readonly pending: (PendingCommand & { readonly receivedAtMs: number }) | null
  readonly badMacs: number
  readonly unreadable: number
  /** Ids that were refused without burning a counter, and have had their one answer. */
  readonly answeredIds: readonly string[]
  readonly answersLeft: number
  readonly answersAtMs: number
}

/** What the rest of the lock says about itself at this moment. */
export interface LockCondition {
  readonly isBoltMoving: boolean
  readonly statePercent: number
  readonly speedMps: number
  /** By satellites, accelerometer and dynamo together; `unknown`: it is shaken, and nobody can say how fast it rolls. */
  readonly wheel: 'still' | 'turns' | 'unknown'
  /** There is a motor that drives the bolt closed. */
  readonly canClose: boolean
}

export type Verdict =
  | { readonly kind: 'silent'; readonly why: 'unreadable' | 'bad-mac' | 'answered' | 'rate' }
  | {
      readonly kind: 'answer'
      readonly id: string
      readonly c: number
      readonly st: 'acc' | 'done' | 'rej' | 'fail'
      readonly rc: ResultCode
      /** The counter was burned: write the journal before the answer leaves. */
      readonly mustPersist: boolean
    }
  | { readonly kind: 'execute'; readonly command: Command }

export interface Judged {
  readonly gate: Gate
  readonly verdict: Verdict
}

/** The gate at boot. A command found pending was interrupted and ends here, as failed; a reboot ends here, as done. */
export function gateAtBoot(keys: GateKeys, options: GateOptions, record: JournalRecord, bootId: number): Gate {
  const kept = options.ramCounter ? { counter: 0, results: [], pending: null } : record
  const interrupted = kept.pending
  return {
    keys,
    options,
    bootId,
    counter: kept.counter,
    results: interrupted
      ? remembered(kept.results, { id: interrupted.id, c: interrupted.c, ...endByReset(interrupted.op), u: 0 })
      : kept.results,
    pending: null,
    badMacs: 0,
    unreadable: 0,
    answeredIds: [],
    answersLeft: answerBurst,
    answersAtMs: 0,
  }
}

const endByReset = (op: PendingCommand['op']): Pick<CommandResult, 'st' | 'rc'> =>
  op === 'reboot' ? { st: 'done', rc: 'ok' } : { st: 'fail', rc: 'interrupted' }

/**
 * One command against every check, in the order of the protocol: size and form, HMAC, (already known?), boot id,
 * deadline, counter, state of the lock. `execute` means: write the journal (the counter and `pending` are set), answer
 * `acc`, then act. A command that is already known is answered from memory before boot id and deadline are looked at,
 * because "expired" would be a false answer about a command that did move the bolt.
 */
export function judgeCommand(gate: Gate, payload: Uint8Array, condition: LockCondition, uptimeMs: number): Judged {
  const decoded = decodeCommand(payload)
  if (!decoded.ok) {
    return { gate: { ...gate, unreadable: gate.unreadable + 1 }, verdict: { kind: 'silent', why: 'unreadable' } }
  }
  const command = decoded.value
  if (!isAuthentic(gate.keys, command)) {
    return { gate: { ...gate, badMacs: gate.badMacs + 1 }, verdict: { kind: 'silent', why: 'bad-mac' } }
  }
  const known = knownAnswer(gate, command)
  if (known !== null) return answer(gate, command, known.st, known.rc, uptimeMs)

  const refusal = refusalOf(gate, command, uptimeMs)
  if (refusal !== null) return answerOnce(gate, command, refusal, uptimeMs)

  const guard = guardOf(gate, command, condition)
  if (guard !== null) {
    // The refusal burns the counter: a repeat of these bytes must not open the bike once the guard has passed.
    const result: CommandResult = { id: command.id, c: command.c, st: 'rej', rc: guard, u: uptimeMs }
    const burned = { ...gate, counter: command.c, results: remembered(gate.results, result) }
    const { id, c } = command
    return { gate: burned, verdict: { kind: 'answer', id, c, st: 'rej', rc: guard, mustPersist: true } }
  }
  const pending = { id: command.id, c: command.c, op: command.op, receivedAtMs: uptimeMs }
  return { gate: { ...gate, counter: command.c, pending }, verdict: { kind: 'execute', command } }
}

/** The pending command has ended. */
export function endCommand(gate: Gate, st: 'done' | 'fail', rc: ResultCode, uptimeMs: number): Gate {
  if (gate.pending === null) return gate
  const { id, c } = gate.pending
  return { ...gate, pending: null, results: remembered(gate.results, { id, c, st, rc, u: uptimeMs }) }
}

function isAuthentic(keys: GateKeys, command: Command): boolean {
  const key = keys.commandKeys.get(command.kv)
  return key !== undefined && isSameMac(command.m, commandMac(key, keys.lockId, command))
}

function knownAnswer(gate: Gate, { id, c }: Command): { st: 'acc' | 'done' | 'rej' | 'fail'; rc: ResultCode } | null {
  if (gate.pending?.id === id && gate.pending.c === c) return { st: 'acc', rc: 'ok' }
  return gate.results.find((result) => result.id === id && result.c === c) ?? null
}

function refusalOf(gate: Gate, command: Command, uptimeMs: number): ResultCode | null {
  if (command.b !== gate.bootId && !gate.options.withoutBootBinding) return 'stale_boot'
  if (uptimeMs > command.dl && !gate.options.withoutDeadline) return 'expired'
  return command.c <= gate.counter ? 'replay' : null
}

function guardOf(gate: Gate, { op }: Command, condition: LockCondition): ResultCode | null {
  if (op === 'lock' && !condition.canClose) return 'unsupported'
  if (op === 'beep' || op === 'locate' || op === 'selftest') return gate.pending === null ? null : 'busy'
  if (gate.pending !== null || condition.isBoltMoving) return 'busy'
  const movesBolt = op === 'unlock' || op === 'lock'
  if (movesBolt && condition.statePercent < minMotorPercent) return 'batt'
  if (op === 'lock') return condition.wheel === 'still' || gate.options.withoutWheelGuard ? null : 'moving'
  return condition.speedMps > maxStandingMps ? 'moving' : null
}

/** Refusals that stay true for ever are answered once per command id. */
function answerOnce(gate: Gate, command: Command, rc: ResultCode, uptimeMs: number): Judged {
  if (gate.answeredIds.includes(command.id)) return { gate, verdict: { kind: 'silent', why: 'answered' } }
  const judged = answer(gate, command, 'rej', rc, uptimeMs)
  if (judged.verdict.kind !== 'answer') return judged
  const answeredIds = [...gate.answeredIds, command.id].slice(-maxAnsweredIds)
  return { ...judged, gate: { ...judged.gate, answeredIds } }
}

function answer(
  gate: Gate,
  { id, c }: Command,
  st: 'acc' | 'done' | 'rej' | 'fail',
  rc: ResultCode,
  uptimeMs: number,
): Judged {
  const refilled = Math.floor((uptimeMs - gate.answersAtMs) / answerRefillMs)
  const left = Math.min(answerBurst, gate.answersLeft + refilled)
  if (left < 1) return { gate, verdict: { kind: 'silent', why: 'rate' } }
  const answersAtMs = left === answerBurst ? uptimeMs : gate.answersAtMs + refilled * answerRefillMs
  return {
    gate: { ...gate, answersLeft: left - 1, answersAtMs },
    verdict: { kind: 'answer', id, c, st, rc, mustPersist: false },
  }
}
