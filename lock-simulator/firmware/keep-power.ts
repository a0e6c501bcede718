import { settingsOf } from './config-store.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { toldPercent } from './power-level.ts'
import { heartbeatAtMs, type PowerFacts, type PowerOutput, stepPower } from './power-machine.ts'
import { goOffline, type ReportQueue } from './report-queue.ts'
import { persist, record, report } from './speak.ts'
import type { Battery, Charge } from './telemetry.ts'

/** After each input of the lock: decides the mode anew, and carries out what follows. */
export function tendPower(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  state.meters.lastStepMs = uptimeMs
  const { state: power, effects } = stepPower(state.power, factsOf(state, uptimeMs), uptimeMs)
  state.power = power
  for (const effect of effects) carryOut(state, effect, uptimeMs, out)
  state.heartbeatAtMs = heartbeatAtMs(state.power, settingsOf(state), isBoltOpen(state), uptimeMs)
}

/** The heartbeat, when it is due. In the box, and after the last word, it only looks at the battery. */
export function beat(state: LockState, uptimeMs: number): void {
  if (uptimeMs < state.heartbeatAtMs) return
  if (state.power.isShipped || state.power.level === 'off') state.power = { ...state.power, reportedAtMs: uptimeMs }
  else report(state, uptimeMs)
}

export function onBattery(state: LockState, battery: Battery): void {
  state.battery = battery
}

export function onCharge(state: LockState, { source, milliAmps }: Charge, uptimeMs: number): void {
  state.meters.charge = { source, milliAmps }
  if (source === 'dyn') state.meters.movedAtMs = uptimeMs
}

function carryOut(state: LockState, effect: PowerOutput, uptimeMs: number, out: LockEffect[]): void {
  switch (effect.kind) {
    case 'level': {
      if (state.options.withoutLastWord && effect.level !== 'ok') break
      const { percent, milliVolts } = state.battery
      const soc = toldPercent(effect.level, percent)
      record(state, uptimeMs, out, (header) => ({ ...header, k: 'power', lv: effect.level, soc, mv: milliVolts }))
      // In flash first, as news of the bolt: a reset between the two tells it twice, never not at all.
      persist(state, out)
      report(state, uptimeMs)
      break
    }
    case 'unpacked':
      persist(state, out)
      break
    case 'mode':
      if (effect.mode === 'alarm') report(state, uptimeMs)
      break
    case 'modem':
      if (!effect.isOn) goOffline(state.queue)
      out.push(effect)
      break
    case 'gnss':
      out.push(effect)
  }
}

function factsOf(state: LockState, uptimeMs: number): PowerFacts {
  const { battery, meters, queue, wheel, bolt, guard } = state
  const { kind } = bolt.phase
  return {
    percent: battery.percent,
    milliVolts: battery.milliVolts,
    isBoltOpen: isBoltOpen(state),
    isBusy:
      kind === 'unlocking' || kind === 'locking' || state.gate.pending !== null || state.betterFixUntilMs !== null,
    isMoving: meters.movedAtMs === uptimeMs || wheel.movedAtMs === uptimeMs,
    isCharging: meters.charge !== null && meters.charge.source !== 'none',
    isChased: guard.phase === 'chase',
    hasNews: queue.events.length > 0 || queue.acks.length > 0,
    isAllSaid: isAllSaid(queue),
  }
}

export function isBoltOpen({ bolt }: LockState): boolean {
  switch (bolt.phase.kind) {
    case 'locked':
    case 'jam_open':
      return false
    case 'unlocked':
    case 'unlocking':
    case 'locking':
    case 'jam_close':
      return true
    case 'unknown':
      // Until the switches have settled it is where it was.
      return bolt.reported === 'unlocked' || bolt.reported === 'jam_close'
  }
}

/** Connected, greeted, and nothing is waiting or unproven. */
function isAllSaid(queue: ReportQueue): boolean {
  if (!queue.isOnline || queue.greeting !== null || queue.helloRef !== null || queue.inFlight.length > 0) return false
  return queue.acks.length + queue.events.length + queue.backlog.count === 0 && queue.fresh === null
}
