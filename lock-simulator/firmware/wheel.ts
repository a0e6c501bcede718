import { maxStandingMps } from './bolt-limits.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { turnBolt } from './turn-bolt.ts'

/** A speed older than this says nothing about now. */
const maxSpeedAgeMs = 10_000
/** A bike that stands may roll this much later: without another witness only satellites of right now will do. */
const maxLoneSpeedAgeMs = 1_000

export interface WheelState {
  /** By accelerometer and dynamo; null: they did not answer. */
  readonly speedMps: number | null
  readonly readAtMs: number
  /** When the bike was last moved or shaken; null: not since boot. */
  readonly movedAtMs: number | null
}

/** Speed by satellites, as long as it says something about now; else 0. */
export function recentSpeedMps({ fix }: LockState, uptimeMs: number): number {
  return fix && uptimeMs - fix.atMs <= maxSpeedAgeMs ? fix.fix.speedMps : 0
}

/**
 * Whether the bolt may be driven home. Any witness who says that it turns is believed; nobody who can say, and a bike
 * that is open and being moved: then it is not known, which is as good as turning.
 */
export function wheelNow(state: LockState, uptimeMs: number): 'still' | 'turns' | 'unknown' {
  const { speedMps, readAtMs, movedAtMs } = state.wheel
  if (recentSpeedMps(state, uptimeMs) > maxStandingMps) return 'turns'
  const isRead = speedMps !== null && uptimeMs - readAtMs <= maxSpeedAgeMs
  if (isRead) return speedMps > maxStandingMps ? 'turns' : 'still'
  const isFixed = state.fix !== null && uptimeMs - state.fix.atMs <= maxLoneSpeedAgeMs
  const isMoved = movedAtMs !== null && uptimeMs - movedAtMs <= maxSpeedAgeMs
  if (isFixed && !isMoved) return 'still'
  // Without any witness a bolt that is home may be said so again, and nothing else.
  return state.bolt.phase.kind === 'locked' ? 'still' : 'unknown'
}

/** Accelerometer and dynamo have been read. A bolt on its way home goes back when the wheel begins to turn. */
export function onWheel(state: LockState, speedMps: number | null, uptimeMs: number, out: LockEffect[]): void {
  state.wheel = { ...state.wheel, speedMps, readAtMs: uptimeMs }
  stopIfTurning(state, uptimeMs, out)
}

/** The bike was moved or shaken. */
export function onMoved(state: LockState, uptimeMs: number): void {
  state.wheel = { ...state.wheel, movedAtMs: uptimeMs }
}

export function stopIfTurning(state: LockState, uptimeMs: number, out: LockEffect[]): void {
  if (state.bolt.phase.kind !== 'locking' || state.options.withoutWheelGuard) return
  if (wheelNow(state, uptimeMs) === 'turns') turnBolt(state, { kind: 'wheel-turns' }, uptimeMs, out)
}
