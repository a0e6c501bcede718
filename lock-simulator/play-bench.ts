import type { Lock } from './body/lock.ts'
import type { Schedule } from './body/schedule.ts'

/** A lock on a bench with somebody's hands at it: what lasts, like rolling, goes on by itself. */
export interface Bench {
  readonly lock: Lock
  /** Rolls on north-east at this speed, or stands: 0. */
  roll(speedMps: number): void
  /** Whether this fault or place is switched on. */
  isOn(name: string): boolean
  setOn(name: string, isOn: boolean): void
  destroy(): void
}

const stepMs = 1_000
const headingDeg = 45
const metresPerDegree = 111_195

export function createBench(lock: Lock, nowMs: () => number, schedule: Schedule): Bench {
  const on = new Set<string>()
  let cancel: (() => void) | null = null

  function step(speedMps: number): void {
    const { lon, lat } = lock.whereabouts()
    const degrees = (speedMps * Math.SQRT1_2 * stepMs) / 1_000 / metresPerDegree
    const place = { lon: lon + degrees / Math.cos((lat * Math.PI) / 180), lat: lat + degrees }
    lock.setPosition({ ...place, headingDeg, speedMps })
    cancel = schedule(nowMs() + stepMs, () => step(speedMps))
  }

  return {
    lock,
    roll: (speedMps) => {
      cancel?.()
      cancel = null
      if (speedMps > 0) step(speedMps)
      else lock.setPosition({ ...lock.whereabouts(), speedMps: 0 })
    },
    isOn: (name) => on.has(name),
    setOn: (name, isOn) => void (isOn ? on.add(name) : on.delete(name)),
    destroy: () => cancel?.(),
  }
}
