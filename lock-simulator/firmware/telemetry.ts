import type { BoltState, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import type { RecordStamp } from './lock-clock.ts'

export const parkedHeartbeatMs = 300_000
const ridingHeartbeatMs = 15_000
/** A fix this good ends the wait for a better position of a bike that has just been locked. */
export const goodFixM = 15
export const betterFixWaitMs = 20_000
/** The longest age that a record can carry: a week. */
const maxFixAgeMs = 604_800_000

/** One fix of the receiver. `timeMs` is satellite time, when it was solved for. */
export interface Fix {
  readonly lon: number
  readonly lat: number
  /** Metres, 1 sigma, as the receiver estimates it. */
  readonly accuracyM: number
  readonly dimensions: 2 | 3
  readonly satellites: number
  readonly speedMps: number
  readonly headingDeg: number
  readonly timeMs: number | null
}

export interface KnownFix {
  readonly fix: Fix
  readonly atMs: number
}

export interface Battery {
  /** Whole percent. */
  readonly percent: number
  readonly milliVolts: number
}

/** Position fields of a record; none when there has never been a fix. */
export function positionFields(known: KnownFix | null, uptimeMs: number) {
  if (known === null) return {}
  const { fix } = known
  return {
    la: round(fix.lat, 6),
    lo: round(fix.lon, 6),
    ha: round(fix.accuracyM, 1),
    fx: fix.dimensions,
    sv: fix.satellites,
    sp: round(fix.speedMps, 1),
    hd: round(fix.headingDeg, 0),
    fa: Math.min(maxFixAgeMs, uptimeMs - known.atMs),
  }
}

export function telemetryRecord(
  stamp: RecordStamp,
  bolt: BoltState,
  battery: Battery,
  known: KnownFix | null,
): TelemetryRecord {
  return {
    ...stamp,
    ...positionFields(known, stamp.u),
    soc: battery.percent,
    bolt,
    mv: battery.milliVolts,
  }
}

export const heartbeatMs = (bolt: BoltState): number => (bolt === 'unlocked' ? ridingHeartbeatMs : parkedHeartbeatMs)

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
