import type { AlarmSettings } from '../../../contracts/http/alarms.ts'
import type { TripState } from '../../../contracts/http/trips.ts'
import type { AlarmKind, AlarmSeverity } from '../../../contracts/live/alarm-kinds.ts'
import { distanceM, type EpochMs, type Position } from '../../../contracts/units.ts'

/** Where a bike was left on purpose: locked at the end of a ride, or put down by a crew. */
export interface Anchor extends Position {
  readonly accuracyM: number
  /** Since when it stands there, city time. */
  readonly atMs: EpochMs
}

/** A bike as the rules see it at one moment of city time. */
export interface WatchedBike {
  readonly inService: boolean
  readonly custody: 'claimed' | 'in_van' | null
  readonly trip: TripState | null
  /** Percent; null: it never said. */
  readonly soc: number | null
  /** Of a lock that speaks more rarely than usual, by its mode or its settings: so long without a word is nothing, ms. */
  readonly silentAfterMs: number
  /** Null: it was never heard at all, and is not missed. */
  readonly lastHeardAtMs: EpochMs | null
  readonly position: (Position & { readonly accuracyM: number | null; readonly speedMps?: number | null }) | null
  /** Null: not known yet, nothing can be said about its place. */
  readonly anchor: Anchor | null
  /** Metres beyond the nearest line that it must not be beyond, by its fix alone; 0 or less: it may stand there. */
  readonly outsideM: number | null
  /** Alarms that are open on it. */
  readonly open: ReadonlySet<AlarmKind>
  /** Crews looked for it twice and did not find it. */
  readonly notFoundTwice: boolean
}

/** The world at large. */
export interface Surroundings {
  readonly nowMs: EpochMs
  /** Nobody listened before: silence counts from then on. */
  readonly listeningSinceMs: EpochMs
  readonly settings: AlarmSettings
}

/** `on`: it is so; `off`: it is not so (any more); `unknown`: leave what is open as it is. */
export type Verdict =
  | { readonly is: 'on'; readonly severity?: AlarmSeverity; readonly detail: Readonly<Record<string, unknown>> }
  | { readonly is: 'off' }
  | { readonly is: 'unknown' }

const off: Verdict = { is: 'off' }
const unknown: Verdict = { is: 'unknown' }

/** Rules that look at the fleet in memory again and again. */
export const watchedKinds = [
  'low_battery',
  'silent',
  'lost',
  'stolen',
  'moved_without_trip',
  'outside_zone',
  'not_moved',
] as const
export type WatchedKind = (typeof watchedKinds)[number]

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** An alarm of a low battery ends this far above its threshold: a cold night moves the reading up and down. */
const batterySlackPercent = 5
/** A fix without a word on its accuracy, metres. */
const usualAccuracyM = 25
/** A worse fix says nothing about on which side of a line a bike stands, metres. */
const worstUsefulAccuracyM = 60

/** What one rule says of one bike. Total; a rule that is switched off says that it is not so. */
export function judge(kind: WatchedKind, bike: WatchedBike, world: Surroundings): Verdict {
  if (world.settings.off.includes(kind)) return off
  switch (kind) {
    case 'low_battery':
      return lowBattery(bike, world)
    case 'silent':
      return silent(bike, world)
    case 'lost':
      return lost(bike, world)
    case 'stolen':
      return stolen(bike)
    case 'moved_without_trip':
      return moved(bike, world)
    case 'outside_zone':
      return outside(bike, world)
    case 'not_moved':
      return notMoved(bike, world)
  }
}

/** Until when no rule can say anything new of a bike about which nothing else changes, city time. */
export function calmUntil({ lastHeardAtMs, anchor }: WatchedBike, world: Surroundings): number {
  const { settings, nowMs, listeningSinceMs } = world
  const silentFromMs = lastHeardAtMs === null ? Number.POSITIVE_INFINITY : Math.max(lastHeardAtMs, listeningSinceMs)
  const moments = [
    silentFromMs + settings.silentMinutes * minuteMs,
    silentFromMs + settings.lostHours * hourMs,
    anchor === null ? Number.POSITIVE_INFINITY : anchor.atMs + settings.notMovedDays * dayMs,
  ]
  return Math.min(...moments.filter((atMs) => atMs > nowMs), nowMs + longestCalmMs)
}
/** Whatever is reckoned wrong here is put right by then. */
const longestCalmMs = 10 * minuteMs

