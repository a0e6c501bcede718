import type { PowerMode } from '../../contracts/mqtt/reports.ts'
import type { Step } from '../../contracts/step.ts'
import { nextPowerLevel, type PowerLevel } from './power-level.ts'

/** A parked bike's receiver looks this often; it also wakes when the bike is moved. */
export const parkedFixMs = 21_600_000
const ridingFixMs = 5_000
/** An open bike that stands for so long is not ridden: its reports and fixes get four times rarer. */
const stillAfterMs = 600_000
const stillFactor = 4
/** A lock that was touched stays awake so long. */
const awakeMs = 60_000
const alarmHeartbeatMs = 5_000
/** So long it tells a theft every 5 s; then each pause is twice the one before, up to 5 minutes. */
const alarmBurstMs = 300_000
const slowestAlarmMs = 300_000
export const lowHeartbeatMs = 1_800_000
export const criticalHeartbeatMs = 86_400_000
/** A critical lock's radio: on for so long at most, and for so long after the last word, in case an order waits. */
export const radioWindowMs = 300_000
const lingerMs = 10_000
/** Words that found no network are tried again after so long. */
const radioRetryMs = 3_600_000
/** Locks that were switched on together drift apart: each takes 80 to 100 % of the set pause. */
const shortestShare = 0.8

/** The modem, while the charge is critical. With enough charge it is simply on. */
interface RadioWindow {
  readonly isOn: boolean
  /** On until then at the latest; null: without end. */
  readonly untilMs: number | null
  /** Everything has been said since then. */
  readonly quietSinceMs: number | null
  /** Off, with something left to say: the next try. */
  readonly retryAtMs: number | null
  /** A report was made that shall leave. */
  readonly isWanted: boolean
}

/** How the lock spends its battery. One object for all that the mode needs to be decided. */
export interface Power {
  readonly mode: PowerMode
  readonly level: PowerLevel
  /** In the box: until the bolt is moved or something charges it. */
  readonly isShipped: boolean
  /** The bike was last moved, opened or closed then. */
  readonly touchedAtMs: number
  readonly alarmSinceMs: number | null
  readonly alarmPauseMs: number
  /** The last telemetry record or bolt event: the heartbeat counts from it. */
  readonly reportedAtMs: number
  readonly radio: RadioWindow
  readonly fixEveryMs: number | null
  /** Own part of the set pause, 0.8 to 1. */
  readonly share: number
}

/** What the machine looks at, all of it at each step. */
export interface PowerFacts {
  readonly percent: number
  readonly milliVolts: number
  /** Not surely closed through the wheel. */
  readonly isBoltOpen: boolean
  /** The bolt moves, a command is under way, or a position is waited for. */
  readonly isBusy: boolean
  /** It moves now, or somebody touches it. */
  readonly isMoving: boolean
  readonly isCharging: boolean
  /** The guard follows a thief. */
  readonly isChased: boolean
  /** Events or answers wait to be sent. */
  readonly hasNews: boolean
  /** Connected, greeted, and nothing is waiting or unproven. */
  readonly isAllSaid: boolean
}

/** Seconds as they are configured (contracts/mqtt/config.ts). */
export interface PowerSettings {
  readonly park_s: number
  readonly ride_s: number
}

export type PowerOutput =
  /** Into flash and to the server, with everything that is known: it may be the last word for long. */
  | { readonly kind: 'level'; readonly level: PowerLevel }
  | { readonly kind: 'mode'; readonly mode: PowerMode }
  | { readonly kind: 'unpacked' }
  | { readonly kind: 'modem'; readonly isOn: boolean }
  | { readonly kind: 'gnss'; readonly everyMs: number | null }

/** At boot, from what flash kept. The modem is still off: the first step switches it on. */
export function powerAtBoot(lockId: string, kept: { readonly level: PowerLevel; readonly isShipped: boolean }): Power {
  return {
    mode: kept.isShipped ? 'ship' : 'parked',
    ...{ level: kept.level, isShipped: kept.isShipped },
    ...{ touchedAtMs: 0, alarmSinceMs: null, alarmPauseMs: alarmHeartbeatMs, reportedAtMs: 0 },
    radio: { isOn: false, untilMs: null, quietSinceMs: null, retryAtMs: null, isWanted: false },
    fixEveryMs: null,
    share: shortestShare + (1 - shortestShare) * shareOf(lockId),
  }
}

