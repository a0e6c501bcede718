import type { BoltState } from '../../contracts/mqtt/reports.ts'
import { tellForced } from './alarm-forced.ts'
import { endOpening, movedByPhone, tellPhone } from './ble-told.ts'
import { type BoltInput, type BoltOutput, stepBolt } from './bolt-machine.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { reported } from './power-machine.ts'
import { conclude, persist, record } from './speak.ts'
import { betterFixWaitMs, goodFixM, positionFields } from './telemetry.ts'

/** Brings the bolt its input, and carries out what follows: in flash before it is said. */
export function turnBolt(state: LockState, input: BoltInput, uptimeMs: number, out: LockEffect[]): void {
  const { pending } = state.gate
  const commandId = pending?.op === 'unlock' || pending?.op === 'lock' ? pending.id : undefined
  const { state: bolt, effects } = stepBolt(state.bolt, input, uptimeMs)
  state.bolt = bolt
  for (const effect of effects) carryOut(state, effect, commandId, uptimeMs, out)
  // Once the bolt is found, a later forcing is a forcing again.
  if (bolt.phase.kind !== 'unknown') state.interrupted = null
  endOpening(state, out)
}

function carryOut(
  state: LockState,
  effect: BoltOutput,
  commandId: string | undefined,
  uptimeMs: number,
  out: LockEffect[],
): void {
  switch (effect.kind) {
    case 'motor':
      out.push(effect.drive === 'stop' ? effect : { ...effect, commandId: commandId ?? state.ble.memory.opening })
      break
    // Opened by a phone, it ends no command: a self-test may be under way beside it.
    case 'unlock-ended':
      if (commandId !== undefined) conclude(state, effect.isOpen ? 'ok' : 'jam', uptimeMs, out)
      break
    case 'lock-ended':
      if (commandId !== undefined) conclude(state, effect.rc, uptimeMs, out)
      break
    case 'bolt-changed':
      onBoltChanged(state, effect, commandId, uptimeMs, out)
      break
    case 'forced':
      if (state.interrupted?.op === 'unlock' || state.ble.memory.opening !== null) return
      tellForced(state, uptimeMs, out)
  }
}

function onBoltChanged(
  state: LockState,
  { from, to, by }: Extract<BoltOutput, { kind: 'bolt-changed' }>,
  commandId: string | undefined,
  uptimeMs: number,
  out: LockEffect[],
): void {
  const interruptedId = movedByInterrupted(state, to, by)
  const cid = by === 'cmd' ? commandId : interruptedId
  const phone = cid === undefined ? movedByPhone(state, to, by, uptimeMs) : null
  const event = record(state, uptimeMs, out, (header) => ({
    ...header,
    k: 'bolt',
    from,
    to,
    by: interruptedId === undefined ? (phone?.by ?? by) : 'cmd',
    ...(cid === undefined ? {} : { cid }),
    ...(phone === null ? {} : { tok: phone.tok }),
    ...positionFields(state.fix, uptimeMs),
  }))
  // The event is in flash before the journal forgets that it is news: a reset between the two repeats it, never loses it.
  persist(state, out)
  tellPhone(state, event, out)
  state.power = reported(state.power, uptimeMs)
  const isPoor = state.fix === null || state.fix.fix.accuracyM > goodFixM
  state.betterFixUntilMs = to === 'locked' && isPoor ? uptimeMs + betterFixWaitMs : null
}

/** Found open after a reset in the middle of an unlock: that command opened it, not a thief. And so with a closing. */
function movedByInterrupted({ interrupted }: LockState, to: BoltState, by: string): string | undefined {
  if (interrupted === null) return undefined
  if (interrupted.op === 'unlock' && by === 'force') return interrupted.id
  return interrupted.op === 'lock' && by === 'hand' && to === 'locked' ? interrupted.id : undefined
}