/** City time since a word of its lock; counted from when somebody listened. Never negative: clocks step. */
const silenceMs = (bike: WatchedBike, { nowMs, listeningSinceMs }: Surroundings): number =>
  bike.lastHeardAtMs === null ? 0 : Math.max(0, nowMs - Math.max(bike.lastHeardAtMs, listeningSinceMs))

function lowBattery({ soc, open, inService }: WatchedBike, { settings }: Surroundings): Verdict {
  if (soc === null) return unknown
  if (!inService) return off
  const slack = open.has('low_battery') ? batterySlackPercent : 0
  if (soc >= settings.lowBatteryPercent + slack) return off
  const isVeryLow = soc < settings.veryLowBatteryPercent
  const why = soc <= flatPercent ? { why: 'flat' } : {}
  return { is: 'on', severity: isVeryLow ? 'warning' : 'notice', detail: { percent: soc, ...why } }
}

/** A lock that has told so little charge has said its last word. */
const flatPercent = 2

/** So long nobody wonders that nothing is heard of it. Endless: its battery went flat, and it said so. */
function patienceMs({ soc, silentAfterMs }: WatchedBike, { silentMinutes }: AlarmSettings): number {
  if (soc !== null && soc <= flatPercent) return Number.POSITIVE_INFINITY
  // One that saves its power speaks more rarely.
  return Math.max(silentMinutes * minuteMs, silentAfterMs)
}

function silent(bike: WatchedBike, world: Surroundings): Verdict {
  // A van is a box of metal, and a workshop takes the battery out.
  if (bike.custody === 'in_van') return unknown
  if (!bike.inService || bike.lastHeardAtMs === null) return off
  const forMs = silenceMs(bike, world)
  if (forMs > patienceMs(bike, world.settings)) return { is: 'on', detail: { since: bike.lastHeardAtMs } }
  // After a start nobody knows whether it would have spoken.
  return world.listeningSinceMs > bike.lastHeardAtMs ? unknown : off
}

/** A bike that was taken away and is not heard for so long is lost, whatever its battery said. */
const longestTakenMs = 26 * hourMs

function lost(bike: WatchedBike, world: Surroundings): Verdict {
  if (bike.custody !== null || bike.trip !== null) return off
  if (bike.notFoundTwice) return { is: 'on', detail: { why: 'not_found_twice' } }
  if (!bike.inService || bike.lastHeardAtMs === null) return off
  const forMs = silenceMs(bike, world)
  const since = bike.lastHeardAtMs
  const patience = patienceMs(bike, world.settings)
  // Whose battery went flat stands where it stood, until a crew does not find it there.
  if (forMs > Math.max(world.settings.lostHours * hourMs, patience))
    return { is: 'on', detail: { why: 'silent', since } }
  const isSilent = forMs > Math.min(patience, longestTakenMs)
  const wasTaken = bike.open.has('moved_without_trip') || bike.open.has('stolen')
  if (isSilent && wasTaken) return { is: 'on', detail: { why: 'moved_then_silent', since } }
  return isSilent || world.listeningSinceMs > since ? unknown : off
}

/**
 * Told by its lock; over when a crew has it in its van, or it stands again where it was left on purpose, which is also
 * where a person says that it should be.
 */
function stolen({ custody, anchor, position, open }: WatchedBike): Verdict {
  if (!open.has('stolen')) return unknown
  if (custody === 'in_van') return off
  if (anchor === null || position === null || (position.speedMps ?? 0) > standsBelowMps) return unknown
  const doubtM = Math.max(homeM, anchor.accuracyM + (position.accuracyM ?? usualAccuracyM))
  return distanceM(anchor, position) <= doubtM ? off : unknown
}
const standsBelowMps = 1
/** Nearer than this to where it was left, it is there. */
const homeM = 20

