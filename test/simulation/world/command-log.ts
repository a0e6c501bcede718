import type { LockId } from '../../../contracts/ids.ts'
import { readToken } from '../../../contracts/no-coverage-words.ts'
import type { Actuation } from '../../../lock-simulator/body/lock.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Notes } from './notes.ts'

/** Every command that the platform sent, against every movement of a motor, at the moment when it moves. */
export interface CommandLog {
  sent(lockId: LockId, topic: string, payload: string, cityAheadMs: number): void
  moved(lockId: LockId, actuation: Actuation): void
  /** The newest, for whoever records and replays them. */
  readonly recent: readonly { readonly lockId: LockId; readonly topic: string; readonly payload: string }[]
}

interface Known {
  readonly b: number
  readonly dl: number
  /** In true time. */
  readonly expAtMs: number
  hasMoved: boolean
}

const keptRecent = 200

export function createCommandLog({
  clock,
  notes,
}: {
  readonly clock: VirtualClock
  readonly notes: Notes
}): CommandLog {
  const known = new Map<string, Known>()
  /** Grants and codes of phones. */
  const usedTokens = new Set<string>()
  const recent: { lockId: LockId; topic: string; payload: string }[] = []
  const wrong = (invariant: string, detail: string) => notes.found.push({ invariant, detail })
  return {
    recent,
    sent: (lockId, topic, payload, cityAheadMs) => {
      const { id, b, dl, exp } = JSON.parse(payload) as { id: string; b: number; dl: number; exp: number }
      const key = `${lockId} ${id}`
      if (known.has(key)) return
      known.set(key, { b, dl, expAtMs: exp - cityAheadMs, hasMoved: false })
      notes.count('command sent')
      recent.push({ lockId, topic, payload })
      if (recent.length > keptRecent) recent.shift()
    },
    moved: (lockId, { commandId, attempt, bootId, uptimeMs }) => {
      if (attempt !== 1 || commandId === null) return
      if (readToken(commandId) !== null) {
        if (usedTokens.has(`${lockId} ${commandId}`)) wrong('no-grant-or-code-twice', `${commandId} moved ${lockId}`)
        usedTokens.add(`${lockId} ${commandId}`)
        const grant = notes.grants.get(commandId)
        if (grant !== undefined && (grant.b !== bootId || uptimeMs > grant.untilUptimeMs)) {
          wrong('no-grant-late', `${commandId} moved ${lockId} in boot ${bootId} at ${uptimeMs}`)
        }
        notes.count('opened by phone')
        return
      }
      const what = `${commandId} moved ${lockId} at ${clock.nowMs()}`
      const command = known.get(`${lockId} ${commandId}`)
      if (command === undefined) {
        wrong('no-unknown-command', what)
        return
      }
      if (command.hasMoved) wrong('no-command-twice', what)
      command.hasMoved = true
      const lateMs = clock.nowMs() - command.expAtMs
      if (uptimeMs > command.dl || lateMs > 0) wrong('no-command-late', `${what}, ${lateMs} ms late`)
      if (command.b !== bootId) wrong('no-command-of-an-earlier-boot', `${what}, meant for boot ${command.b}`)
    },
  }
}
