import type { BoltState, PowerMode, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import type { RecordStamp } from './lock-clock.ts'

/** A fix this good ends the wait for a better position of a bike that has just been locked. */
export const goodFixM = 15
export const betterFixWaitMs = 20_000
/** The longest age that a record can carry: a week. */
const maxFixAgeMs = 604_800_000
/** Between two fixes further apart than this nobody knows how the bike went. */
const longestLegMs = 30_000
const movingMps = 1
const longestOdometerM = 1_000_000_000
/** A sensor that reads nonsense must not cost the whole message: these are the bounds of the contract. */
const mostMilliVolts = 60_000
const mostMilliAmps = 10_000
const coldestCelsius = -60
const hottestCelsius = 120

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
  /** Whole percent of what the cell can give at this temperature. */
  readonly percent: number
  /** At its terminals, with what is switched on now. */
  readonly milliVolts: number
  /** Of the cell; the lock has no better thermometer. */
  readonly celsius?: number
}

/** What flows into the battery, and out of it: + is charging. */
export interface Charge {
  readonly source: 'none' | 'dyn' | 'sol'
  readonly milliAmps: number
}

/** What the lock counts about itself. Changed in place. */
export interface Meters {
  charge: Charge | null
  /** Metres, for life: flash keeps it. */
  odometerM: number
  /** The fix that the last telemetry record told: a parked bike does not say again where it is. */
  toldFixAtMs: number | null
  /** It was last seen to move. */
  movedAtMs: number | null
  /** Uptime of the last step: memory that a reset without power loss leaves alone. */
  lastStepMs: number
  /** How long the boot before this one lasted, as far as is known. */
  lastBootMs: number | null
}

export const metersAtBoot = (odometerM: number, lastBootMs: number | null): Meters => ({
  ...{ charge: null, odometerM, toldFixAtMs: null, movedAtMs: null, lastStepMs: 0, lastBootMs },
})

/** A new fix: whether it moves, and how far it has come since the last one. Carried bikes do not turn the wheel. */
export function countMetres(meters: Meters, last: KnownFix | null, fix: Fix, isBoltOpen: boolean, uptimeMs: number) {
  if (fix.speedMps <= movingMps) return
  meters.movedAtMs = uptimeMs
  if (!isBoltOpen || last === null) return
  const legMs = Math.min(longestLegMs, uptimeMs - last.atMs)
  meters.odometerM = Math.min(longestOdometerM, meters.odometerM + (fix.speedMps * legMs) / 1_000)
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

/** What a record tells besides its stamp. `place` null: nothing about where it is. */
export interface Reading {
  readonly bolt: BoltState
  readonly mode: PowerMode
  readonly percent: number
  readonly battery: Battery
  readonly meters: Pick<Meters, 'charge' | 'odometerM'>
  readonly place: KnownFix | null
}

export function telemetryRecord(stamp: RecordStamp, reading: Reading): TelemetryRecord {
  const { bolt, mode, percent, battery, meters, place } = reading
  const { charge, odometerM } = meters
  return {
    ...stamp,
    ...positionFields(place, stamp.u),
    soc: percent,
    bolt,
    mode,
    mv: within(battery.milliVolts, 0, mostMilliVolts),
    ...(battery.celsius === undefined ? {} : { tc: within(battery.celsius, coldestCelsius, hottestCelsius) }),
    ...(charge === null ? {} : { chg: charge.source, i: within(charge.milliAmps, -mostMilliAmps, mostMilliAmps) }),
    od: Math.round(odometerM),
  }
}

const within = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.round(value)))

function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
