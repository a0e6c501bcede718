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

/**
 * `watch`: how the chip listens. The interrupt is masked while the bolt is open: a ride shakes all the time and says
 * nothing. How the bike leans is always told.
 */
export function createImu(settings: {
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly watch: () => 'off' | 'parked' | 'chase'
  readonly onMotion: (peakMg: number, tiltDeg: number) => void
}): Imu {
  const { random, nowMs, schedule, watch, onMotion } = settings
  let [shakenG, untilMs, tiltDeg] = [0, Number.NEGATIVE_INFINITY, 0]
  let cancel: (() => void) | null = null

  function shake(g: number, forMs: number): void {
    shakenG = nowMs() < untilMs ? Math.max(shakenG, g) : g
    untilMs = Math.max(untilMs, nowMs() + forMs)
    listen()
  }

  function listen(): void {
    if (cancel === null && watch() !== 'off') sample()
  }

  function sample(): void {
    cancel = null
    if (watch() === 'off') return
    if (nowMs() >= untilMs) {
      onMotion(0, tiltDeg)
      return
    }
    const everyMs = watch() === 'chase' ? chaseSampleMs : sampleMs
    cancel = schedule(Math.min(untilMs, nowMs() + everyMs), sample)
    onMotion(Math.round(shakenG * milli * (0.8 + 0.2 * random.next())), tiltDeg)
  }

  return {
    shake: (g, forMs = usualShakeMs) => shake(g, forMs),
    carry: (speedMps) => {
      if (speedMps > 0) {
        shake(carriedG, longestCarryMs)
        return
      }
      untilMs = Math.min(untilMs, nowMs() + putDownMs)
      listen()
    },
    tip: (isLying) => {
      tiltDeg = isLying ? lyingDeg : standingDeg
      onMotion(watch() === 'off' ? 0 : fallG * milli, tiltDeg)
      shake(fallG, sampleMs)
    },
    isLying: () => tiltDeg === lyingDeg,
    tell: () => onMotion(0, tiltDeg),
    stop: () => {
      cancel?.()
      cancel = null
    },
  }
}
