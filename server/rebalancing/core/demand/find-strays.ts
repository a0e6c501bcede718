import type { StrayReason } from '../../../../contracts/http/nights.ts'
import type { BikeId } from '../../../../contracts/ids.ts'
import { distanceM } from '../../../../contracts/units.ts'
import { type StraySettings, straySettings } from './stray-settings.ts'

/** What is known of one bike this evening. */
export interface StrayBike {
  readonly bikeId: BikeId
  readonly lon: number
  readonly lat: number
  /** When it last came to stand here, ms since 1970. */
  readonly standsSinceMs: number
  /** End of its last ride, ms since 1970; null when it never had one. */
  readonly lastRideAtMs: number | null
  /** Percent; null when the lock has not told. */
  readonly batteryPercent: number | null
  readonly inService: boolean
  /** Somebody has it: a rider, a crew, a trip that has not ended. */
  readonly isInUse: boolean
  /** Its lock has not been heard for too long. */
  readonly isSilent: boolean
  /** Kinds of its alarms that are open and block the rental: a bike with any cannot be rented until somebody has looked at it. */
  readonly alarms: readonly string[]
  /** Complaints about where it stands that nobody has dealt with. */
  readonly complaints: number
  /** It stands in the way: reported, or parked where nobody may park. */
  readonly isBlocking: boolean
  readonly isInServiceArea: boolean
  /** The hotspot that it stands in, when the caller has looked; undefined: `hotspots` are looked at. */
  readonly insideHotspot?: string | null
}

/** A hotspot as a circle. */
export interface HotspotCircle {
  readonly placeId: string
  readonly lon: number
  readonly lat: number
  readonly radiusM: number
}

export interface Stray {
  readonly bikeId: BikeId
  readonly lon: number
  readonly lat: number
  /** The weightiest first; never empty. */
  readonly reasons: readonly StrayReason[]
  /** For how long it has stood here, ms. */
  readonly ageMs: number
  readonly insideHotspot: string | null
  /** A bike that nobody may ride goes to the workshop, the others where riders look for them. */
  readonly goesTo: 'hotspot' | 'workshop'
  /** Rides won by taking it away, whatever it is then used for. */
  readonly value: number
}

/**
 * The bikes that a crew should fetch tonight, dearest first, then by id. Never a bike in use. A bike in a hotspot is a
 * stray only when it is broken, low, silent, in the way, or complained of.
 */
export function findStrays(
  bikes: readonly StrayBike[],
  hotspots: readonly HotspotCircle[],
  nowMs: number,
  settings: StraySettings = straySettings(),
): Stray[] {
  return bikes
    .flatMap((bike) => strayOf(bike, hotspots, nowMs, settings) ?? [])
    .sort((a, b) => b.value - a.value || (a.bikeId < b.bikeId ? -1 : 1))
}

function strayOf(
  bike: StrayBike,
  hotspots: readonly HotspotCircle[],
  nowMs: number,
  settings: StraySettings,
): Stray | null {
  if (bike.isInUse) return null
  const insideHotspot = bike.insideHotspot === undefined ? hotspotAt(bike, hotspots) : bike.insideHotspot
  const ageMs = Math.max(0, nowMs - bike.standsSinceMs)
  const idleMs = Math.max(0, nowMs - Math.max(bike.lastRideAtMs ?? bike.standsSinceMs, bike.standsSinceMs))
  const facts: Facts = { bike, insideHotspot, ageHours: ageMs / hourMs, idleHours: idleMs / hourMs }
  const found = byWeight.filter((reason) => holds(reason, facts, settings))
  if (found.length === 0) return null
  const worth = found.map((reason) => worthOf(reason, facts, settings))
  const reasons = found.toSorted((a, b) => worthOf(b, facts, settings) - worthOf(a, facts, settings))
  const goesTo = found.some((reason) => reason === 'broken' || reason === 'low_battery' || reason === 'silent')
    ? 'workshop'
    : 'hotspot'
  const value = Math.min(
    settings.mostValue,
    worth.reduce((sum, one) => sum + one, 0),
  )
  return { bikeId: bike.bikeId, lon: bike.lon, lat: bike.lat, reasons, ageMs, insideHotspot, goesTo, value }
}

const hourMs = 3_600_000

type RuleReason = Exclude<StrayReason, 'not_needed_there'>
const byWeight: readonly RuleReason[] = [
  'blocked',
  'complaint',
  'broken',
  'outside_service_area',
  'low_battery',
  'silent',
  'idle',
  'outside_hotspot',
]

interface Facts {
  readonly bike: StrayBike
  readonly insideHotspot: string | null
  readonly ageHours: number
  readonly idleHours: number
}

function holds(
  reason: RuleReason,
  { bike, insideHotspot, ageHours, idleHours }: Facts,
  settings: StraySettings,
): boolean {
  switch (reason) {
    case 'blocked':
      return bike.isBlocking
    case 'complaint':
      return bike.complaints > 0
    case 'broken':
      return !bike.inService || bike.alarms.length > 0
    case 'outside_service_area':
      return !bike.isInServiceArea
    case 'low_battery':
      return bike.batteryPercent !== null && bike.batteryPercent < settings.lowBatteryPercent
    case 'silent':
      return bike.isSilent
    case 'idle':
      return insideHotspot === null && idleHours >= settings.idleHours
    case 'outside_hotspot':
      return insideHotspot === null && ageHours >= settings.strayHours
  }
}

function worthOf(reason: RuleReason, { bike, ageHours, idleHours }: Facts, settings: StraySettings): number {
  switch (reason) {
    case 'blocked':
      return settings.blockedValue
    case 'complaint':
      return settings.complaintValue * Math.min(bike.complaints, settings.mostComplaints)
    case 'broken':
      return settings.brokenValue
    case 'outside_service_area':
      return settings.outsideAreaValue
    case 'low_battery':
      return settings.lowBatteryValue
    case 'silent':
      return settings.silentValue
    case 'idle':
      return settings.idleValuePerDay * Math.min(settings.mostIdleDays, idleHours / 24)
    case 'outside_hotspot':
      return settings.outsideHotspotValue * Math.min(1, ageHours / 24)
  }
}

/** The nearest hotspot whose circle holds the bike. */
function hotspotAt(bike: StrayBike, hotspots: readonly HotspotCircle[]): string | null {
  let best: string | null = null
  let bestM = Number.POSITIVE_INFINITY
  for (const hotspot of hotspots) {
    const away = distanceM(bike, hotspot)
    if (away <= hotspot.radiusM && away < bestM) [best, bestM] = [hotspot.placeId, away]
  }
  return best
}
