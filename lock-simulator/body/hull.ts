import type { Random } from '../../contracts/random.ts'
import { guardAtRest } from '../firmware/guard-state.ts'
import type { Chip } from './chip.ts'
import { createImu, type Imu, type ImuSurroundings } from './imu.ts'
import type { Schedule } from './schedule.ts'

/** What hands do to the case around the chip. */
export interface Hull {
  shake(g: number, forMs?: number): void
  tip(isLying: boolean): void
  openShell(isOpen: boolean): void
  cutCable(isCut: boolean): void
  carry(speedMps: number): void
  /** What may have changed while the chip had no power. Well as it mostly is, there is nothing to tell. */
  tell(): void
  stop(): void
}

export interface HullSurroundings {
  nowMs(): number
  readonly schedule: Schedule
  readonly chip: Pick<Chip, 'state' | 'feed'>
  /** The accelerometer answers. */
  hasImu(): boolean
}

/** The accelerometer is made at the first touch: most locks of a city are never touched. */
export const createHull = (random: Random, around: HullSurroundings): Hull => new Case(random, around)

class Case implements Hull, ImuSurroundings {
  readonly #random: Random
  readonly #around: HullSurroundings
  #imu: Imu | null = null
  #isShellOpen = false
  #isCableCut = false

  constructor(random: Random, around: HullSurroundings) {
    this.#random = random
    this.#around = around
  }

  shake(g: number, forMs?: number): void {
    this.#touched().shake(g, forMs)
  }

  tip(isLying: boolean): void {
    this.#touched().tip(isLying)
  }

  openShell(isOpen: boolean): void {
    this.#isShellOpen = isOpen
    this.#around.chip.feed({ kind: 'shell', isOpen })
  }

  cutCable(isCut: boolean): void {
    this.#isCableCut = isCut
    this.#around.chip.feed({ kind: 'cable', isConnected: !isCut })
  }

  carry(speedMps: number): void {
    this.#touched().carry(speedMps)
  }

  tell(): void {
    const { chip } = this.#around
    const isLying = this.#imu?.isLying() ?? false
    if (!this.#isShellOpen && !this.#isCableCut && !isLying && chip.state.guard === guardAtRest) return
    chip.feed({ kind: 'shell', isOpen: this.#isShellOpen })
    chip.feed({ kind: 'cable', isConnected: !this.#isCableCut })
    this.#touched().tell()
  }

  stop(): void {
    this.#imu?.stop()
  }

  nowMs(): number {
    return this.#around.nowMs()
  }

  get schedule(): Schedule {
    return this.#around.schedule
  }

  watch(): 'off' | 'parked' | 'chase' {
    const { state } = this.#around.chip
    return this.#around.hasImu() && state.isOn ? state.guard.phase : 'off'
  }

  onMotion(peakMg: number, tiltDeg: number): void {
    if (this.#around.hasImu()) this.#around.chip.feed({ kind: 'motion', peakMg, tiltDeg })
  }

  #touched(): Imu {
    this.#imu ??= createImu(this.#random.split('imu'), this)
    return this.#imu
  }
}
