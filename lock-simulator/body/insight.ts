import type { LockSettings } from '../../contracts/mqtt/config.ts'
import type { PowerMode } from '../../contracts/mqtt/reports.ts'
import { settingsOf } from '../firmware/config-store.ts'
import type { LockState } from '../firmware/lock-state.ts'

/** What a lock on a bench shows of its inside: the firmware's own belief, not the truth. */
export interface Insight {
  readonly mode: PowerMode
  readonly milliVolts: number
  readonly percent: number
  /** The last command counter that it took. */
  readonly counter: number
  readonly pending: string | null
  readonly uptimeMs: number
  /** Unix ms as it believes; null: it has no idea. */
  readonly timeMs: number | null
  readonly clockQuality: 0 | 1 | 2 | 3
  readonly fix: {
    readonly lon: number
    readonly lat: number
    readonly accuracyM: number
    readonly ageMs: number
  } | null
  readonly configVersion: number
  readonly settings: Required<LockSettings>
  readonly guard: string
}

export function insightOf(state: LockState, uptimeMs: number): Insight {
  const { battery, gate, clock, fix, config, guard, power } = state
  return {
    mode: power.mode,
    milliVolts: battery.milliVolts,
    percent: battery.percent,
    counter: gate.counter,
    pending: gate.pending?.op ?? null,
    uptimeMs,
    timeMs: clock.quality === 0 ? null : clock.offsetMs + uptimeMs,
    clockQuality: clock.quality,
    fix: fix && { lon: fix.fix.lon, lat: fix.fix.lat, accuracyM: fix.fix.accuracyM, ageMs: uptimeMs - fix.atMs },
    configVersion: config.kept.cv,
    settings: settingsOf(state),
    guard: guard.phase,
  }
}
