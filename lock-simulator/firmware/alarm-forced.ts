import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { record } from './speak.ts'
import { positionFields } from './telemetry.ts'

/** A switch that chatters must not fill flash and air; the bolt's own event tells each time. */
const forcedAnHour = 12
const hourMs = 3_600_000

/** The alarm of a bolt that opened by itself, unless that was told too often. */
export function tellForced(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  const { forced, forcedSinceMs } = state.guard
  const isNewHour = forced === 0 || uptimeMs - forcedSinceMs >= hourMs
  if (!isNewHour && forced >= forcedAnHour) return
  const counted = { forced: isNewHour ? 1 : forced + 1, forcedSinceMs: isNewHour ? uptimeMs : forcedSinceMs }
  state.guard = { ...state.guard, ...counted }
  record(state, uptimeMs, out, (header) => ({
    ...header,
    k: 'alarm',
    a: 'forced',
    ...positionFields(state.fix, uptimeMs),
  }))
}
