import { onPhone } from './ble-phone.ts'
import { judgeCommand, type Verdict } from './command-gate.ts'
import { hasCapability } from './hardware.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { startSelfTest } from './self-test.ts'
import { acknowledge, conclude, persist, send } from './speak.ts'
import { betterFixWaitMs } from './telemetry.ts'
import { turnBolt } from './turn-bolt.ts'
import { recentSpeedMps, wheelNow } from './wheel.ts'

/** Time for the last acknowledgements to leave before a commanded reset. */
const rebootDelayMs = 2_000

/** A command from the server: judged, written down, acknowledged, obeyed, in this order. */
export function onCommand(state: LockState, payload: Uint8Array, uptimeMs: number, out: LockEffect[]): void {
  const condition = {
    isBoltMoving: state.bolt.phase.kind === 'unlocking' || state.bolt.phase.kind === 'locking',
    statePercent: state.battery.percent,
    speedMps: recentSpeedMps(state, uptimeMs),
    wheel: wheelNow(state, uptimeMs),
    canClose: hasCapability(state.identity, 'lock'),
  }
  const { gate, verdict } = judgeCommand(state.gate, payload, condition, uptimeMs)
  state.gate = gate
  switch (verdict.kind) {
    case 'silent':
      break
    case 'answer':
      if (verdict.mustPersist) persist(state, out)
      acknowledge(state, verdict, 0, uptimeMs)
      break
    case 'execute': {
      const { id, c, op } = verdict.command
      onPhone(state, { kind: 'commanded', opens: op === 'unlock' ? c : null }, uptimeMs, out)
      persist(state, out)
      acknowledge(state, { id, c, st: 'acc', rc: 'ok' }, 0, uptimeMs)
      // The acceptance leaves before the motor moves.
      send(state, uptimeMs, out)
      execute(state, op, uptimeMs, out)
    }
  }
}

function execute(
  state: LockState,
  op: Extract<Verdict, { kind: 'execute' }>['command']['op'],
  uptimeMs: number,
  out: LockEffect[],
): void {
  switch (op) {
    case 'unlock':
      turnBolt(state, { kind: 'unlock', by: 'cmd' }, uptimeMs, out)
      break
    case 'lock':
      turnBolt(state, { kind: 'lock', by: 'cmd' }, uptimeMs, out)
      break
    case 'selftest':
      startSelfTest(state, uptimeMs, out)
      break
    case 'beep':
      out.push({ kind: 'beep', pattern: 'ok' })
      conclude(state, 'ok', uptimeMs, out)
      break
    case 'locate':
      out.push({ kind: 'locate' })
      state.betterFixUntilMs = uptimeMs + betterFixWaitMs
      state.isAskedWhere = true
      conclude(state, 'ok', uptimeMs, out)
      break
    case 'reboot':
      // Ends with the boot that follows: its hello tells so.
      state.rebootAtMs = uptimeMs + rebootDelayMs
      break
  }
}
