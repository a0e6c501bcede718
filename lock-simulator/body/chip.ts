import type { ResetReason } from '../../contracts/mqtt/reports.ts'
import type { GateOptions } from '../firmware/command-gate.ts'
import type { LockEffect, LockInput } from '../firmware/lock-io.ts'
import { stepLock } from '../firmware/lock-machine.ts'
import { createLockState, type LockIdentity, type LockState } from '../firmware/lock-state.ts'
import type { Flash } from './flash.ts'
import type { Schedule } from './schedule.ts'
import type { UptimeClock } from './uptime-clock.ts'

/** From power to the first instruction. */
const bootMs = 500

/** A chip that does not feed its watchdog for so long is reset. */
const watchdogMs = 8_000

/** The effects that reach beyond chip and flash. */
export type OutwardEffect = Exclude<LockEffect, { kind: 'reboot' | 'nvm-write' | 'wake-at' }>

export interface PowerCut {
  readonly afterEffects: number
  readonly torn: boolean
  /** Counts effects of this kind only. */
  readonly only?: LockEffect['kind']
  /** Told when it strikes. */
  readonly onCut?: () => void
}

export interface ChipSettings {
  readonly identity: LockIdentity
  readonly gateOptions: GateOptions
  readonly flash: Flash
  readonly clock: UptimeClock
}

export interface ChipSurroundings {
  readonly nowMs: () => number
  readonly schedule: Schedule
  /** The battery-backed clock, unix ms; null: it has lost its time. */
  rtcMs(): number | null
  perform(effect: OutwardEffect): void
  /** Reads the sensors into the chip, before a tick. */
  sense(): void
  onPowerLost(reason: ResetReason): void
  /** The chip runs again: bring it its sensors and its radio. */
  onPowerOn(): void
}

/** The firmware with its memory, its wake-up timer and its power supply. */
export interface Chip {
  readonly state: Readonly<LockState>
  feed(input: LockInput): void
  /** Power comes back, and the chip with it, half a second later. */
  losePower(reason: ResetReason): void
  boot(reason: ResetReason): void
  /** It does nothing any more, until the watchdog resets it. */
  hang(): void
  /** No power, and nobody who brings it back. */
  die(): void
  /** Replaces the one before; null: none is to come. */
  armPowerCut(cut: PowerCut | null): void
  destroy(): void
}

export const createChip = (settings: ChipSettings, around: ChipSurroundings): Chip => new Processor(settings, around)

/** A class, because a process holds a hundred thousand. */
class Processor implements Chip {
  readonly state: LockState
  readonly #flash: Flash
  readonly #clock: UptimeClock
  readonly #around: ChipSurroundings
  #isHung = false
  #powerCut: (Omit<PowerCut, 'afterEffects'> & { afterEffects: number }) | null = null
  #cancelWake: (() => void) | null = null
  #cancelBoot: (() => void) | null = null
  /** What arrived while an earlier input is still being carried out; null: nothing is. */
  #waiting: LockInput[] | null = null

  constructor({ identity, gateOptions, flash, clock }: ChipSettings, around: ChipSurroundings) {
    this.state = createLockState(identity, gateOptions)
    this.#flash = flash
    this.#clock = clock
    this.#around = around
  }

  feed(first: LockInput): void {
    if (this.#isHung) return
    if (this.#waiting !== null) {
      this.#waiting.push(first)
      return
    }
    const waiting = [first]
    this.#waiting = waiting
    for (let input = waiting.shift(); input !== undefined; input = waiting.shift()) {
      const { effects } = stepLock(this.state, input, this.#clock.uptimeMs())
      if (!this.#carryOut(effects)) break
    }
    this.#waiting = null
  }

  losePower(reason: ResetReason): void {
    this.#switchOff(reason)
    this.#cancelBoot = this.#around.schedule(this.#around.nowMs() + bootMs, () => this.boot(reason))
  }

  boot(bootReason: ResetReason): void {
    this.#clock.restart()
    this.feed({ kind: 'power-on', bootReason, nvm: this.#flash.read(), rtcMs: this.#around.rtcMs() })
    if (this.state.isOn) this.#around.onPowerOn()
  }

  hang(): void {
    if (this.#isHung || !this.state.isOn) return
    this.#isHung = true
    this.#cancelWake?.()
    this.#cancelWake = null
    this.#cancelBoot = this.#around.schedule(this.#around.nowMs() + watchdogMs, () => this.losePower('watchdog'))
  }

  die(): void {
    this.#switchOff('power')
  }

  armPowerCut(cut: PowerCut | null): void {
    this.#powerCut = cut === null ? null : { ...cut }
  }

  destroy(): void {
    this.#switchOff('power')
  }

  /** In order; false when the power went in between. */
  #carryOut(effects: readonly LockEffect[]): boolean {
    for (const effect of effects) {
      const cut = this.#powerCut
      if (cut !== null && (cut.only ?? effect.kind) === effect.kind && cut.afterEffects-- <= 0) {
        if (effect.kind === 'nvm-write' && cut.torn) this.#flash.tear(effect.write)
        cut.onCut?.()
        this.losePower('brownout')
        return false
      }
      switch (effect.kind) {
        case 'nvm-write':
          this.#flash.write(effect.write)
          break
        case 'wake-at':
          this.#wakeAt(effect.uptimeMs)
          break
        case 'reboot':
          this.losePower('cmd')
          return false
        case 'publish':
        case 'motor':
        case 'close-connection':
        case 'ble-send':
        case 'ble-close':
        case 'check-parts':
        case 'beep':
        case 'locate':
        case 'gnss':
        case 'modem':
        case 'reconnect-spread':
          this.#around.perform(effect)
          break
      }
    }
    return true
  }

  #wakeAt(uptimeMs: number | null): void {
    this.#cancelWake?.()
    this.#cancelWake =
      uptimeMs === null ? null : this.#around.schedule(this.#clock.cityMsAt(uptimeMs), () => this.#wake())
  }

  #wake(): void {
    this.#cancelWake = null
    this.#around.sense()
    this.feed({ kind: 'tick' })
  }

  #switchOff(reason: ResetReason): void {
    this.#powerCut = null
    this.#isHung = false
    this.state.isOn = false
    this.#waiting?.splice(0)
    this.#cancelWake?.()
    this.#cancelWake = null
    this.#cancelBoot?.()
    this.#cancelBoot = null
    this.#around.onPowerLost(reason)
  }
}
