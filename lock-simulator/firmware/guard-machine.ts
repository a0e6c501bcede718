import type { Step } from '../../contracts/step.ts'
import { distanceM } from '../../contracts/units.ts'
import { type ConditionKind, conditionWakeAtMs, read, settle } from './guard-condition.ts'
import { type Chase, conditionsOf, firstChaseSpacingMs, type Guard, type Place } from './guard-state.ts'

export type GuardInput =
  /** The accelerometer: the strongest of the last moment, 0 when it has come to rest; the tilt from upright. */
  | { readonly kind: 'motion'; readonly peakMg: number; readonly tiltDeg: number }
  | { readonly kind: 'fix'; readonly place: Place; readonly speedMps: number }
  | { readonly kind: 'reading'; readonly of: Exclude<ConditionKind, 'fall'>; readonly isOn: boolean }
  | { readonly kind: 'tick' }

/** What the guard must know and does not decide. */
export interface Post {
  /** Closed by its bolt, and settings do not say otherwise: `guard` 0 is a workshop. */
  readonly isWatched: boolean
  /** Open for sure: a reset ago it may have been closed. */
  readonly isOpen: boolean
  readonly wakeMg: number
  readonly chaseM: number
  readonly mayBeep: boolean
}

export type GuardAlarmKind = ConditionKind | 'move' | 'fall_end' | 'tamper_end' | 'cable_end' | 'gnss_jam_end'
export type GuardOutput =
  | {
      readonly kind: 'alarm'
      readonly a: GuardAlarmKind
      readonly n?: number
      readonly g?: number
      readonly dm?: number
    }
  | { readonly kind: 'beep' }
  /** One fix, soon. */
  | { readonly kind: 'look' }
  /** The way in which it watches has changed: a record of where it is now. */
  | { readonly kind: 'report' }

/** Whoever locks a bike still packs a bag and leans it on a wall. */
const settlingMs = 30_000
/** Shaken without a longer pause for so long, and it wakes. */
const wakeAfterMs = 2_000
const pauseMs = 1_500
const wakesOfAlarm = 3
const wakesWithinMs = 30_000
/** A gale must not beep a battery flat. */
const beepsAnHour = 30
const hourMs = 3_600_000
const fallenDeg = 60
/** Nobody has gone far with it in this time: a child, a gust, a neighbour who made room. */
const fruitlessAfterMs = 300_000
/** Between two chases one fix a minute, and only while it is shaken, shows whether it is still there. */
const lookSpacingMs = 60_000
/** A jump of the receiver is over with the next fix. */
const farFixesNeeded = 2
const movingMps = 1
const chaseRepeatMs = 300_000
/** A bike that has not moved for so long was put down. */
const standsAfterMs = 600_000
const longestChaseSpacingMs = 3_600_000
/** Home is learnt anew from any fix this good; a worse one only when it is better than what is known. */
const goodHomeM = 15
const mostMetres = 40_075_000
const mostTimes = 100_000
const mostMg = 100_000

/**
 * The most that the guard says in any hour between two resets, whatever is done to the bike: that it was moved, and how
 * far, every 5 minutes each; of four things with an end 4 times that they came (after 5, 10, 20 and 40 minutes) and 5
 * times that they ended; of two without an end 4 times.
 */
export const mostAlarmsAnHour = 2 * 13 + 4 * (4 + 5) + 2 * 4

/** The watchman: total, never throws. What is owed to time comes with the next step at or after `guardWakeAtMs`. */
export function stepGuard(before: Guard, input: GuardInput, post: Post, uptimeMs: number): Step<Guard, GuardOutput> {
  const out: GuardOutput[] = []
  let guard = posted(before, post, uptimeMs, out)
  switch (input.kind) {
    case 'motion':
      guard = noted(guard, 'fall', input.tiltDeg > fallenDeg, uptimeMs)
      guard = moved(guard, input.peakMg, post, uptimeMs, out)
      break
    case 'fix':
      guard = placed(guard, input, post, uptimeMs, out)
      break
    case 'reading':
      guard = noted(guard, input.of, input.isOn, uptimeMs)
      break
    case 'tick':
      break
  }
  guard = settled(guard, uptimeMs, out)
  return { state: chased(guard, uptimeMs, out), effects: out }
}

/** When the guard next wants a step, or null. */
export function guardWakeAtMs(guard: Guard): number | null {
  let wakeAtMs: number | null = null
  const sooner = (atMs: number | null) => {
    if (atMs !== null && (wakeAtMs === null || atMs < wakeAtMs)) wakeAtMs = atMs
  }
  for (const [kind, condition] of conditionsOf(guard)) sooner(conditionWakeAtMs(kind, condition, mayRaise(kind, guard)))
  if (guard.chase !== null) sooner(chaseEndsAtMs(guard, guard.chase))
  return wakeAtMs
}

