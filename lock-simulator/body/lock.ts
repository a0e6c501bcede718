import type { LockId } from '../../contracts/ids.ts'
import type { BoltState, PowerMode, ResetReason } from '../../contracts/mqtt/reports.ts'
import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import type { GateOptions } from '../firmware/command-gate.ts'
import type { PublishKind } from '../firmware/report-queue.ts'
import type { PhoneLink } from '../radio/phone-radio.ts'
import type { Radio } from '../radio/radio.ts'
import type { BookEnergy } from './battery.ts'
import type { BoltPosition, SwitchFault } from './bolt-mechanics.ts'
import type { PowerCut } from './chip.ts'
import type { Offset, Sky, Whereabouts } from './gnss.ts'
import type { Insight } from './insight.ts'
import type { Coverage, ModemKind } from './modem.ts'
import type { ReceiverKind } from './receiver.ts'
import type { Schedule } from './schedule.ts'

export interface LockMessage {
  readonly direction: 'up' | 'down'
  readonly atMs: number
  readonly channel: PublishKind | DownlinkKind
  readonly payload: string
}

/** The motor started to open or to close: what the checkers of "never twice, never late" count (`attempt` 1). */
export interface Actuation {
  readonly drive: 'open' | 'close'
  readonly commandId: string | null
  readonly attempt: number
  readonly bootId: number
  readonly uptimeMs: number
  readonly atMs: number
}

export interface LockSettings {
  readonly lockId: string
  /** `commandKey` is the 32-byte key of version `keyVersion`. */
  readonly keys: {
    readonly keyVersion: number
    readonly commandKey: Uint8Array
    /** Missing: the lock does not speak to phones. */
    readonly phoneKey?: Uint8Array
  }
  readonly random: Random
  /** City time. The lock's uptime runs on it, off by the lock's own ±100 ppm. */
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly radio: Radio
  readonly position: { readonly lon: number; readonly lat: number }
  readonly batteryPercent?: number
  readonly isLocked?: boolean
  /** In its box, radio off, until the bolt is moved or something charges it. */
  readonly isShipped?: boolean
  /** `bench` unless said otherwise: it solves at once and never jumps. A street has `field` receivers. */
  readonly receiver?: ReceiverKind
  /** `bench` unless said otherwise: a network that is there at once. A street has `field` modems. */
  readonly modem?: ModemKind
  /** Told of every use of energy as it is reckoned: where a full ledger is kept, once there is one. */
  readonly bookEnergy?: BookEnergy
  /** `ring-2`, which has a motor both ways, unless said otherwise. */
  readonly hardware?: 'ring-1' | 'ring-2'
  /** In city time: under a fast city clock stretch it, for the network does not get faster. */
  readonly pubackTimeoutMs?: number
  /** Planted bugs, for tests and the simulation only. */
  readonly gateOptions?: GateOptions
}

/** What a self-test looks at, beside bolt and battery. */
export type Part = 'imu' | 'flash' | 'gnss'

/** What checkers may know and the firmware cannot. */
export interface LockTruth {
  readonly speedMps: number
  readonly milliVolts: number
  readonly percent: number
  /** As the firmware has it; off: the cell is empty. */
  readonly mode: PowerMode | 'off'
  /** Boots since the first. */
  readonly resets: number
}

/** What is not proven to have arrived. */
export interface Outbox {
  readonly events: number
  /** Records. */
  readonly telemetry: number
  /** The most records that waited while an event was dropped, since boot. */
  readonly keptBesideDropped: number
}

/** One simulated lock: what a person, a rider or a city can do to it, and what can be seen of it. */
export interface Lock {
  readonly lockId: LockId
  pushLever(): void
  setPosition(whereabouts: Whereabouts): void
  whereabouts(): Whereabouts
  setSky(sky: Sky): void
  setAntenna(isOn: boolean): void
  /** Of the cellular network where it stands. Weak: GPRS often, and connections that are lost unheard. */
  setCoverage(coverage: Coverage): void
  jam(isJammed: boolean): void
  forceOpen(): void
  /** A switch of the bolt is stuck as it reads now, or loose; null: both are well. */
  setSwitches(fault: SwitchFault | null): void
  /** This part answers no more, or again. */
  breakPart(part: Part, isBroken: boolean): void
  /** Its short-range radio, as a phone beside it has it. */
  phone(): PhoneLink
  setBattery(percent: number): void
  /** 0: the panel lies in the open, 1: in a cellar. */
  setShade(fraction: number): void
  /** Of the cell; null: as the weather is. */
  setTemperature(celsius: number | null): void
  jamGnss(isJammed: boolean): void
  /** Hands at the bike; `g`: how hard, in multiples of gravity. 3 s unless said otherwise. */
  shake(g: number, forMs?: number): void
  tipOver(): void
  standUp(): void
  openShell(isOpen: boolean): void
  cutCable(isCut: boolean): void
  /** Somebody carries it there, or carries it on at this speed: unlike `setPosition` the accelerometer feels it. */
  carry(whereabouts: Whereabouts): void
  /** The network refuses this SIM: no connection either. */
  refuseSim(isRefused: boolean): void
  /** A false sky moves every fix by so much; null: the true one. */
  spoofGnss(offset: Offset | null): void
  /** What the battery-backed clock is wrong by from the next boot on; null: it has lost its time. */
  setRtc(errorMs: number | null): void
  /** The firmware gets stuck, until the watchdog bites. */
  hang(): void
  /** The firmware finds itself in a state that cannot be, and resets. */
  panic(): void
  truth(): LockTruth
  setPubackTimeout(pubackTimeoutMs: number): void
  reboot(reason: ResetReason): void
  /**
   * Power fails when the `afterEffects`-th next thing the chip does is under way; `torn`: a flash write is spoilt. Null: not
   * any more.
   */
  armPowerCut(cut: PowerCut | null): void
  /** What the firmware believes. */
  boltState(): BoltState
  /** Where the bolt truly is. */
  boltPosition(): BoltPosition
  bootId(): number
  /** What the firmware believes of itself, as a bench shows it. */
  insight(): Insight
  isConnected(): boolean
  outbox(): Outbox
  onMessage(listener: (message: LockMessage) => void): void
  onBoltPosition(listener: (position: BoltPosition) => void): void
  onActuation(listener: (actuation: Actuation) => void): void
  destroy(): void
}
