import type { BoltEvent, LockEvent } from '../../contracts/mqtt/reports.ts'
import { encodeFrame } from '../../contracts/no-coverage.ts'
import { boltMoved, wordOf } from './ble-machine.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { persist } from './speak.ts'

/** A bolt's word was recorded: a phone that waits gets it, an older challenge is over. */
export function tellPhone(state: LockState, event: LockEvent, out: LockEffect[]): void {
  const { lockId, phoneKeys } = state.identity
  if (event.k !== 'bolt' || !phoneKeys) return
  const { state: ble, effects } = boltMoved(state.ble, wordOf(event), { lockId, keys: phoneKeys })
  const isNews = ble.memory !== state.ble.memory
  state.ble = ble
  if (isNews) persist(state, out)
  for (const { frame } of effects) out.push({ kind: 'ble-send', bytes: encodeFrame(frame) })
}

/** The phone that opened the bolt, or that said what this closing means; null: none. */
export function movedByPhone(
  { ble }: LockState,
  to: BoltEvent['to'],
  by: BoltEvent['by'],
  uptimeMs: number,
): { readonly by: BoltEvent['by']; readonly tok: string } | null {
  const { opening } = ble.memory
  // Found open after a reset in the middle of an opening: that grant opened it, not a thief.
  if (opening !== null && (by === 'ble' || by === 'force')) return { by: 'ble', tok: opening }
  if (to !== 'locked' || by !== 'hand' || ble.wish === null || uptimeMs > ble.wish.untilMs) return null
  return { by, tok: ble.wish.tok }
}

/** The bolt is at rest: whatever a phone asked of it has ended. */
export function endOpening(state: LockState, out: LockEffect[]): void {
  const { memory } = state.ble
  const phase = state.bolt.phase.kind
  if (memory.opening === null || phase === 'unlocking' || phase === 'unknown') return
  state.ble = { ...state.ble, memory: { ...memory, opening: null } }
  persist(state, out)
}
