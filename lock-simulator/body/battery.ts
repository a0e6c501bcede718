import type { Battery } from '../firmware/telemetry.ts'

/** A lock without sun or riding lasts about seven months. */
const idlePercentPerMs = 0.5 / 86_400_000
const motorAttemptPercent = 0.004
const emptyMilliVolts = 3_300
const fullMilliVolts = 4_150

export interface BatteryBody {
  read(nowMs: number): Battery
  driveMotor(): void
  set(percent: number, nowMs: number): void
}

export function createBattery(startPercent: number, startMs: number): BatteryBody {
  let percent = startPercent
  let atMs = startMs
  const drain = (by: number) => {
    percent = Math.min(100, Math.max(0, percent - by))
  }
  return {
    read: (nowMs) => {
      drain(Math.max(0, nowMs - atMs) * idlePercentPerMs)
      atMs = Math.max(atMs, nowMs)
      const milliVolts = Math.round(emptyMilliVolts + ((fullMilliVolts - emptyMilliVolts) * percent) / 100)
      return { percent: Math.round(percent), milliVolts }
    },
    driveMotor: () => drain(motorAttemptPercent),
    set: (next, nowMs) => {
      percent = Math.min(100, Math.max(0, next))
      atMs = nowMs
    },
  }
}
