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

export interface ChipSurroundings {
  readonly identity: LockIdentity
  readonly gateOptions: GateOptions
  readonly flash: Flash
  readonly clock: UptimeClock
  readonly nowMs: () => number
  /** The battery-backed clock, unix ms; null: it has lost its time. */
  readonly rtcMs: () => number | null
  readonly schedule: Schedule
  readonly perform: (effect: OutwardEffect) => void
  /** Reads the sensors into the chip, before a tick. */
  readonly sense: () => void
  readonly onPowerLost: (reason: ResetReason) => void
  /** The chip runs again: bring it its sensors and its radio. */
  readonly onPowerOn: () => void
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
  armPowerCut(cut: PowerCut): void
  destroy(): void
}

export function createChip(surroundings: ChipSurroundings): Chip {
  const { identity, gateOptions, flash, clock, nowMs, schedule, perform, sense, onPowerLost, onPowerOn } = surroundings
  let isHung = false
  const state = createLockState(identity, gateOptions)
  let powerCut: (Omit<PowerCut, 'afterEffects'> & { afterEffects: number }) | null = null
  let cancelWake: (() => void) | null = null
  let cancelBoot: (() => void) | null = null
  /** What arrived while an earlier input is still being carried out; null: nothing is. */
  let waiting: LockInput[] | null = null

  function feed(first: LockInput): void {
    if (isHung) return
    if (waiting !== null) {
      waiting.push(first)
      return
    }
    waiting = [first]
    for (let input = waiting.shift(); input !== undefined; input = waiting.shift()) {
      const { effects } = stepLock(state, input, clock.uptimeMs())
      if (!carryOut(effects)) break
    }
    waiting = null
  }

  /** In order; false when the power went in between. */
  function carryOut(effects: readonly LockEffect[]): boolean {
    for (const effect of effects) {
      const mayCut = powerCut !== null && (powerCut.only ?? effect.kind) === effect.kind
      if (mayCut && powerCut !== null && powerCut.afterEffects-- <= 0) {
        if (effect.kind === 'nvm-write' && powerCut.torn) flash.tear(effect.write)
        powerCut.onCut?.()
        losePower('brownout')
        return false
      }
      switch (effect.kind) {
        case 'nvm-write':
          flash.write(effect.write)
          break
        case 'wake-at':
          cancelWake?.()
          cancelWake = effect.uptimeMs === null ? null : schedule(clock.cityMsAt(effect.uptimeMs), onWake)
          break
        case 'reboot':
          losePower('cmd')
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
          perform(effect)
          break
      }
    }
    return true
  }

  function onWake(): void {
    cancelWake = null
    sense()
    feed({ kind: 'tick' })
  }

  function switchOff(reason: ResetReason): void {
    powerCut = null
    isHung = false
    state.isOn = false
    waiting?.splice(0)
    cancelWake?.()
    cancelWake = null
    cancelBoot?.()
    cancelBoot = null
    onPowerLost(reason)
  }

  function losePower(reason: ResetReason): void {
    switchOff(reason)
    cancelBoot = schedule(nowMs() + bootMs, () => boot(reason))
  }

  function boot(bootReason: ResetReason): void {
    clock.restart()
    feed({ kind: 'power-on', bootReason, nvm: flash.read(), rtcMs: surroundings.rtcMs() })
    if (state.isOn) onPowerOn()
  }

  return {
    state,
    feed,
    losePower,
    boot,
    hang: () => {
      if (isHung || !state.isOn) return
      isHung = true
      cancelWake?.()
      cancelWake = null
      cancelBoot = schedule(nowMs() + watchdogMs, () => losePower('watchdog'))
    },
    die: () => switchOff('power'),
    armPowerCut: (cut) => {
      powerCut = { ...cut }
    },
    destroy: () => switchOff('power'),
  }
}