/** A fault of the lock itself is told wherever the bike is; jamming too: whoever rents a bike to steal it brings a jammer. */
const isTheftOnly: Readonly<Record<ConditionKind, boolean>> = {
  ...{ fall: true, tamper: true, cable: true, gnss_jam: false, temp: false, sim: false },
}
const mayRaise = (kind: ConditionKind, { phase }: Guard): boolean => phase !== 'off' || !isTheftOnly[kind]

/** On and off duty, by the bolt and the settings. */
function posted(known: Guard, { isWatched, isOpen }: Post, uptimeMs: number, out: GuardOutput[]): Guard {
  const guard = isOpen && known.interrupted !== null ? { ...known, interrupted: null } : known
  if (isWatched === (guard.phase !== 'off')) return guard
  const fresh: Guard = {
    ...{ ...guard, home: null, movingSinceMs: null, wakes: [], peakMg: 0, chase: null, interrupted: null },
    lookUntilMs: 0,
  }
  if (!isWatched) return { ...fresh, phase: 'off' }
  const armed: Guard = { ...fresh, phase: 'parked', armedAtMs: uptimeMs + settlingMs }
  if (guard.interrupted === null) return armed
  return startChase({ ...armed, home: guard.interrupted }, uptimeMs, out)
}

function noted(guard: Guard, kind: ConditionKind, isOn: boolean, uptimeMs: number): Guard {
  const known = guard.conditions[kind]
  const condition = read(known, isOn, uptimeMs)
  if (condition === known || condition === undefined) return guard
  return { ...guard, conditions: { ...guard.conditions, [kind]: condition } }
}

function settled(before: Guard, uptimeMs: number, out: GuardOutput[]): Guard {
  let guard = before
  for (const [kind, known] of conditionsOf(before)) {
    const { condition, news } = settle(kind, known, mayRaise(kind, before), uptimeMs)
    if (condition !== known) guard = { ...guard, conditions: { ...guard.conditions, [kind]: condition } }
    if (news?.say === 'raise') out.push({ kind: 'alarm', a: kind, n: news.n })
    const end = endOf[kind]
    if (news?.say === 'end' && end !== null) out.push({ kind: 'alarm', a: end })
  }
  return guard
}

const endOf: Readonly<Record<ConditionKind, GuardAlarmKind | null>> = {
  ...{ fall: 'fall_end', tamper: 'tamper_end', cable: 'cable_end', gnss_jam: 'gnss_jam_end', temp: null, sim: null },
}

function moved(guard: Guard, peakMg: number, post: Post, uptimeMs: number, out: GuardOutput[]): Guard {
  if (guard.phase === 'off' || uptimeMs < guard.armedAtMs) return guard
  if (peakMg <= post.wakeMg) return guard.movingSinceMs === null ? guard : { ...guard, movingSinceMs: null }
  const isNew = guard.movingSinceMs === null || uptimeMs - guard.movedAtMs > pauseMs
  const movingSinceMs = isNew ? uptimeMs : (guard.movingSinceMs ?? uptimeMs)
  const peak = Math.min(mostMg, Math.max(guard.peakMg, Math.round(peakMg)))
  const moving: Guard = { ...guard, movingSinceMs, movedAtMs: uptimeMs, peakMg: peak }
  if (uptimeMs - movingSinceMs < wakeAfterMs) return moving
  const beeped = beep({ ...moving, movingSinceMs: uptimeMs }, post, uptimeMs, out)
  const wakes = [...beeped.wakes.filter((atMs) => uptimeMs - atMs <= wakesWithinMs), uptimeMs]
  if (wakes.length < wakesOfAlarm) return { ...beeped, wakes }
  return shaken({ ...beeped, wakes: [] }, uptimeMs, out)
}

function beep(guard: Guard, { mayBeep }: Post, uptimeMs: number, out: GuardOutput[]): Guard {
  if (!mayBeep) return guard
  const isNewHour = guard.beeps === 0 || uptimeMs - guard.beepsSinceMs >= hourMs
  if (!isNewHour && guard.beeps >= beepsAnHour) return guard
  out.push({ kind: 'beep' })
  return { ...guard, beeps: isNewHour ? 1 : guard.beeps + 1, beepsSinceMs: isNewHour ? uptimeMs : guard.beepsSinceMs }
}