function moved({ trip, custody, anchor, position, open }: WatchedBike, { settings }: Surroundings): Verdict {
  // Its lock has told more of it: one theft, one alarm.
  if (trip !== null || custody !== null || open.has('stolen')) return off
  if (anchor === null || position === null) return unknown
  const awayM = Math.round(distanceM(anchor, position))
  const doubtM = anchor.accuracyM + (position.accuracyM ?? usualAccuracyM)
  if (awayM <= settings.movedMetres + doubtM) return awayM <= settings.movedMetres ? off : unknown
  const { lon, lat } = anchor
  return { is: 'on', severity: 'urgent', detail: { metres: awayM, fromLon: lon, fromLat: lat } }
}

function outside(bike: WatchedBike, { settings }: Surroundings): Verdict {
  const { trip, custody, outsideM, position, inService } = bike
  // A workshop may be anywhere.
  if (trip !== null || custody !== null || !inService) return off
  if (outsideM === null || position === null) return unknown
  const accuracyM = position.accuracyM ?? usualAccuracyM
  if (outsideM <= 0) return off
  if (accuracyM > worstUsefulAccuracyM || outsideM <= settings.outsideMetres + accuracyM) return unknown
  return { is: 'on', detail: { metres: Math.round(outsideM) } }
}

function notMoved({ trip, custody, anchor, inService }: WatchedBike, { settings, nowMs }: Surroundings): Verdict {
  if (trip !== null || custody === 'in_van' || !inService) return off
  if (anchor === null) return unknown
  const days = Math.floor((nowMs - anchor.atMs) / dayMs)
  return days >= settings.notMovedDays ? { is: 'on', detail: { since: anchor.atMs } } : off
}

/** So many bikes that fall silent together, and this part of the fleet: it is our own line that is broken. */
const leastTogether = 20
const partTogether = 0.3

/** Whether silence says something of ourselves and not of the bikes: so many of those in service became silent at once. */
export const isOwnOutage = (newlySilent: number, inService: number): boolean =>
  newlySilent > Math.max(leastTogether, inService * partTogether)

/** Nobody's own line is broken for longer than this without being mended, city time. */
const ownOutageMs = hourMs

/** Whether a silence began so late that it may be an outage of our own. */
export const mayBeOwnOutage = (lastHeardAtMs: EpochMs, { nowMs, listeningSinceMs, settings }: Surroundings): boolean =>
  nowMs - Math.max(lastHeardAtMs, listeningSinceMs) <= settings.silentMinutes * minuteMs + ownOutageMs

/** A ride as the rules of rides see it. */
export interface WatchedTrip {
  readonly state: TripState
  readonly startedAtMs: EpochMs | null
  readonly endedAtMs: EpochMs | null
  /** Staff let it last until then. */
  readonly allowedUntilMs: EpochMs | null
  readonly wasFreeExit: boolean
  /** Between its two ends, metres; null: not known. */
  readonly apartM: number | null
}

/** A ride that lasts too long. A paused one waits for its rider; its own limit ends it. */
export function isLongTrip(trip: WatchedTrip, { nowMs, settings }: Surroundings): boolean {
  if (settings.off.includes('long_trip') || trip.startedAtMs === null || trip.endedAtMs !== null) return false
  if (trip.state === 'paused') return false
  if (trip.allowedUntilMs !== null && nowMs < trip.allowedUntilMs) return false
  return nowMs - trip.startedAtMs > settings.longTripHours * hourMs
}

/** Rides in a row that were given up at once, the newest first: something is wrong with the bike. */
export function areShortTrips(trips: readonly WatchedTrip[], settings: AlarmSettings): boolean {
  if (settings.off.includes('short_trips')) return false
  const last = trips.slice(0, settings.shortTrips)
  return last.length === settings.shortTrips && last.every((trip) => wasGivenUp(trip, settings))
}

function wasGivenUp({ startedAtMs, endedAtMs, wasFreeExit, apartM }: WatchedTrip, settings: AlarmSettings): boolean {
  if (startedAtMs === null || endedAtMs === null) return false
  const isShort = endedAtMs - startedAtMs < settings.shortTripMinutes * minuteMs
  return wasFreeExit || (isShort && (apartM === null || apartM <= settings.shortTripMetres))
}
