import type { CommandState } from '../../../contracts/http/trips.ts'
import type { ResultCode } from '../../../contracts/mqtt/reports.ts'
import { type Step, unchanged } from '../../../contracts/step.ts'
import { type EpochMs, epochMs, type UptimeMs } from '../../../contracts/units.ts'

/** A command to a lock, as the platform knows it. It ends exactly once, but `unknown` may still be resolved. */
export interface CommandFacts {
  readonly state: CommandState
  readonly counter: number
  readonly bootId: number
  readonly deadlineUptime: UptimeMs
  readonly expiresAt: EpochMs
  /** When the same bytes go out again; null when they do not. */
  readonly sendAt: EpochMs | null
  readonly sends: number
  readonly resultCode: ResultCode | null
}

type AckState = 'acc' | 'done' | 'rej' | 'fail'

export type CommandEvent =
  /** Time to look: send, send again, or give up. */
  | { readonly kind: 'tick'; readonly nowMs: EpochMs }
  /** The lock's acknowledgement, or the same result told by a later hello; `locked`: the same message says so. */
  | { readonly kind: 'acknowledged'; readonly st: AckState; readonly rc: ResultCode; readonly locked: boolean }
  /** The bolt is where this command wanted it, and named it: as good as `done`. */
  | { readonly kind: 'bolt_obeyed' }
  /** The lock rebooted while it carried this out: the bolt may be open or not, its next words tell. */
  | { readonly kind: 'interrupted' }
  /** A hello: counter of the last accepted command, boot and uptime tell whether this one can still run. */
  | { readonly kind: 'hello'; readonly counter: number; readonly bootId: number; readonly uptime: UptimeMs }
  /** A later command goes out before this one's answer came; whatever the lock still says of it is heard. */
  | { readonly kind: 'superseded' }

export type CommandEffect =
  | { readonly kind: 'publish' }
  | { readonly kind: 'done' }
  /** Proven: the lock did not open, and this command can never open it. */
  | { readonly kind: 'not_executed'; readonly why: ResultCode | 'never_sent' }
  | { readonly kind: 'unanswered' }

/** The same bytes go out again at this interval until the lock has accepted. */
export const resendEveryMs = 2_500
/** City lifetime of an unlock. */
export const unlockLifetimeMs = 15_000
/** After the deadline a late acknowledgement may still be on its way. */
export const answerGraceMs = 5_000

type CommandStep = Step<CommandFacts, CommandEffect>

/** One step of a command. Total; repeats change nothing. */
export function stepCommand(command: CommandFacts, event: CommandEvent): CommandStep {
  switch (command.state) {
    case 'queued':
    case 'sent':
    case 'accepted':
      return inFlight(command, event)
    case 'unknown':
      return resolve(command, event)
    case 'done':
    case 'rejected':
    case 'failed':
    case 'expired':
      return unchanged(command)
  }
}

/** Whether nothing more is to be waited for. */
export const hasEnded = (state: CommandState): boolean => state !== 'queued' && state !== 'sent' && state !== 'accepted'

function inFlight(command: CommandFacts, event: CommandEvent): CommandStep {
  if (event.kind === 'acknowledged' && event.st === 'acc') {
    return command.state === 'accepted'
      ? unchanged(command)
      : { state: { ...command, state: 'accepted', sendAt: null }, effects: [] }
  }
  if (event.kind === 'superseded') return end(command, 'unknown', null, { kind: 'unanswered' })
  if (event.kind !== 'tick') return resolve(command, event)
  if (event.nowMs >= command.expiresAt + answerGraceMs) {
    return command.sends === 0
      ? end(command, 'expired', null, { kind: 'not_executed', why: 'never_sent' })
      : end(command, 'unknown', null, { kind: 'unanswered' })
  }
  const due = command.sendAt !== null && event.nowMs >= command.sendAt
  if (!due || event.nowMs >= command.expiresAt) return unchanged(command)
  return {
    state: {
      ...command,
      state: command.state === 'queued' ? 'sent' : command.state,
      sends: command.sends + 1,
      sendAt: epochMs(event.nowMs + resendEveryMs),
    },
    effects: [{ kind: 'publish' }],
  }
}

/** The lock's own word, whenever it comes. */
function resolve(command: CommandFacts, event: CommandEvent): CommandStep {
  switch (event.kind) {
    case 'bolt_obeyed':
      return end(command, 'done', 'ok', { kind: 'done' })
    case 'interrupted':
      return inDoubt(command)
    case 'acknowledged':
      if (event.st === 'done') return end(command, 'done', event.rc, { kind: 'done' })
      // Power went while the motor ran: only a bolt that reports *locked* proves that nothing opened.
      if (event.st === 'fail' && event.rc === 'interrupted' && !event.locked) return inDoubt(command)
      if (event.st === 'fail') return end(command, 'failed', event.rc, { kind: 'not_executed', why: event.rc })
      // `replay` says that this counter was used before: what became of it is told by another message.
      if (event.st === 'rej' && event.rc !== 'replay') {
        const state = event.rc === 'expired' ? 'expired' : 'rejected'
        return end(command, state, event.rc, { kind: 'not_executed', why: event.rc })
      }
      return unchanged(command)
    case 'hello': {
      const neverAccepted = event.counter < command.counter
      const canNotRun = event.bootId !== command.bootId || event.uptime > command.deadlineUptime
      if (!neverAccepted || !canNotRun) return unchanged(command)
      const why = event.bootId === command.bootId ? 'expired' : 'stale_boot'
      return end(command, 'expired', why, { kind: 'not_executed', why })
    }
    case 'superseded':
    case 'tick':
      return unchanged(command)
  }
}

const inDoubt = (command: CommandFacts): CommandStep =>
  command.state === 'unknown' ? unchanged(command) : end(command, 'unknown', 'interrupted', { kind: 'unanswered' })

const end = (
  command: CommandFacts,
  state: CommandState,
  resultCode: ResultCode | null,
  effect: CommandEffect,
): CommandStep => ({ state: { ...command, state, resultCode, sendAt: null }, effects: [effect] })
