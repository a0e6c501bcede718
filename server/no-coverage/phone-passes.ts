import { present } from '../../contracts/assert.ts'
import type { PhonePass } from '../../contracts/http/no-coverage.ts'
import type { RiderId, TripId } from '../../contracts/ids.ts'
import { mostCodes } from '../../contracts/no-coverage-words.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { isActive } from '../trips/core/trip-machine.ts'
import type { HeldTrip } from '../trips/trips-service.ts'
import { lockHeld } from './grant-store.ts'
import { insertKey, keyOfTrip } from './key-store.ts'
import type { NoCoverageDeps } from './no-coverage-service.ts'
import { macsInUse, type PhoneMacs } from './phone-macs.ts'

/** A key is good for the longest pause. */
const keyLifeMs = 86_400_000
const keyBeforeMs = 300_000
const secondMs = 1_000

/** What a ride's phone keeps for a time without network. */
export function createPhonePasses(
  deps: Pick<NoCoverageDeps, 'db' | 'clock' | 'ids' | 'keys' | 'trips' | 'nextCounter' | 'count'>,
) {
  const { db, clock, ids, trips, count } = deps
  const macsOf = macsInUse(deps.keys)

  /** How this ride's phone finds its lock, and once the ride runs the key and the codes to it. Asked again, the same. */
  async function passFor(riderId: RiderId, tripId: TripId): Promise<PhonePass | Refusal> {
    return db.transaction(async (tx) => {
      const trip = await trips.ownHeld(tx, riderId, tripId)
      if (trip === null) return refuse('not_found')
      const { state } = trip.facts
      if (!isActive(state)) return refuse('trip_wrong_state')
      const lock = await lockHeld(tx, trip.lockId)
      const macs = lock && macsOf(trip.lockId, lock, lock.keyVersion)
      if (!macs) return refuse('not_found')
      const advertisedAs = macs.advertisedAs(clock.nowMs())
      // Never for a ride that has not begun: nobody opens an unpaid bike with a code.
      if (state !== 'riding' && state !== 'paused') return { tripId, advertisedAs, key: null, codes: [] }
      const kept = await keyOfTrip(tx, tripId, trip.lockId, clock.nowMs())
      // A lock that was given new secrets meanwhile knows nothing of a key by its old ones.
      const key = kept !== null && macs.key(kept).m === kept.m ? kept : await makeKey(tx, trip, macs)
      return { tripId, advertisedAs, key, codes: macs.codes(key) }
    })
  }

  async function makeKey(tx: Queryable, { tripId, lockId }: HeldTrip, macs: PhoneMacs) {
    const nowMs = clock.nowMs()
    const expiresAt = epochMs(nowMs + keyLifeMs)
    const counted = present(await deps.nextCounter(tx, lockId), 'a lock whose row is held counts')
    const key = macs.key({
      ...{ id: ids.uuid(), s: counted.counter, c: mostCodes, ops: ['pause', 'resume', 'end'] },
      ...{ nbf: Math.floor((nowMs - keyBeforeMs) / secondMs), exp: Math.floor(expiresAt / secondMs) },
    })
    await insertKey(tx, { key, tripId, lockId, issuedAt: nowMs, expiresAt })
    count('key_issued')
    return key
  }

  return { passFor }
}
