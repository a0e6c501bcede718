import type { TripState } from '../../../contracts/http/trips.ts'
import type { BikeState } from '../../../contracts/live/bike-states.ts'
import type { RefusalCode } from '../../../contracts/refusals.ts'
import type { EpochMs } from '../../../contracts/units.ts'
import { type LockShadow, silentAfterOf, silentHeartbeats, usualHeartbeatMs } from './lock-shadow.ts'

export type CustodyState = 'claimed' | 'in_van'

/** Everything that is known of a bike at one moment. */
export interface BikeFacts {
  readonly shadow: LockShadow
  /** State of the trip that has the bike; null when nobody has it. */
  readonly trip: TripState | null
  readonly inService: boolean
  /** Open alarms that keep it from the rental, acknowledged or not. */
  readonly blockingAlarms: number
  /** Open alarms that cannot wait, whether or not they keep the bike from the rental. */
  readonly urgentAlarms: number
  /** A crew's: a claimed route will take it, or it is in a van; null when no crew has it. */
  readonly custody: CustodyState | null
}

/** A parked lock that has not spoken for so long, city time. One that saves its power has longer. */
export const silentAfterMs = silentHeartbeats * usualHeartbeatMs
/** Below this a lock may not be able to close again, percent. */
export const lowBatteryPercent = 10

/** What the map shows of a bike: the first thing that staff would want to know about it. */
export function bikeState(facts: BikeFacts, nowMs: EpochMs): BikeState {
  if (facts.blockingAlarms > 0 || facts.urgentAlarms > 0) return 'alarm'
  const onTrip = facts.trip === null ? null : tripColour(facts.trip)
  if (onTrip !== null) return onTrip
  if (facts.custody !== null) return 'with_crew'
  if (!facts.inService) return 'out_of_service'
  if (hasLowBattery(facts.shadow)) return 'low_battery'
  if (isSilent(facts.shadow, nowMs)) return 'silent'
  return mayOpen(facts.shadow) ? 'available' : 'out_of_service'
}

/** Why a bike that nobody has cannot be rented now; null when it can. */
export function whyNotRentable(facts: Omit<BikeFacts, 'trip'>, nowMs: EpochMs): RefusalCode | null {
  if (facts.custody !== null) return 'bike_being_moved'
  if (!facts.inService || facts.blockingAlarms > 0) return 'bike_out_of_service'
  if (isSilent(facts.shadow, nowMs)) return 'bike_silent'
  if (!mayOpen(facts.shadow)) return 'bike_not_locked'
  return hasLowBattery(facts.shadow) ? 'bike_battery_low' : null
}

/**
 * Locked, or an opening that jammed: often a lever under load, which the next try opens. Jams in a row become an
 * alarm that takes the bike out.
 */
const mayOpen = (shadow: LockShadow): boolean => shadow.bolt === 'locked' || shadow.bolt === 'jam_open'

/** Whether nothing was heard for too long. */
function isSilent(shadow: LockShadow, nowMs: EpochMs): boolean {
  return shadow.lastHeardAtMs === null || nowMs - shadow.lastHeardAtMs > silentAfterOf(shadow)
}

const hasLowBattery = (shadow: LockShadow): boolean => shadow.soc !== null && shadow.soc < lowBatteryPercent

function tripColour(trip: TripState): BikeState | null {
  switch (trip) {
    case 'promised':
    case 'unlocking':
      return 'unlocking'
    case 'riding':
    case 'ending':
      return 'riding'
    case 'paused':
      return 'paused'
    case 'ended':
    case 'charged':
    case 'failed':
    case 'cancelled':
      return null
  }
}
