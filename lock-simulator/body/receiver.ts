import type { Random } from '../../contracts/random.ts'
import type { Fix } from '../firmware/telemetry.ts'
import { createGnss, type Sky, type Whereabouts } from './gnss.ts'

/** The receiver solves at most this often; a parked bike's receiver sleeps until something happens. */
const fixSpacingMs = 5_000
const parkedFixSpacingMs = 21_600_000

/** Where the bike truly is, and when its receiver looks. */
export interface Receiver {
  moveTo(whereabouts: Whereabouts): void
  whereabouts(): Whereabouts
  setSky(sky: Sky): void
  fixNow(): void
  /** A fix, if the last one is too old for a bike that rides, was moved, or stands. */
  fixIfDue(isRiding: boolean): void
}

export function createReceiver(settings: {
  readonly random: Random
  readonly nowMs: () => number
  readonly start: { readonly lon: number; readonly lat: number }
  readonly onFix: (fix: Fix) => void
}): Receiver {
  const { nowMs, onFix } = settings
  const gnss = createGnss(settings.random)
  let truth: Whereabouts = { ...settings.start, headingDeg: 0, speedMps: 0 }
  let fixAtMs = Number.NEGATIVE_INFINITY
  let hasMoved = true

  function fixNow(): void {
    const fix = gnss.fix(truth, nowMs())
    if (fix === null) return
    fixAtMs = nowMs()
    hasMoved = false
    onFix(fix)
  }

  function fixIfDue(isRiding: boolean): void {
    const spacingMs = isRiding || hasMoved ? fixSpacingMs : parkedFixSpacingMs
    if (nowMs() - fixAtMs >= spacingMs) fixNow()
  }

  return {
    moveTo: (next) => {
      hasMoved ||= next.lon !== truth.lon || next.lat !== truth.lat || next.speedMps !== truth.speedMps
      truth = next
      fixIfDue(false)
    },
    whereabouts: () => truth,
    setSky: gnss.setSky,
    fixNow,
    fixIfDue,
  }
}
