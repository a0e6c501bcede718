import { type Delivery, type Pending, pendingOf } from './core/notification-queue.ts'
import type { NewId, Rules, SandboxState } from './core/records.ts'
import { applyChange, newSandbox, type SandboxAnswer, type SandboxRequest, step } from './core/sandbox.ts'
import { type JournalEntry, openJournal } from './journal.ts'
import type { MoneyLog } from './money-log.ts'

/** The provider as a running thing: its state, its unacknowledged notifications, and the journal under both. */
export interface Provider {
  readonly state: () => SandboxState
  readonly pending: () => ReadonlyMap<string, Pending>
  /** Decides and saves. What it returns, and everything decided before it, is on the disk. */
  readonly handle: (request: SandboxRequest, cause: string) => Promise<SandboxAnswer>
  /** Saves what became of one attempt to notify. */
  readonly settleAttempt: (pending: Pending, delivery: Delivery) => Promise<void>
  readonly close: () => Promise<void>
}

export interface ProviderDeps {
  readonly journalPath: string
  readonly rules: Rules
  readonly nowMs: () => number
  readonly newId: NewId
  readonly moneyLog: MoneyLog
  readonly log: (line: string) => void
}

/** Opens the provider: replays its journal, then takes requests. */
export async function openProvider(deps: ProviderDeps): Promise<Provider> {
  let state = newSandbox(deps.rules)
  const pending = new Map<string, Pending>()
  const replay = (entry: JournalEntry): void => {
    if (entry.kind === 'change') {
      state = applyChange(state, entry.change)
      deps.moneyLog.add(entry.change.moves)
      for (const notification of entry.change.notifications) pending.set(notification.notifyId, pendingOf(notification))
      return
    }
    const known = pending.get(entry.notifyId)
    if (known === undefined) return
    if (entry.outcome === 'retry')
      pending.set(entry.notifyId, { ...known, attempts: entry.attempts, dueMs: entry.dueMs })
    else pending.delete(entry.notifyId)
  }
  const journal = await openJournal(deps.journalPath, replay)

  const handle = async (request: SandboxRequest, cause: string): Promise<SandboxAnswer> => {
    const nowMs = deps.nowMs()
    const result = step(state, request, nowMs, deps.newId)
    state = result.state
    const { change } = result
    if (change.orders.length > 0) {
      deps.moneyLog.add(change.moves)
      for (const notification of change.notifications) pending.set(notification.notifyId, pendingOf(notification))
      journal.append({ kind: 'change', atMs: nowMs, cause, change })
      for (const move of change.moves)
        deps.log(`moved ${move.kind} ${move.fen} fen order=${move.outOrderNo} ref=${move.refNo} by ${cause}`)
    }
    await journal.flushed()
    return result.answer
  }

  const settleAttempt = async (one: Pending, delivery: Delivery): Promise<void> => {
    const { notifyId, notifyType } = one.notification
    const next = delivery.kind === 'retry' ? delivery.pending : one
    if (delivery.kind === 'retry') pending.set(notifyId, delivery.pending)
    else pending.delete(notifyId)
    journal.append({
      kind: 'attempt',
      atMs: deps.nowMs(),
      notifyId,
      outcome: delivery.kind,
      attempts: next.attempts,
      dueMs: next.dueMs,
    })
    deps.log(`notified ${notifyType} ${notifyId} ${delivery.kind}`)
    await journal.flushed()
  }

  return {
    state: () => state,
    pending: () => pending,
    handle,
    settleAttempt,
    close: journal.close,
  }
}
