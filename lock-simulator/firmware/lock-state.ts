import type { Hello, ResetReason } from '../../contracts/mqtt/reports.ts'
import type { PhoneKeys } from './ble-keys.ts'
import { type Ble, phonesAtBoot, quietBle } from './ble-machine.ts'
import { type Bolt, boltAfterPowerLoss } from './bolt-machine.ts'
import { type Gate, type GateOptions, gateAtBoot } from './command-gate.ts'
import { type ConfigState, configAtBoot } from './config-gate.ts'
import { factoryConfig } from './config-store.ts'
import { type Guard, guardAtBoot, guardAtRest, keptGuard } from './guard-state.ts'
import {
  factoryPower,
  type JournalRecord,
  type KeptPower,
  type Nvm,
  newestRecord,
  nextBootId,
  type PendingCommand,
} from './journal.ts'
import { type LockClock, unsetClock } from './lock-clock.ts'
import { type Power, powerAtBoot } from './power-machine.ts'
import { defaultPubackTimeoutMs, emptyQueue, queueAtBoot, type ReportQueue } from './report-queue.ts'
import type { SelfTestState } from './self-test.ts'
import { type Battery, type KnownFix, type Meters, metersAtBoot } from './telemetry.ts'
import type { WheelState } from './wheel.ts'

/** What the factory writes into a lock. */
export interface LockIdentity {
  readonly lockId: string
  readonly firmware: string
  readonly hardware: string
  /** The version of the key in use, told in the hello. */
  readonly keyVersion: number
  /** 32-byte command keys by version. */
  readonly commandKeys: ReadonlyMap<number, Uint8Array>
  /** Null or missing: phones are not answered. */
  readonly phoneKeys?: PhoneKeys | null
}

/** One lock's memory. Changed in place by `stepLock`, for speed: never share one between two locks. */
export interface LockState {
  readonly identity: LockIdentity
  readonly options: GateOptions
  isOn: boolean
  bootReason: ResetReason
  gate: Gate
  bolt: Bolt
  config: ConfigState
  ble: Ble
  wheel: WheelState
  selfTest: SelfTestState
  queue: ReportQueue
  /** As the modem last registered; null: not since the reset. */
  network: NonNullable<Hello['net']> | null
  clock: LockClock
  /** The last journal record written: the next one is numbered after it. */
  journalN: number
  /** The command that a reset interrupted: if it was an unlock and the bolt turns out open, that command opened it. */
  interrupted: PendingCommand | null
  nextQ: number
  fix: KnownFix | null
  battery: Battery
  power: Power
  meters: Meters
  guard: Guard
  heartbeatAtMs: number
  /** Just locked with a poor position: a better fix until then is sent at once. */
  betterFixUntilMs: number | null
  /** A command asked where it is: a poor fix is told too when the wait for a better one is over. */
  isAskedWhere: boolean
  rebootAtMs: number | null
  wakeAtMs: number | null
  pubackTimeoutMs: number
}

/** Until it is read, just after the start: full enough to start with. */
const unreadBattery: Battery = { percent: 100, milliVolts: 4_000 }

/** A lock without power. `options` plants bugs, for tests and the simulation only. */
export function createLockState(identity: LockIdentity, options: GateOptions = {}): LockState {
  const blank = newestRecord({ slots: [null, null], events: [] })
  return {
    identity,
    options,
    isOn: false,
    bootReason: 'power',
    gate: gateAtBoot(identity, options, blank, 0),
    bolt: boltAfterPowerLoss('unknown'),
    config: configAtBoot(factoryConfig),
    ble: quietBle,
    wheel: { speedMps: null, readAtMs: Number.NEGATIVE_INFINITY, movedAtMs: null },
    selfTest: { untilMs: null },
    queue: emptyQueue(0),
    network: null,
    clock: unsetClock,
    journalN: 0,
    interrupted: null,
    nextQ: 0,
    fix: null,
    battery: unreadBattery,
    power: powerAtBoot(identity.lockId, factoryPower),
    meters: metersAtBoot(0, null),
    guard: guardAtRest,
    heartbeatAtMs: 0,
    betterFixUntilMs: null,
    isAskedWhere: false,
    rebootAtMs: null,
    wakeAtMs: null,
    pubackTimeoutMs: defaultPubackTimeoutMs,
  }
}

/** RAM after a reset: everything that is not in `nvm` is gone. The battery reading and radio patience are re-read. */
export function wipeRam(state: LockState, bootReason: ResetReason, nvm: Nvm): void {
  const record = newestRecord(nvm)
  const { identity, options, battery, pubackTimeoutMs } = state
  // Without a loss of power this much of RAM outlives the reset.
  const outlived = bootReason === 'power' || bootReason === 'brownout' ? null : state.meters.lastStepMs
  const kept = record.power ?? factoryPower
  const odometerM = outlived === null ? kept.odometerM : Math.max(kept.odometerM, state.meters.odometerM)
  const lastBootMs = kept.upMs === null ? null : Math.max(kept.upMs, outlived ?? 0)
  Object.assign(state, createLockState(identity, options), { battery, pubackTimeoutMs })
  state.power = powerAtBoot(identity.lockId, kept)
  state.meters = metersAtBoot(odometerM, lastBootMs)
  const bootId = nextBootId(record.bootId)
  state.isOn = true
  state.bootReason = bootReason
  state.gate = gateAtBoot(identity, options, record, bootId)
  state.bolt = boltAfterPowerLoss(record.bolt)
  state.config = configAtBoot(record.config)
  state.guard = guardAtBoot(record.guard)
  state.ble = phonesAtBoot(record.phone, nvm.events)
  state.queue = queueAtBoot(bootId, nvm)
  state.journalN = record.n
  state.interrupted = options.ramCounter || record.pending?.op === 'reboot' ? null : record.pending
}

/** What the journal must hold now. */
export function journalRecord(state: LockState): JournalRecord {
  const { bootId, counter, pending, results } = state.gate
  const guard = keptGuard(state.guard)
  return {
    n: state.journalN + 1,
    bootId,
    counter,
    pending: pending && { id: pending.id, c: pending.c, op: pending.op },
    results,
    bolt: state.bolt.reported,
    config: state.config.kept,
    phone: state.ble.memory,
    power: keptPower(state),
    ...(guard === undefined ? {} : { guard }),
  }
}

function keptPower({ power: { level, isShipped }, meters }: LockState): KeptPower {
  return { level, isShipped, odometerM: Math.round(meters.odometerM), upMs: meters.lastStepMs }
}
