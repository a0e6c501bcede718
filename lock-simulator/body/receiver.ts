import type { Random } from '../../contracts/random.ts'
import type { Fix } from '../firmware/telemetry.ts'
import { createGnss, type Gnss, type Offset, type Sky, solve, startMs, type Whereabouts } from './gnss.ts'
import type { Schedule } from './schedule.ts'

/** `field`: starts take their time, and reflections happen. `bench`: it solves at once, under a sky without walls. */
export type ReceiverKind = 'field' | 'bench'

/** A bike that moves is looked at this often, whatever its receiver does otherwise: the accelerometer wakes it. */
const movingSpacingMs = 5_000
/** A receiver that is let look more rarely than this is not woken by movement either. */
const rarestWakingMs = 21_600_000
/** Satellites that were lost for so long have to be found again. */
const lostAfterMs = 10_000
/** More often than this the receiver does not sleep in between: it keeps its satellites. */
const trackingMs = 60_000
const orbitsFreshMs = 4 * 3_600_000
const orbitsUsableMs = 14 * 86_400_000
/** It gives up after so long, and says so. */
const giveUpMs = 90_000

/** Where the bike truly is, and when its receiver looks. */
export interface Receiver {
  moveTo(whereabouts: Whereabouts): void
  whereabouts(): Whereabouts
  setSky(sky: Sky): void
  jam(isJammed: boolean): void
  spoof(offset: Offset | null): void
  /** How often it solves; null: off. */
  setEvery(everyMs: number | null): void
  /** As soon as it can; at once while it tracks. */
  fixNow(): void
  /** A fix, if the last one is too old. */
  fixIfDue(): void
  /** Power is gone; `forgets`: and what it knew of the sky with it. */
  stop(forgets: boolean): void
}

export interface ReceiverSettings {
  readonly random: Random
  readonly start: { readonly lon: number; readonly lat: number }
  readonly kind: ReceiverKind
}

export interface ReceiverSurroundings {
  nowMs(): number
  readonly schedule: Schedule
  onFix(fix: Fix | null, isJammed: boolean): void
  /** It was switched on for so long, for one fix. */
  onLook(tookMs: number): void
}

export const createReceiver = (settings: ReceiverSettings, around: ReceiverSurroundings): Receiver =>
  new GnssReceiver(settings, around)

/** A class, because a process holds a hundred thousand. */
class GnssReceiver implements Receiver {
  readonly #around: ReceiverSurroundings
  readonly #isBench: boolean
  readonly #gnss: Gnss
  #truth: Whereabouts
  #everyMs: number | null = null
  #lookedAtMs = Number.NEGATIVE_INFINITY
  /** Its last fix, which tells how old the orbits are that it knows. On the street it has run before. */
  #solvedAtMs: number
  #isTracking: boolean
  #hasMoved = true
  #cancelStart: (() => void) | null = null

  constructor({ random, start, kind }: ReceiverSettings, around: ReceiverSurroundings) {
    this.#around = around
    this.#isBench = kind === 'bench'
    this.#isTracking = this.#isBench
    this.#gnss = createGnss(random, !this.#isBench)
    this.#truth = { lon: start.lon, lat: start.lat, headingDeg: 0, speedMps: 0 }
    this.#solvedAtMs = around.nowMs()
  }

  moveTo(next: Whereabouts): void {
    const { lon, lat, speedMps } = this.#truth
    this.#hasMoved ||= next.lon !== lon || next.lat !== lat || next.speedMps !== speedMps
    this.#truth = next
    if (this.#hasMoved) this.fixIfDue()
  }

  whereabouts(): Whereabouts {
    return this.#truth
  }

  setSky(sky: Sky): void {
    this.#gnss.sky = sky
  }

  jam(isJammed: boolean): void {
    this.#gnss.isJammed = isJammed
  }

  spoof(offset: Offset | null): void {
    this.#gnss.spoofed = offset
  }

  setEvery(next: number | null): void {
    const isAwake = next !== null && next <= trackingMs
    const wasAwake = this.#everyMs !== null && this.#everyMs <= trackingMs
    this.#everyMs = next
    if (!this.#isBench && !isAwake) this.#isTracking = false
    if (!this.#isBench && isAwake && !wasAwake) this.fixNow()
  }

  fixNow(): void {
    if (this.#isTracking) {
      this.#look()
      return
    }
    if (this.#cancelStart !== null) return
    const isDeaf = this.#gnss.sky === 'none' || this.#gnss.isJammed
    const tookMs = isDeaf ? giveUpMs : startMs(this.#gnss, this.#memory())
    this.#around.onLook(tookMs)
    this.#cancelStart = this.#around.schedule(this.#around.nowMs() + tookMs, () => {
      this.#cancelStart = null
      this.#look()
    })
  }

  fixIfDue(): void {
    const everyMs = this.#everyMs
    if (everyMs === null) return
    const isWoken = this.#hasMoved && everyMs <= rarestWakingMs
    const spacingMs = isWoken ? Math.min(everyMs, movingSpacingMs) : everyMs
    if (this.#around.nowMs() - this.#lookedAtMs >= spacingMs) this.fixNow()
  }

  stop(forgets: boolean): void {
    this.#cancelStart?.()
    this.#cancelStart = null
    this.#everyMs = null
    this.#isTracking = this.#isBench
    if (forgets && !this.#isBench) this.#solvedAtMs = Number.NEGATIVE_INFINITY
  }

  #look(): void {
    const nowMs = this.#around.nowMs()
    this.#lookedAtMs = nowMs
    const fix = solve(this.#gnss, this.#truth, nowMs)
    // Where there is no sky it is not looked for again until the bike has moved: each look costs as much as an hour.
    this.#hasMoved = false
    if (fix !== null) {
      this.#solvedAtMs = nowMs
      this.#isTracking = this.#isBench || (this.#everyMs !== null && this.#everyMs <= trackingMs)
    }
    if (fix === null && !this.#isBench && nowMs - this.#solvedAtMs > lostAfterMs) this.#isTracking = false
    if (fix !== null || this.#gnss.isJammed || !this.#isTracking) this.#around.onFix(fix, this.#gnss.isJammed)
  }

  #memory(): 'hot' | 'warm' | 'cold' {
    const ageMs = this.#around.nowMs() - this.#solvedAtMs
    if (ageMs <= orbitsFreshMs) return 'hot'
    return ageMs <= orbitsUsableMs ? 'warm' : 'cold'
  }
}