/** Total, never throws; returns the same object when nothing changes. To be called after each input of the lock. */
export function stepPower(power: Power, facts: PowerFacts, uptimeMs: number): Step<Power, PowerOutput> {
  const effects: PowerOutput[] = []
  let next = power
  if (next.isShipped && (facts.isCharging || facts.isBusy || facts.isBoltOpen)) {
    next = { ...next, isShipped: false }
    effects.push({ kind: 'unpacked' })
  }
  if (facts.isMoving || facts.isBusy) next = touched(next, uptimeMs)
  const level = nextPowerLevel(next.level, facts.percent, facts.milliVolts)
  if (level !== next.level) {
    next = { ...next, level }
    effects.push({ kind: 'level', level })
  }
  const mode = modeOf(next, facts, uptimeMs)
  if (mode !== next.mode) {
    next = { ...next, mode, alarmSinceMs: mode === 'alarm' ? uptimeMs : null, alarmPauseMs: alarmHeartbeatMs }
    effects.push({ kind: 'mode', mode })
  }
  const everyMs = fixEveryMs(next, facts, uptimeMs)
  if (everyMs !== next.fixEveryMs) {
    next = { ...next, fixEveryMs: everyMs }
    effects.push({ kind: 'gnss', everyMs })
  }
  const radio = radioOf(next, facts, uptimeMs, effects)
  if (radio !== next.radio) {
    if (radio.isOn !== next.radio.isOn) effects.push({ kind: 'modem', isOn: radio.isOn })
    next = { ...next, radio }
  }
  return { state: next, effects }
}

/** A report has been made: the next one counts from now. */
export function reported(power: Power, uptimeMs: number): Power {
  const isBurst = power.alarmSinceMs === null || uptimeMs - power.alarmSinceMs < alarmBurstMs
  const alarmPauseMs = isBurst ? alarmHeartbeatMs : Math.min(slowestAlarmMs, power.alarmPauseMs * 2)
  const radio = power.radio.isOn ? power.radio : { ...power.radio, isWanted: true }
  return { ...power, reportedAtMs: uptimeMs, alarmPauseMs, radio }
}

/** When the next report is due. */
export function heartbeatAtMs(power: Power, settings: PowerSettings, isBoltOpen: boolean, uptimeMs: number): number {
  return power.reportedAtMs + heartbeatMs(power, settings, isBoltOpen, uptimeMs)
}

/** When the machine next wants to be stepped by itself, or null. */
export function powerWakeAtMs(power: Power): number | null {
  const { mode, touchedAtMs, radio } = power
  const lingersTillMs = radio.quietSinceMs === null ? null : radio.quietSinceMs + lingerMs
  const wishes = [
    mode === 'awake' ? touchedAtMs + awakeMs : null,
    mode === 'riding' && power.fixEveryMs === ridingFixMs ? touchedAtMs + stillAfterMs : null,
    radio.isOn ? radio.untilMs : radio.retryAtMs,
    radio.isOn && radio.untilMs !== null ? lingersTillMs : null,
  ].filter((wish) => wish !== null)
  return wishes.length === 0 ? null : Math.min(...wishes)
}

function modeOf({ isShipped, level, touchedAtMs }: Power, facts: PowerFacts, uptimeMs: number): PowerMode {
  if (isShipped) return 'ship'
  if (level === 'crit' || level === 'off') return 'crit'
  if (facts.isChased) return 'alarm'
  // Also with a low battery: a ride without its track cannot be billed, and the dynamo pays for it.
  if (facts.isBoltOpen) return 'riding'
  if (facts.isBusy) return 'awake'
  // A touch that was before the boot is none.
  if (touchedAtMs > 0 && uptimeMs < touchedAtMs + awakeMs) return 'awake'
  return level === 'low' ? 'low' : 'parked'
}

