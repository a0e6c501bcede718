import type { AlarmResolution, AlarmSeverity, AlarmState } from '../../../contracts/live/alarm-kinds.ts'
import { alarmSeverities } from '../../../contracts/live/alarm-kinds.ts'
import type { RefusalCode } from '../../../contracts/refusals.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** The facts of an alarm that decisions hang on. Times are city time. */
export interface AlarmFacts {
  readonly state: AlarmState
  readonly severity: AlarmSeverity
  readonly blocksRental: boolean
  readonly times: number
  readonly raisedAt: EpochMs
  readonly lastSeenAt: EpochMs
  readonly assignedTo: string | null
  /** Set exactly while it is snoozed. */
  readonly snoozedUntil: EpochMs | null
  /** Set exactly while it is resolved, both. */
  readonly resolvedAt: EpochMs | null
  readonly resolution: AlarmResolution | null
  /** Grows with every change that a person must know of before acting; not with one time more. */
  readonly version: number
}

/** What is told of the world: from rules, locks and crews. */
export interface Telling {
  readonly atMs: EpochMs
  readonly severity: AlarmSeverity
  readonly blocksRental: boolean
  /** False: more of what was told before, not one time more. */
  readonly counts: boolean
}

/** What became of a telling: a new alarm, nothing (a person ended it a moment ago), or this. */
export type Told =
  | { readonly kind: 'new' }
  | { readonly kind: 'muted' }
  | { readonly kind: 'again'; readonly alarm: AlarmFacts; readonly act: 'returned' | 'worse' | null }

/** What persons do. */
export type AlarmAct =
  | { readonly act: 'acknowledge' }
  | { readonly act: 'assign'; readonly to: string | null }
  | { readonly act: 'snooze'; readonly untilMs: EpochMs }
  | { readonly act: 'resolve'; readonly how: AlarmResolution }
  | { readonly act: 'reopen' }
  | { readonly act: 'note' }

export const newAlarm = ({ atMs, severity, blocksRental }: Telling): AlarmFacts => ({
  ...{ state: 'open', severity, blocksRental, times: 1, raisedAt: atMs, lastSeenAt: atMs },
  ...{ assignedTo: null, snoozedUntil: null, resolvedAt: null, resolution: null, version: 1 },
})

/**
 * The newest alarm of its kind on its bike is told again. While it is open it counts up and becomes as bad as the worst
 * that was told; worse wakes it. Soon after its end it is the same alarm, or none when a person ended it.
 */
export function tellAgain(alarm: AlarmFacts | null, telling: Telling, muteMs: number): Told {
  if (alarm === null) return { kind: 'new' }
  if (alarm.state === 'resolved') {
    // A late report may tell of a moment before that end: where nothing is muted, it is new all the same.
    const isOver = muteMs === 0 || alarm.resolvedAt === null || telling.atMs - alarm.resolvedAt >= muteMs
    if (isOver) return { kind: 'new' }
    if (alarm.resolution !== 'by_itself') return { kind: 'muted' }
    const { severity, blocksRental } = telling
    const returned = { ...opened(alarm), severity, blocksRental, version: alarm.version + 1 }
    return { kind: 'again', alarm: { ...counted(returned, telling) }, act: 'returned' }
  }
  const severity = worst(alarm.severity, telling.severity)
  const blocksRental = alarm.blocksRental || telling.blocksRental
  const isWorse = severity !== alarm.severity || blocksRental !== alarm.blocksRental
  const seen = { ...counted(alarm, telling), severity, blocksRental }
  if (!isWorse) return { kind: 'again', alarm: seen, act: null }
  return { kind: 'again', alarm: { ...opened(seen), version: alarm.version + 1 }, act: 'worse' }
}

/** What it told of is over. */
export const endByItself = (alarm: AlarmFacts, atMs: EpochMs): AlarmFacts =>
  alarm.state === 'resolved' ? alarm : resolved(alarm, 'by_itself', atMs)

/** A snoozed alarm whose time has come. */
export const wake = (alarm: AlarmFacts, nowMs: EpochMs): AlarmFacts =>
  alarm.state === 'snoozed' && alarm.snoozedUntil !== null && alarm.snoozedUntil <= nowMs
    ? { ...opened(alarm), version: alarm.version + 1 }
    : alarm

/** The alarm after an act of a person, or why that cannot be. Total. */
export function actOn(alarm: AlarmFacts, act: AlarmAct, nowMs: EpochMs): AlarmFacts | RefusalCode {
  const version = alarm.version + 1
  const isResolved = alarm.state === 'resolved'
  switch (act.act) {
    case 'acknowledge':
      if (isResolved) return 'alarm_resolved'
      return { ...alarm, state: 'acknowledged', snoozedUntil: null, version }
    case 'assign': {
      if (isResolved) return 'alarm_resolved'
      const state = alarm.state === 'open' && act.to !== null ? 'acknowledged' : alarm.state
      return { ...alarm, state, assignedTo: act.to, version }
    }
    case 'snooze':
      if (isResolved) return 'alarm_resolved'
      if (act.untilMs <= nowMs) return 'alarm_snooze_wrong'
      return { ...alarm, state: 'snoozed', snoozedUntil: act.untilMs, version }
    case 'resolve':
      return isResolved ? 'alarm_resolved' : resolved(alarm, act.how, nowMs)
    case 'reopen':
      return alarm.state === 'open' ? alarm : { ...opened(alarm), version }
    case 'note':
      return alarm
  }
}

const opened = (alarm: AlarmFacts): AlarmFacts => ({
  ...alarm,
  ...{ state: 'open', snoozedUntil: null, resolvedAt: null, resolution: null },
})

const resolved = (alarm: AlarmFacts, resolution: AlarmResolution, atMs: EpochMs): AlarmFacts => ({
  ...{ ...alarm, state: 'resolved', snoozedUntil: null, resolution, version: alarm.version + 1 },
  // A late report may tell of an end before what was told later.
  resolvedAt: epochMs(Math.max(atMs, alarm.raisedAt)),
})

const counted = (alarm: AlarmFacts, { atMs, counts }: Telling): AlarmFacts => ({
  ...alarm,
  times: alarm.times + (counts ? 1 : 0),
  lastSeenAt: epochMs(Math.max(alarm.lastSeenAt, atMs)),
})

const worst = (a: AlarmSeverity, b: AlarmSeverity): AlarmSeverity =>
  alarmSeverities.indexOf(a) <= alarmSeverities.indexOf(b) ? a : b
