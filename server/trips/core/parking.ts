import type { ParkingVerdict } from '../../../contracts/http/parking.ts'
import { distanceM, type EpochMs, epochMs, type Position } from '../../../contracts/units.ts'

/** Where a lock says it is, as it said so with its closing or after it. */
export interface ParkedFix extends Position {
  /** 1 sigma, as the receiver estimates it; null: it did not say. */
  readonly accuracyM: number | null
  /** How old the fix was when it was told; null: it did not say. */
  readonly ageMs: number | null
  readonly speedMps: number | null
  /** When the bike was there. */
  readonly atMs: EpochMs
}

/** How a place lies to the zones that held then; PostGIS measured it. */
export interface ParkingPlace {
  /** Out of every service area, and how far from the nearest; null: inside one, or there is none at all. */
  readonly outside: { readonly name: string; readonly metres: number } | null
  /** In a no-parking zone, and how far from its edge. */
  readonly noParking: { readonly name: string; readonly metres: number } | null
  readonly hotspot: { readonly zoneId: string; readonly name: string } | null
}

export interface Judged {
  readonly verdict: ParkingVerdict
  readonly zoneName: string | null
}

/** The part of a tariff that is about parking; all 0 in tariffs that knew none. */
export interface ParkingRates {
  readonly wrongPlaceMinor: number
  readonly noParkingMinor: number
  readonly hotspotRewardMinor: number
}

/** What is kept with a ride that has ended. Its fee and reward are what they are worth, within the hold. */
export interface KeptParking extends Judged {
  readonly feeMinor: number
  readonly rewardMinor: number
  readonly place: (Position & { readonly accuracyM: number | null; readonly atMs: EpochMs }) | null
  /** Null where there is nothing to clear. */
  readonly clearableUntil: EpochMs | null
  readonly cleared: boolean
  /** What of the fee went back with that: less where colleagues had given of the price back before. */
  readonly clearedMinor: number
  /** This ride left a bike right that the same rider had left wrong, and was short: it costs nothing. */
  readonly putRight: boolean
}

/** Nobody can be more exact than that, whatever a receiver says of itself. */
export const finestAccuracyM = 8
/** A fix is within twice its own estimate 95 times of 100. */
const doubtFactor = 2
/** Beyond it a fix says which district it is, not which street. */
export const worstUsefulAccuracyM = 60
/** A lock that has not seen the sky for longer may be anywhere. */
export const oldestFixMs = 60_000
/** What an old fix may have rolled on since, where its speed is not known; and at least, where it stood. */
const usualSpeedMps = 5
const pushedMps = 1
/** Faster than any bike: one of the two fixes is a reflection. */
const fastestMps = 20

/** Radius of the circle in which the bike surely stands, metres; null: nobody knows. */
export function doubtM({ accuracyM, ageMs, speedMps }: ParkedFix): number | null {
  if (accuracyM === null || ageMs === null || accuracyM > worstUsefulAccuracyM || ageMs > oldestFixMs) return null
  const rolledM = (Math.max(0, ageMs) / 1_000) * Math.max(speedMps ?? usualSpeedMps, pushedMps)
  return doubtFactor * Math.max(accuracyM, finestAccuracyM) + rolledM
}

/** Whether the lock cannot have gone from one place to the other in that time. */
export function hasJumped(before: ParkedFix | null, fix: ParkedFix): boolean {
  if (before === null) return false
  const doubt = (before.accuracyM ?? worstUsefulAccuracyM) + (fix.accuracyM ?? worstUsefulAccuracyM)
  const seconds = Math.max(1, (fix.atMs - before.atMs) / 1_000)
  return (distanceM(before, fix) - doubtFactor * doubt) / seconds > fastestMps
}

/**
 * What leaving the bike there means. A wrong place is one only when the whole circle of doubt lies in it: without a fix,
 * with an old, poor or jumped one, or too close to the line, it is `not_known`, which costs nothing.
 */
export function judgePlace(fix: ParkedFix | null, before: ParkedFix | null, place: ParkingPlace): Judged {
  const doubt = fix === null || hasJumped(before, fix) ? null : doubtM(fix)
  if (doubt === null) return { verdict: 'not_known', zoneName: null }
  const { outside, noParking, hotspot } = place
  if (noParking !== null && noParking.metres > doubt) return { verdict: 'no_parking', zoneName: noParking.name }
  if (outside !== null && outside.metres > doubt) return { verdict: 'outside_area', zoneName: outside.name }
  if (noParking !== null || outside !== null) {
    return { verdict: 'not_known', zoneName: (noParking ?? outside)?.name ?? null }
  }
  return hotspot === null ? { verdict: 'fine', zoneName: null } : { verdict: 'hotspot', zoneName: hotspot.name }
}

