import type { Random } from '../../contracts/random.ts'
import type { Fix } from '../firmware/telemetry.ts'
import { createGnss, type Offset, type Sky, solve, startMs, type Whereabouts } from './gnss.ts'
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
  /** What a street does to it. */
  readonly acts: {
    setSky(sky: Sky): void
    jamGnss(isJammed: boolean): void
    spoofGnss(offset: Offset | null): void
  }
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
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly start: { readonly lon: number; readonly lat: number }
  readonly kind: ReceiverKind
  readonly onFix: (fix: Fix | null, isJammed: boolean) => void
  /** It was switched on for so long, for one fix. */
  readonly onLook: (tookMs: number) => void
}

export function createReceiver({ random, nowMs, schedule, start, kind, onFix, onLook }: ReceiverSettings): Receiver {
  const gnss = createGnss(random, kind === 'field')
  let truth: Whereabouts = { ...start, headingDeg: 0, speedMps: 0 }
  let everyMs: number | null = null
  let lookedAtMs = Number.NEGATIVE_INFINITY
  /** Its last fix, which tells how old the orbits are that it knows. On the street it has run before. */
  let solvedAtMs = nowMs()
  let isTracking = kind === 'bench'
  let hasMoved = true
  let cancelStart: (() => void) | null = null

  function look(): void {
    lookedAtMs = nowMs()
    const fix = solve(gnss, truth, nowMs())
    // Where there is no sky it is not looked for again until the bike has moved: each look costs as much as an hour.
    hasMoved = false
    if (fix !== null) {
      solvedAtMs = nowMs()
      isTracking = kind === 'bench' || (everyMs !== null && everyMs <= trackingMs)
    }
    if (fix === null && kind === 'field' && nowMs() - solvedAtMs > lostAfterMs) isTracking = false
    if (fix !== null || gnss.isJammed || !isTracking) onFix(fix, gnss.isJammed)
  }

  function fixNow(): void {
    if (isTracking) {
      look()
      return
    }
    if (cancelStart !== null) return
    const isDeaf = gnss.sky === 'none' || gnss.isJammed
    const tookMs = isDeaf ? giveUpMs : startMs(gnss, memory())
    onLook(tookMs)
    cancelStart = schedule(nowMs() + tookMs, () => {
      cancelStart = null
      look()
    })
  }

  function memory(): 'hot' | 'warm' | 'cold' {
    const ageMs = nowMs() - solvedAtMs
    if (ageMs <= orbitsFreshMs) return 'hot'
    return ageMs <= orbitsUsableMs ? 'warm' : 'cold'
  }

  function fixIfDue(): void {
    if (everyMs === null) return
    const spacingMs = hasMoved && everyMs <= rarestWakingMs ? Math.min(everyMs, movingSpacingMs) : everyMs
    if (nowMs() - lookedAtMs >= spacingMs) fixNow()
  }

  return {
    moveTo: (next) => {
      hasMoved ||= next.lon !== truth.lon || next.lat !== truth.lat || next.speedMps !== truth.speedMps
      truth = next
      if (hasMoved) fixIfDue()
    },
    whereabouts: () => truth,
    acts: {
      setSky: (sky) => {
        gnss.sky = sky
      },
      jamGnss: (isJammed) => {
        gnss.isJammed = isJammed
      },
      spoofGnss: (offset) => {
        gnss.spoofed = offset
      },
    },
    setEvery: (next) => {
      const isAwake = next !== null && next <= trackingMs
      const wasAwake = everyMs !== null && everyMs <= trackingMs
      everyMs = next
      if (kind === 'field' && !isAwake) isTracking = false
      if (kind === 'field' && isAwake && !wasAwake) fixNow()
    },
    fixNow,
    fixIfDue,
    stop: (forgets) => {
      cancelStart?.()
      cancelStart = null
      everyMs = null
      isTracking = kind === 'bench'
      if (forgets && kind === 'field') solvedAtMs = Number.NEGATIVE_INFINITY
    },
  }
}
