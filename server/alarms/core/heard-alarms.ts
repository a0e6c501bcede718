import type { AlarmSettings } from '../../../contracts/http/alarms.ts'
import type { AlarmKind, AlarmSeverity } from '../../../contracts/live/alarm-kinds.ts'
import type { LockEvent } from '../../../contracts/mqtt/reports.ts'
import type { EpochMs } from '../../../contracts/units.ts'
import type { BootTrouble } from './boot-trouble.ts'

/** What a lock's own words say about alarms. */
export type HeardAlarm =
  | {
      readonly say: 'raise'
      readonly kind: AlarmKind
      readonly severity?: AlarmSeverity
      readonly blocksRental?: boolean
      readonly detail: object
    }
  | { readonly say: 'clear'; readonly kind: AlarmKind }

/** Who has the bike: `pausing` is a rider who has locked it and is somewhere else. */
export type Hands = 'nobody' | 'pausing' | 'rider' | 'crew'

export interface Hearing {
  /** When the lock made the report, and now: city time. */
  readonly madeAtMs: EpochMs
  readonly nowMs: EpochMs
  readonly hands: Hands
  /** When a rider or a crew last had it; null: nobody has, as far as is known. */
  readonly hadAtMs: EpochMs | null
  readonly settings: AlarmSettings
  /** Of a boot: those before it. */
  readonly boots: BootTrouble | null
}

/** A shake that is told so much later is no news. */
const staleMs = 3_600_000
/** Whoever puts a bike down still pushes it into the rack: what its lock says of that way is no theft. */
const handOverMs = 300_000

/** The alarms of a report. Total; what says nothing about alarms says nothing, and what is switched off raises nothing. */
export function heardAlarms(event: LockEvent, hearing: Hearing): readonly HeardAlarm[] {
  const { off } = hearing.settings
  return allAlarms(event, hearing).filter(({ say, kind }) => say === 'clear' || !off.includes(kind))
}

function allAlarms(event: LockEvent, hearing: Hearing): readonly HeardAlarm[] {
  switch (event.k) {
    case 'bolt':
      return boltAlarms(event)
    case 'alarm':
      return ownAlarms(event, hearing)
    case 'power':
      return powerAlarms(event, hearing)
    case 'boot':
      return bootAlarms(event, hearing)
    case 'cfg':
    case 'self':
      return []
  }
}

/** One jam when opening is often a lever under load, and blocks nothing; one when closing may leave the bike open. */
function boltAlarms({ to, by }: Extract<LockEvent, { k: 'bolt' }>): readonly HeardAlarm[] {
  if (to === 'jam_close') return [raise('jammed_close', {})]
  if (to === 'jam_open') return [{ ...raise('jammed_open', {}), blocksRental: false }]
  // It opens after all.
  return to === 'unlocked' && by !== 'force' ? [{ say: 'clear', kind: 'jammed_open' }] : []
}

function ownAlarms(event: Extract<LockEvent, { k: 'alarm' }>, hearing: Hearing): readonly HeardAlarm[] {
  const { hands, madeAtMs, nowMs } = hearing
  const isFresh = nowMs - madeAtMs < staleMs
  const isNews = isFresh && hands === 'nobody'
  const isAlone = hands === 'nobody' || hands === 'pausing'
  switch (event.a) {
    case 'forced':
      // Whoever has it: a bolt that opens without a command is broken, or a rider's bike is being stolen.
      return [raise('forced', {})]
    case 'tamper':
      return raiseIf(isAlone, 'tampered', { what: 'tamper' })
    case 'tamper_end':
      return [{ say: 'clear', kind: 'tampered' }]
    case 'cable':
      return raiseIf(isAlone, 'cable_cut')
    case 'cable_end':
      return [{ say: 'clear', kind: 'cable_cut' }]
    case 'fall':
      return raiseIf(isNews, 'fallen')
    case 'fall_end':
      return [{ say: 'clear', kind: 'fallen' }]
    case 'move':
    case 'shake':
      return event.dm === undefined ? raiseIf(isNews, 'shaken', { what: event.a }) : chased(event.dm, hearing)
    case 'gnss_jam':
      // Also on a ride: whoever rents a bike to keep it brings a jammer. A van is a box of metal.
      return raiseIf(isFresh && hands !== 'crew', 'gnss_jammed')
    case 'gnss_jam_end':
      return [{ say: 'clear', kind: 'gnss_jammed' }]
    case 'temp':
    case 'sim':
      return raiseIf(hands !== 'crew', 'lock_trouble', { what: event.a })
  }
}

/**
 * A locked bike that is far from where it stood. However late it is told it is a theft, as long as none of us has had the
 * bike since: thieves take bikes to where no network is, and an hour later it is still stolen. What a lock says of its way
 * in a van, or into the rack, was made before it was put down.
 */
function chased(metres: number, { hands, hadAtMs, madeAtMs }: Hearing): readonly HeardAlarm[] {
  if (hands === 'crew' || hands === 'rider') return []
  if (hadAtMs !== null && madeAtMs < hadAtMs + handOverMs) return []
  const stolen = raise('stolen', { metres })
  // Its rider may be on a ferry with it: a person looks, and nobody else could rent it anyway.
  return hands === 'pausing' ? [{ ...stolen, severity: 'warning', blocksRental: false }] : [stolen]
}

/** The lock measures under load and in the cold what a percentage hides. */
function powerAlarms(event: Extract<LockEvent, { k: 'power' }>, { settings }: Hearing): readonly HeardAlarm[] {
  const { lv, soc, mv } = event
  const detail = { percent: soc, ...(mv === undefined ? {} : { mv }) }
  const isLow = soc < settings.lowBatteryPercent
  switch (lv) {
    case 'ok':
      return isLow ? [] : [{ say: 'clear', kind: 'low_battery' }]
    case 'low':
      // Whoever set a lower threshold wants to hear of it later.
      return isLow ? [{ ...raise('low_battery', detail), severity: severityOf(soc, settings) }] : []
    case 'crit':
      return [{ ...raise('low_battery', detail), severity: 'warning' }]
    case 'off':
      return [{ ...raise('low_battery', { ...detail, why: 'flat' }), severity: 'warning' }]
  }
}

const severityOf = (soc: number, { veryLowBatteryPercent }: AlarmSettings): AlarmSeverity =>
  soc < veryLowBatteryPercent ? 'warning' : 'notice'

function bootAlarms(event: Extract<LockEvent, { k: 'boot' }>, hearing: Hearing): readonly HeardAlarm[] {
  const { boots, settings, madeAtMs, nowMs } = hearing
  if (boots === null) return []
  const { brownOuts, restarts } = boots
  const heard: HeardAlarm[] = []
  if (event.rr === 'brownout' && brownOuts >= settings.brownOuts) {
    heard.push(raise('brown_outs', { count: brownOuts }))
  }
  if (nowMs - madeAtMs < staleMs && restarts.count >= settings.restarts) {
    heard.push(raise('restarts', { ...restarts }))
  }
  return heard
}

const raise = (kind: AlarmKind, detail: object): Extract<HeardAlarm, { say: 'raise' }> => ({
  say: 'raise',
  kind,
  detail,
})

const raiseIf = (isSo: boolean, kind: AlarmKind, detail: object = {}): readonly HeardAlarm[] =>
  isSo ? [raise(kind, detail)] : []
