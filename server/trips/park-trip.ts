import { present } from '../../contracts/assert.ts'
import { distanceM, type EpochMs, epochMs } from '../../contracts/units.ts'
import { parkingPlaceAt, roomAt } from '../city/parking-place.ts'
import { type Clock, stretched } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { asBilled, type Tariff } from './core/fare.ts'
import {
  bikeRewardMs,
  clear,
  feeOf,
  type Judged,
  judgePlace,
  type KeptParking,
  lateFixMs,
  milder,
  nextLookMs,
  type ParkedFix,
  type ParkingPlace,
  putsRight,
  rewardOf,
  riderRewardsMs,
} from './core/parking.ts'
import {
  bestFix,
  clearableHeld,
  closingFix,
  fixBetween,
  nextRideAt,
  rewardsSince,
  saveParking,
  startPlace,
} from './parking-store.ts'
import type { StoredTrip } from './trip-store.ts'
import { settledPrice } from './trip-story-store.ts'

/** How far back a fix is compared with the closing's, to see that it has not jumped. */
const jumpLookMs = 120_000
/** People do not walk faster in a fast city. */
const shortestPutRightRealMs = 300_000

/** A ride that has just ended with its place, and the earlier one that it put right. */
export interface Parked {
  readonly parking: KeptParking
  /** When a better fix is looked for. */
  readonly lookAtMs: EpochMs | null
  readonly cleared: StoredTrip | null
}

/**
 * Where a ride was left, by what its lock said with the closing, and what that is worth. In the caller's transaction; an
 * earlier ride that this one puts right is marked as such.
 */
export async function parkTrip(tx: Queryable, clock: Clock, trip: StoredTrip, tariff: Tariff): Promise<Parked> {
  const { startedAt, endedAt } = trip.facts
  const from = present(startedAt, 'only a ride that began is left somewhere')
  const until = present(endedAt, 'only a ride that ended is left somewhere')
  const nowMs = clock.nowMs()
  const fix = await fixOfRide(tx, trip, from)
  const place = fix === null ? noPlace : await parkingPlaceAt(tx, until, fix)
  const before = fix === null ? null : await fixBetween(tx, trip.lockId, epochMs(fix.atMs - jumpLookMs), fix.atMs)
  const judged = pardoned(trip) ? notKnown : judgePlace(fix, before, place)
  const earlier = await clearableHeld(tx, trip, from)
  const left = earlier === null ? null : await onBill(tx, earlier)
  const right = putsRight(left, { startedAt: from, endedAt: until, verdict: judged.verdict })
  const feeMinor = right === 'tried' ? 0 : feeOf(judged.verdict, tariff)
  const isRewarded = judged.verdict === 'hotspot' && right === 'no' && tariff.hotspotRewardMinor > 0
  const putRightMs = stretched(tariff.putRightMs, shortestPutRightRealMs, clock.speed())
  const parking: KeptParking = {
    ...judged,
    feeMinor,
    rewardMinor: isRewarded && fix !== null ? await rewardFor(tx, trip, tariff, { fix, place, atMs: until }) : 0,
    place: fix === null ? null : { lon: fix.lon, lat: fix.lat, accuracyM: fix.accuracyM, atMs: fix.atMs },
    clearableUntil: feeMinor > 0 && tariff.putRightMs > 0 ? epochMs(nowMs + putRightMs) : null,
    cleared: false,
    clearedMinor: 0,
    putRight: right === 'free',
  }
  const lookAtMs = feeMinor > 0 ? nextLookMs(until, nowMs) : null
  if (!earlier?.parking || (right !== 'free' && right !== 'only_cleared')) return { parking, lookAtMs, cleared: null }
  const put = clear(earlier.parking, earlier.facts.goodwill.givenBackMinor)
  await saveParking(tx, earlier.tripId, put, null)
  return { parking, lookAtMs, cleared: { ...earlier, parking: put } }
}

/** A better fix of the bike where it stands: the trip with what it makes of it, when that is cheaper. */
export async function lookAgain(
  tx: Queryable,
  clock: Clock,
  trip: StoredTrip,
  tariff: Tariff,
): Promise<StoredTrip | null> {
  const { parking: kept, facts, lockId, tripId } = trip
  if (kept === null || facts.endedAt === null) return null
  const nextAt = await nextRideAt(tx, lockId, facts.endedAt)
  const untilMs = Math.min(facts.endedAt + lateFixMs, nextAt ?? Number.POSITIVE_INFINITY)
  const fix = await bestFix(tx, lockId, facts.endedAt, epochMs(untilMs))
  const isBetter = fix !== null && (fix.accuracyM ?? 0) < (kept.place?.accuracyM ?? Number.POSITIVE_INFINITY)
  const judged = isBetter ? judgePlace(fix, null, await parkingPlaceAt(tx, facts.endedAt, fix)) : null
  const { waived } = facts.goodwill
  const next = judged === null ? null : milder(kept, { ...judged, feeMinor: feeOf(judged.verdict, tariff) }, waived)
  const lookAt =
    kept.cleared || nextAt !== null || next?.feeMinor === 0 ? null : nextLookMs(facts.endedAt, clock.nowMs())
  await saveParking(tx, tripId, next ?? kept, lookAt)
  return next === null ? null : { ...trip, parking: next }
}

/** A fee that is not asked any more, by a free exit or by a colleague's word, leaves nothing to put right. */
async function onBill(tx: Queryable, { tripId, parking }: StoredTrip): Promise<KeptParking | null> {
  const price = await settledPrice(tx, tripId)
  return parking === null || price === null ? parking : asBilled(parking, price.lines)
}

const notKnown: Judged = { verdict: 'not_known', zoneName: null }
const noPlace: ParkingPlace = { outside: null, noParking: null, hotspot: null }

/** A ride that a colleague or the lock's fault ended: where it stands is not the rider's doing. */
const pardoned = ({ facts: { endedBy } }: StoredTrip): boolean =>
  endedBy === 'staff' || endedBy === 'lock_will_not_close'

async function fixOfRide(tx: Queryable, { lockId }: StoredTrip, startedAt: EpochMs): Promise<ParkedFix | null> {
  return closingFix(tx, lockId, startedAt, await nextRideAt(tx, lockId, startedAt))
}

/** What leaving this trip's bike at the hotspot there is worth. */
export async function rewardFor(
  tx: Queryable,
  trip: Pick<StoredTrip, 'tripId' | 'riderId' | 'bikeId'>,
  tariff: Tariff,
  at: { readonly fix: ParkedFix; readonly place: ParkingPlace; readonly atMs: EpochMs },
): Promise<number> {
  const { fix, place, atMs } = at
  if (place.hotspot === null) return 0
  const start = await startPlace(tx, trip.tripId)
  const startZone = start === null ? null : (await parkingPlaceAt(tx, atMs, start)).hotspot
  const startRoom = startZone === null ? null : await roomAt(tx, atMs, startZone.zoneId, trip.bikeId)
  const room = await roomAt(tx, atMs, place.hotspot.zoneId, trip.bikeId)
  const rewards = await rewardsSince(tx, trip, { riderMs: atMs - riderRewardsMs, bikeMs: atMs - bikeRewardMs })
  return rewardOf(
    {
      // Without this bike it is full still: it had one too many.
      beganWhereNeeded: startRoom !== null && startRoom.bikes < startRoom.most,
      movedM: start === null ? null : distanceM(start, fix),
      hasRoom: room !== null && room.bikes < room.most,
      riderRewards: rewards.rider,
      bikeRewards: rewards.bike,
    },
    tariff,
  )
}
