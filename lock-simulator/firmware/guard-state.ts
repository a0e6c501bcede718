import { type Condition, type ConditionKind, conditionAtBoot } from './guard-condition.ts'

export interface Place {
  readonly lat: number
  readonly lon: number
  /** Metres, 1 sigma. */
  readonly accuracyM: number
}

/** It was moved while locked: the lock watches closely where it goes. */
export interface Chase {
  readonly sinceMs: number
  /** Fixes in a row that were too far from where it stood: one alone may be a reflection. */
  readonly farFixes: number
  /** Metres from where it stood, once that is sure. */
  readonly awayM: number | null
  readonly isTold: boolean
}

/** The watchman of a parked lock. Never changed in place: locks about which there is nothing to say share one. */
export interface Guard {
  /** `off`: open, or not to be watched. `chase` is what the power machine calls alarm. */
  readonly phase: 'off' | 'parked' | 'chase'
  /** Whoever locked it still packs a bag: movement counts from then on. */
  readonly armedAtMs: number
  /** Where it was left, as well as is known. */
  readonly home: Place | null
  /** Movement over the threshold that has not paused: since when, and its last sign. */
  readonly movingSinceMs: number | null
  readonly movedAtMs: number
  /** Of the last half minute. */
  readonly wakes: readonly number[]
  readonly peakMg: number
  /** How often it was moved, since it was first told. */
  readonly moves: number
  readonly moveAtMs: number
  /** When it was last told how far away it is. */
  readonly awayAtMs: number | null
  readonly chase: Chase | null
  /** A chase that a reset interrupted: it goes on when the bolt turns out closed. */
  readonly interrupted: Place | null
  readonly mayChaseAtMs: number
  readonly chaseSpacingMs: number
  readonly mayLookAtMs: number
  readonly lookUntilMs: number
  readonly beeps: number
  readonly beepsSinceMs: number
  readonly forced: number
  readonly forcedSinceMs: number
  readonly conditions: Readonly<Partial<Record<ConditionKind, Condition>>>
}

/** What must survive a reset: which alarms still have to be ended, and a theft under way. */
export interface KeptGuard {
  readonly told: readonly (readonly [kind: ConditionKind, n: number])[]
  /** Where it stood. */
  readonly chase: Place | null
}

/** After a chase that led nowhere the next one waits: 5 minutes, then 10, then 20, at last an hour. */
export const firstChaseSpacingMs = 300_000

export const guardAtRest: Guard = {
  ...{ phase: 'off', armedAtMs: 0, home: null, movingSinceMs: null, movedAtMs: 0, wakes: [], peakMg: 0 },
  ...{
    moves: 0,
    moveAtMs: 0,
    awayAtMs: null,
    chase: null,
    interrupted: null,
    mayChaseAtMs: 0,
    chaseSpacingMs: firstChaseSpacingMs,
  },
  ...{ mayLookAtMs: 0, lookUntilMs: 0, beeps: 0, beepsSinceMs: 0 },
  ...{ forced: 0, forcedSinceMs: 0, conditions: {} },
}

export function guardAtBoot(kept: KeptGuard | undefined): Guard {
  if (kept === undefined || (kept.told.length === 0 && kept.chase === null)) return guardAtRest
  const conditions = Object.fromEntries(kept.told.map(([kind, n]) => [kind, conditionAtBoot(n)]))
  return { ...guardAtRest, conditions, interrupted: kept.chase }
}

export const conditionsOf = ({ conditions }: Guard) => Object.entries(conditions) as [ConditionKind, Condition][]

export function keptGuard(guard: Guard): KeptGuard | undefined {
  const told = conditionsOf(guard).flatMap(([kind, { isTold, n }]) => (isTold ? [[kind, n] as const] : []))
  const chase = guard.chase === null ? guard.interrupted : guard.home
  return told.length === 0 && chase === null ? undefined : { told, chase }
}

/** Whether two guards must be kept differently; made without building what is kept, for it is asked at every step. */
export function isKeptAlike(a: Guard, b: Guard): boolean {
  if (a === b) return true
  if ((a.chase === null) !== (b.chase === null) || a.interrupted !== b.interrupted) return false
  if (b.chase !== null && a.home !== b.home) return false
  if (a.conditions === b.conditions) return true
  return conditionsOf(b).every(([kind, { isTold }]) => isTold === (a.conditions[kind]?.isTold ?? false))
}