function heartbeatMs(power: Power, settings: PowerSettings, isBoltOpen: boolean, uptimeMs: number): number {
  const parkMs = Math.round(settings.park_s * 1_000 * power.share)
  const rideMs = Math.round(settings.ride_s * 1_000 * power.share)
  switch (power.mode) {
    case 'ship':
      return criticalHeartbeatMs
    case 'parked':
    case 'awake':
      return parkMs
    case 'riding':
      return isStill(power, uptimeMs) ? rideMs * stillFactor : rideMs
    case 'alarm':
      return power.alarmPauseMs
    case 'low':
      return lowHeartbeatMs
    case 'crit':
      // Somebody still rides it: seldom, but not silent.
      return isBoltOpen && power.level === 'crit' ? rideMs * stillFactor : criticalHeartbeatMs
  }
}

function fixEveryMs(power: Power, { isBoltOpen }: PowerFacts, uptimeMs: number): number | null {
  switch (power.mode) {
    case 'ship':
      return null
    case 'parked':
    case 'low':
      return parkedFixMs
    case 'awake':
    case 'alarm':
      return ridingFixMs
    case 'riding':
      return isStill(power, uptimeMs) ? ridingFixMs * stillFactor : ridingFixMs
    case 'crit':
      return isBoltOpen && power.level === 'crit' ? ridingFixMs * stillFactor : criticalHeartbeatMs
  }
}

const isStill = ({ touchedAtMs }: Power, uptimeMs: number): boolean => uptimeMs >= touchedAtMs + stillAfterMs

/** The modem: on, off, or on for a while. */
function radioOf(power: Power, facts: PowerFacts, uptimeMs: number, told: readonly PowerOutput[]): RadioWindow {
  const { radio, level, isShipped } = power
  if (isShipped) return radio.isOn ? shutRadio : radio
  const hasEnough = level === 'ok' || level === 'low' || (level === 'crit' && facts.isBoltOpen)
  if (hasEnough) return radio.isOn && radio.untilMs === null ? radio : openRadio
  const isLastWord = told.some(({ kind }) => kind === 'level')
  if (radio.isOn) return isLastWord ? openWindow(uptimeMs) : stillOpen(radio, facts, uptimeMs)
  return mayOpen(radio, facts, isLastWord, uptimeMs) ? openWindow(uptimeMs) : radio
}

function stillOpen(radio: RadioWindow, facts: PowerFacts, uptimeMs: number): RadioWindow {
  if (radio.untilMs === null) return openWindow(uptimeMs)
  if (uptimeMs >= radio.untilMs) return { ...shutRadio, retryAtMs: facts.hasNews ? uptimeMs + radioRetryMs : null }
  if (!facts.isAllSaid) return radio.quietSinceMs === null ? radio : { ...radio, quietSinceMs: null }
  if (radio.quietSinceMs === null) return { ...radio, quietSinceMs: uptimeMs }
  return uptimeMs >= radio.quietSinceMs + lingerMs ? shutRadio : radio
}

function mayOpen(radio: RadioWindow, facts: PowerFacts, isLastWord: boolean, uptimeMs: number): boolean {
  if (isLastWord || radio.isWanted) return true
  if (radio.retryAtMs !== null) return uptimeMs >= radio.retryAtMs
  return facts.hasNews
}

const openRadio: RadioWindow = { isOn: true, untilMs: null, quietSinceMs: null, retryAtMs: null, isWanted: false }
const shutRadio: RadioWindow = { isOn: false, untilMs: null, quietSinceMs: null, retryAtMs: null, isWanted: false }
/** Quiet at first, for all it knows; whatever is said then ends that. */
const openWindow = (uptimeMs: number): RadioWindow => ({
  ...openRadio,
  untilMs: uptimeMs + radioWindowMs,
  quietSinceMs: uptimeMs,
})

/** At most once a second: a bike that is ridden is touched all the time. */
const touched = (power: Power, uptimeMs: number): Power =>
  power.touchedAtMs > 0 && uptimeMs - power.touchedAtMs < touchGrainMs ? power : { ...power, touchedAtMs: uptimeMs }
const touchGrainMs = 1_000

/** 0 to 1, fixed by the lock's name (FNV-1a). */
function shareOf(lockId: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < lockId.length; i++) h = Math.imul(h ^ lockId.charCodeAt(i), 0x01000193) >>> 0
  return h / 4_294_967_295
}
