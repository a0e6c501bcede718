import type { BetterPlace, ParkingAdvice } from '../../contracts/http/parking.ts'
import type { LockId, RiderId, TripId } from '../../contracts/ids.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import { hotspotsNear, nearestAllowed, type PlaceToPark, parkingPlaceAt } from '../city/parking-place.ts'
import type { LockShadow } from '../fleet/core/lock-shadow.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { asBilled, type Tariff } from './core/fare.ts'
import { feeOf, type Judged, judgePlace, type ParkedFix } from './core/parking.ts'
import { isActive } from './core/trip-machine.ts'
import { rewardFor } from './park-trip.ts'
import { type TripForView, tripForView } from './trip-store.ts'
import { priceSoFar } from './trip-view.ts'

/** A hotspot this much farther away than the next allowed place is the better word: it has a name and is never full. */
const hotspotDetourM = 150
/** Farther than this nobody goes for a reward. */
const rewardWalkM = 800
const fewHotspots = 3

/** What leaving the bike here and now would mean, for the rider of the trip; null: no such trip of theirs. */
export function createParkingAdvice(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly shadowOf: (lockId: LockId) => LockShadow
}) {
  const { db, clock, shadowOf } = deps

  async function advise(riderId: RiderId, tripId: TripId): Promise<ParkingAdvice | null> {
    const found = await tripForView(db, riderId, tripId)
    if (found === null) return null
    const { trip, tariff, price } = found
    const nowMs = clock.nowMs()
    if (trip.parking !== null) {
      const { verdict, zoneName, feeMinor, rewardMinor, place } =
        price === null ? trip.parking : asBilled(trip.parking, price.lines)
      const told = { verdict, zoneName, feeMinor, rewardMinor, currency: tariff.currency }
      const better = place === null ? null : await betterThan({ verdict, zoneName }, place, nowMs, tariff)
      return { ...told, placeAt: place?.atMs ?? null, accuracyM: place?.accuracyM ?? null, better }
    }
    // Where the lock is now is the business of who rides it now.
    if (!isActive(trip.facts.state)) return nobodyKnows(tariff)
    const fix = fixOf(shadowOf(trip.lockId), nowMs, trip.facts.state === 'paused')
    if (fix === null) return nobodyKnows(tariff)
    const place = await parkingPlaceAt(db, nowMs, fix)
    const judged = judgePlace(fix, null, place)
    const isRewarded = judged.verdict === 'hotspot' && tariff.hotspotRewardMinor > 0
    return {
      ...judged,
      feeMinor: feeWithinHold(judged, found, nowMs),
      rewardMinor: isRewarded ? await rewardFor(db, trip, tariff, { fix, place, atMs: nowMs }) : 0,
      currency: tariff.currency,
      placeAt: fix.atMs,
      accuracyM: fix.accuracyM,
      better: await betterThan(judged, fix, nowMs, tariff),
    }
  }

  async function betterThan(
    { verdict }: Judged,
    at: Position,
    nowMs: EpochMs,
    { hotspotRewardMinor }: Tariff,
  ): Promise<BetterPlace | null> {
    const [hotspot] = verdict === 'hotspot' ? [] : await hotspotsNear(db, nowMs, at, fewHotspots)
    if (verdict !== 'outside_area' && verdict !== 'no_parking') {
      const isWorthIt = hotspot !== undefined && hotspotRewardMinor > 0 && hotspot.metres <= rewardWalkM
      return isWorthIt ? placeOf(hotspot, 'hotspot', hotspotRewardMinor) : null
    }
    const allowed = await nearestAllowed(db, nowMs, at)
    if (hotspot && (allowed === null || hotspot.metres <= allowed.metres + hotspotDetourM)) {
      return placeOf(hotspot, 'hotspot', hotspotRewardMinor)
    }
    return allowed === null ? null : placeOf(allowed, 'allowed', 0)
  }

  return { advise }
}

const placeOf = (
  { lon, lat, metres, name }: PlaceToPark,
  kind: BetterPlace['kind'],
  rewardMinor: number,
): BetterPlace => ({
  ...{ lon, lat, name, kind, rewardMinor },
  distanceM: Math.round(metres),
})

const nobodyKnows = ({ currency }: Tariff): ParkingAdvice => ({
  ...{ verdict: 'not_known', zoneName: null, feeMinor: 0, rewardMinor: 0, currency },
  ...{ placeAt: null, accuracyM: null, better: null },
})

/** A fee never makes a ride cost more than is held. */
function feeWithinHold({ verdict }: Judged, found: TripForView, nowMs: EpochMs): number {
  const { total } = priceSoFar(found, nowMs)
  return Math.min(feeOf(verdict, found.tariff), Math.max(0, found.tariff.holdMinor - total))
}

/** The lock's newest place as a fix of now. One that stands locked is where it was, however long ago it said so. */
function fixOf(shadow: LockShadow, nowMs: EpochMs, stands: boolean): ParkedFix | null {
  const { position, stamps, bootId } = shadow
  if (position === null) return null
  const newest = stamps.at(-1)
  const isOfThisBoot = newest !== undefined && position.bootId === bootId
  const atMs = isOfThisBoot ? epochMs(newest.receivedAtMs - Math.max(0, newest.uptimeMs - position.uptimeMs)) : nowMs
  const { lon, lat, accuracyM, speedMps } = position
  return {
    lon,
    lat,
    accuracyM,
    speedMps,
    ageMs: stands ? 0 : Math.max(0, nowMs - atMs),
    atMs: epochMs(Math.round(atMs)),
  }
}

export type ParkingAdviser = ReturnType<typeof createParkingAdvice>
