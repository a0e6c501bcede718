import type { Random } from '../../contracts/random.ts'
import type { Schedule } from './schedule.ts'

/** The sensor's own memory is emptied once a second while something moves; while the lock follows a thief, more rarely. */
const sampleMs = 1_000
const chaseSampleMs = 10_000
/** Hands at a bike: so long unless said otherwise. */
export const usualShakeMs = 3_000
/** What carries a bike shakes it. Nobody carries one for longer without a stop. */
const carriedG = 0.35
const longestCarryMs = 1_800_000
const putDownMs = 2_000
const fallG = 1.6
const lyingDeg = 85
const standingDeg = 4
const milli = 1_000

/** The accelerometer on the chip's interrupt line. */
export interface Imu {
  /** `g`: the strongest of it, in multiples of gravity. */
  shake(g: number, forMs?: number): void
  /** Under way at this speed; 0: put down. */
  carry(speedMps: number): void
  tip(isLying: boolean): void
  isLying(): boolean
  /** Tells the chip how it stands: at its start, when it may have missed something. */
  tell(): void
  /** The chip has no power. Shaking goes on. */
  stop(): void
}

export interface ImuSurroundings {
  nowMs(): number
  readonly schedule: Schedule
  /**
   * How the chip listens. The interrupt is masked while the bolt is open: a ride shakes all the time and says nothing.
   * How the bike leans is always told.
   */
  watch(): 'off' | 'parked' | 'chase'
  onMotion(peakMg: number, tiltDeg: number): void
}

export const createImu = (random: Random, around: ImuSurroundings): Imu => new Accelerometer(random, around)

class Accelerometer implements Imu {
  readonly #random: Random
  readonly #around: ImuSurroundings
  #shakenG = 0
  #untilMs = Number.NEGATIVE_INFINITY
  #tiltDeg = 0
  #cancel: (() => void) | null = null

  constructor(random: Random, around: ImuSurroundings) {
    this.#random = random
    this.#around = around
  }

  shake(g: number, forMs: number = usualShakeMs): void {
    const nowMs = this.#around.nowMs()
    this.#shakenG = nowMs < this.#untilMs ? Math.max(this.#shakenG, g) : g
    this.#untilMs = Math.max(this.#untilMs, nowMs + forMs)
    this.#listen()
  }

  carry(speedMps: number): void {
    if (speedMps > 0) {
      this.shake(carriedG, longestCarryMs)
      return
    }
    this.#untilMs = Math.min(this.#untilMs, this.#around.nowMs() + putDownMs)
    this.#listen()
  }

  tip(isLying: boolean): void {
    this.#tiltDeg = isLying ? lyingDeg : standingDeg
    this.#around.onMotion(this.#around.watch() === 'off' ? 0 : fallG * milli, this.#tiltDeg)
    this.shake(fallG, sampleMs)
  }

  isLying(): boolean {
    return this.#tiltDeg === lyingDeg
  }

  tell(): void {
    this.#around.onMotion(0, this.#tiltDeg)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  #listen(): void {
    if (this.#cancel === null && this.#around.watch() !== 'off') this.#sample()
  }

  #sample(): void {
    this.#cancel = null
    const watch = this.#around.watch()
    if (watch === 'off') return
    const nowMs = this.#around.nowMs()
    if (nowMs >= this.#untilMs) {
      this.#around.onMotion(0, this.#tiltDeg)
      return
    }
    const everyMs = watch === 'chase' ? chaseSampleMs : sampleMs
    this.#cancel = this.#around.schedule(Math.min(this.#untilMs, nowMs + everyMs), () => this.#sample())
    const peakMg = Math.round(this.#shakenG * milli * (0.8 + 0.2 * this.#random.next()))
    this.#around.onMotion(peakMg, this.#tiltDeg)
  }
}