/** The fee of a verdict by a tariff; 0 for all that is not surely wrong. */
export function feeOf(verdict: ParkingVerdict, rates: ParkingRates): number {
  switch (verdict) {
    case 'outside_area':
      return rates.wrongPlaceMinor
    case 'no_parking':
      return rates.noParkingMinor
    case 'fine':
    case 'hotspot':
    case 'not_known':
      return 0
  }
}

/** What of a ride decides whether leaving it at a hotspot is worth something. */
export interface RewardFacts {
  /** The ride began in a hotspot that could spare no bike. */
  readonly beganWhereNeeded: boolean
  /** From where it began, as the crow flies; null: it is not known where. */
  readonly movedM: number | null
  /** The hotspot has fewer bikes than it should have at most. */
  readonly hasRoom: boolean
  /** Of this rider within `riderRewardsMs`, and for this bike within `bikeRewardMs`. */
  readonly riderRewards: number
  readonly bikeRewards: number
}

/** Nobody is paid for pushing a bike round the corner. */
export const leastMovedM = 300
export const riderRewardsMs = 86_400_000
const mostRiderRewards = 3
/** A bike that goes to and fro between two hotspots earns once. */
export const bikeRewardMs = 10_800_000

export const rewardOf = (facts: RewardFacts, rates: ParkingRates): number =>
  !facts.beganWhereNeeded &&
  facts.movedM !== null &&
  facts.movedM >= leastMovedM &&
  facts.hasRoom &&
  facts.riderRewards < mostRiderRewards &&
  facts.bikeRewards === 0
    ? rates.hotspotRewardMinor
    : 0

/** Longer than this it was a ride, and not only the way to the right place. */
export const longestPutRightMs = 900_000

/** Whether a ride puts an earlier one of the same rider and bike right, which it may as soon as it began in time. */
export function putsRight(
  earlier: KeptParking | null,
  ride: { readonly startedAt: EpochMs; readonly endedAt: EpochMs; readonly verdict: ParkingVerdict },
): 'no' | 'free' | 'only_cleared' | 'tried' {
  if (earlier === null || !isClearable(earlier) || ride.startedAt > (earlier.clearableUntil ?? 0)) return 'no'
  const isShort = ride.endedAt - ride.startedAt <= longestPutRightMs
  const isWrong = ride.verdict === 'outside_area' || ride.verdict === 'no_parking'
  // One bike in one wrong place is one fee; a real ride that ends wrong has its own.
  if (isWrong) return isShort ? 'tried' : 'no'
  return isShort ? 'free' : 'only_cleared'
}

/** A ride that was put right. What was given back before counts as part of the fee: it never goes back twice. */
export const clear = (kept: KeptParking, givenBackMinor: number): KeptParking => ({
  ...kept,
  cleared: true,
  clearedMinor: Math.max(0, kept.feeMinor - givenBackMinor),
})

export const isClearable = ({ feeMinor, cleared, clearableUntil }: KeptParking): boolean =>
  feeMinor > 0 && !cleared && clearableUntil !== null

/** The line of the price that the fee of a verdict is. */
export const feeLineOf = (verdict: ParkingVerdict): 'no_parking' | 'wrong_place' =>
  verdict === 'no_parking' ? 'no_parking' : 'wrong_place'

/**
 * What a later and better look makes of it: only ever cheaper; null: nothing changes.
 * @param waived lines that a colleague let go: such a fee does not come back under another name
 */
export function milder(
  kept: KeptParking,
  later: Judged & { readonly feeMinor: number },
  waived: readonly string[] = [],
): KeptParking | null {
  if (kept.cleared || waived.includes(feeLineOf(kept.verdict)) || later.feeMinor >= kept.feeMinor) return null
  const { verdict, zoneName, feeMinor } = later
  return { ...kept, verdict, zoneName, feeMinor, clearableUntil: feeMinor > 0 ? kept.clearableUntil : null }
}

/** Looks after the end, for a better fix than the closing had: when the next one is due; null: no more. */
export function nextLookMs(endedAt: EpochMs, nowMs: EpochMs): EpochMs | null {
  const next = looksAfterMs.find((afterMs) => endedAt + afterMs > nowMs)
  return next === undefined ? null : epochMs(endedAt + next)
}
/** A lock that has just closed sends a better fix within 20 s, and its heartbeat every 5 minutes (lock-protocol.md). */
const looksAfterMs = [60_000, 660_000] as const
/** Fixes up to here after the closing tell of the same standing bike. */
export const lateFixMs = 600_000