/** Three wakes in half a minute: the first time a chase and an alarm; soon after a fruitless one only a look. */
function shaken(guard: Guard, uptimeMs: number, out: GuardOutput[]): Guard {
  if (guard.chase !== null) return guard
  const isNewStory = uptimeMs - guard.moveAtMs > hourMs
  const counted: Guard = {
    ...{ ...guard, moveAtMs: uptimeMs, moves: isNewStory ? 1 : Math.min(mostTimes, guard.moves + 1) },
    chaseSpacingMs: isNewStory ? firstChaseSpacingMs : guard.chaseSpacingMs,
  }
  if (uptimeMs >= counted.mayChaseAtMs) {
    out.push({ kind: 'alarm', a: 'move', g: counted.peakMg, n: counted.moves })
    return startChase({ ...counted, peakMg: 0, mayChaseAtMs: uptimeMs + firstChaseSpacingMs }, uptimeMs, out)
  }
  if (uptimeMs < counted.mayLookAtMs) return counted
  out.push({ kind: 'look' })
  return { ...counted, mayLookAtMs: uptimeMs + lookSpacingMs, lookUntilMs: uptimeMs + lookSpacingMs }
}

function startChase(guard: Guard, uptimeMs: number, out: GuardOutput[]): Guard {
  out.push({ kind: 'look' })
  const chase: Chase = { sinceMs: uptimeMs, farFixes: 0, awayM: null, isTold: false }
  return { ...guard, phase: 'chase', chase, interrupted: null, movedAtMs: uptimeMs }
}

/** A fix: where it stands, or how far from there it is by now. */
function placed(
  guard: Guard,
  { place, speedMps }: Extract<GuardInput, { kind: 'fix' }>,
  { chaseM }: Post,
  uptimeMs: number,
  out: GuardOutput[],
): Guard {
  if (guard.phase === 'off') return guard
  if (guard.home === null) return { ...guard, home: place }
  const awayM = Math.min(mostMetres, Math.round(distanceM(guard.home, place)))
  const isFar = awayM > chaseM + 3 * place.accuracyM + guard.home.accuracyM
  const { chase } = guard
  if (chase === null) {
    // Between two chases: what is so far away goes after it at once.
    if (uptimeMs <= guard.lookUntilMs) return isFar ? startChase(guard, uptimeMs, out) : guard
    if (isFar || place.accuracyM > Math.max(goodHomeM, guard.home.accuracyM)) return guard
    return { ...guard, home: place }
  }
  const movedAtMs = speedMps > movingMps && isFar ? uptimeMs : guard.movedAtMs
  const farFixes = isFar ? Math.min(farFixesNeeded, chase.farFixes + 1) : 0
  const next: Guard = { ...guard, movedAtMs, chase: { ...chase, farFixes } }
  if (farFixes < farFixesNeeded) return next
  return told(next, { ...chase, farFixes, awayM }, uptimeMs, out)
}

/** It is away: that is told at once, and again every 5 minutes while it moves on. */
function told(guard: Guard, chase: Chase, uptimeMs: number, out: GuardOutput[]): Guard {
  const { isTold, awayM } = chase
  const { awayAtMs } = guard
  const isDue = awayAtMs === null || (uptimeMs - awayAtMs >= chaseRepeatMs && (!isTold || guard.movedAtMs > awayAtMs))
  if (!isDue || awayM === null) return { ...guard, chase }
  const moves = Math.max(1, isTold ? Math.min(mostTimes, guard.moves + 1) : guard.moves)
  out.push({ kind: 'alarm', a: 'move', dm: awayM, n: moves, ...(guard.peakMg > 0 ? { g: guard.peakMg } : {}) })
  return { ...guard, moves, moveAtMs: uptimeMs, awayAtMs: uptimeMs, peakMg: 0, chase: { ...chase, isTold: true } }
}

const chaseEndsAtMs = ({ movedAtMs }: Guard, { awayM, sinceMs }: Chase): number =>
  awayM === null ? sinceMs + fruitlessAfterMs : movedAtMs + standsAfterMs

/** A chase that is over: it led nowhere, or the bike stands where it was taken to, which is its place from now on. */
function chased(guard: Guard, uptimeMs: number, out: GuardOutput[]): Guard {
  const { chase, chaseSpacingMs: spacingMs } = guard
  if (chase === null || uptimeMs < chaseEndsAtMs(guard, chase)) return guard
  const parked: Guard = { ...guard, phase: 'parked', chase: null, wakes: [], movingSinceMs: null, peakMg: 0 }
  if (chase.awayM !== null) {
    // The next fix is its home.
    out.push({ kind: 'look' }, { kind: 'report' })
    return { ...parked, home: null, chaseSpacingMs: firstChaseSpacingMs }
  }
  out.push({ kind: 'report' })
  return {
    ...parked,
    mayChaseAtMs: uptimeMs + spacingMs,
    chaseSpacingMs: Math.min(longestChaseSpacingMs, 2 * spacingMs),
  }
}
