import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { conclude, record } from './speak.ts'

/** Below this the cell cannot drive the motor on a cold morning. */
const minHealthyMilliVolts = 3_500
const minHealthyPercent = 15
/** Parts that have not answered by then are broken. Well within the life of a command. */
export const partsTimeoutMs = 8_000

export interface SelfTestState {
  /** When it is given up; null: none is under way. */
  readonly untilMs: number | null
}

/** Asks the parts that cannot be looked at from inside; the bolt stays where it is. */
export function startSelfTest(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  state.selfTest = { untilMs: uptimeMs + partsTimeoutMs }
  out.push({ kind: 'check-parts' })
}

export interface Parts {
  readonly imu: boolean
  readonly flash: boolean
  readonly gnss: boolean
}

/** The parts have answered, or their time is over: tells what is well, and ends the command. */
export function endSelfTest(state: LockState, parts: Parts, uptimeMs: number, out: LockEffect[]): void {
  if (state.selfTest.untilMs === null) return
  state.selfTest = { untilMs: null }
  const told = {
    bolt: bit(isBoltPlausible(state)),
    gnss: bit(parts.gnss),
    // It has brought the command: registered and attached.
    modem: bit(state.queue.isOnline),
    imu: bit(parts.imu),
    flash: bit(parts.flash),
    batt: bit(state.battery.percent >= minHealthyPercent && state.battery.milliVolts >= minHealthyMilliVolts),
  }
  record(state, uptimeMs, out, (header) => ({ ...header, k: 'self', ...told }))
  conclude(state, Object.values(told).includes(0) ? 'fault' : 'ok', uptimeMs, out)
}

/** Parts that never answered, once their time is over. */
export function tickSelfTest(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  const { untilMs } = state.selfTest
  if (untilMs === null || uptimeMs < untilMs) return
  endSelfTest(state, { imu: false, flash: false, gnss: false }, uptimeMs, out)
}

/** What the switches say fits what the lock believes, and is possible at all. */
function isBoltPlausible({ bolt }: LockState): boolean {
  switch (bolt.phase.kind) {
    case 'locked':
      return bolt.raw === 'closed'
    case 'unlocked':
      return bolt.raw === 'open'
    case 'jam_close':
    case 'jam_open':
    case 'unknown':
      return false
    case 'locking':
    case 'unlocking':
      return bolt.raw !== 'fault'
  }
}

const bit = (isWell: boolean): 0 | 1 => (isWell ? 1 : 0)
