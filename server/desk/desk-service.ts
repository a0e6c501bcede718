import type { FleetAlarms, FleetTrips, Found } from '../../contracts/http/desk.ts'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import type { Fleet } from '../fleet/fleet-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { readQuery } from './core/read-query.ts'
import { numberOfBike, openAlarms, ridesSince, tripNamed } from './desk-store.ts'

/** What the desk's list needs besides the live frames, and what a search finds. */
export interface Desk {
  trips(): Promise<FleetTrips>
  alarms(): Promise<FleetAlarms>
  find(query: string): Promise<Found>
}

/** However many desks ask: made once in so long, real time. */
const tripsKeptMs = 5_000
const alarmsKeptMs = 500

export function createDesk(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly fleet: Pick<Fleet, 'bikeByCode' | 'bikeOfLock'>
}): Desk {
  const { db, clock, fleet } = deps

  async function bikeHit(bikeId: BikeId | string | null): Promise<Found['hits']> {
    const bikeNumber = bikeId === null ? null : await numberOfBike(db, bikeId)
    return bikeId === null || bikeNumber === null ? [] : [{ kind: 'bike', bikeId, bikeNumber, tripId: null }]
  }

  async function find(query: string): Promise<Found> {
    const names = readQuery(query)
    const trip =
      names.uuid !== null
        ? await tripNamed(db, { tripId: names.uuid })
        : names.receipt !== null
          ? await tripNamed(db, { receipt: names.receipt })
          : null
    if (trip !== null) return { hits: [{ kind: 'trip', ...trip }] }
    const coded = names.code === null ? null : fleet.bikeByCode(names.code)
    if (coded !== null) return { hits: await bikeHit(coded.bikeId) }
    const ofLock = names.lockId === null ? null : fleet.bikeOfLock(asId<LockId>(names.lockId))
    return { hits: await bikeHit(ofLock ?? names.uuid) }
  }

  return {
    trips: kept(tripsKeptMs, clock, async () => {
      const rides = await ridesSince(db)
      return { slot: rides.map(({ slot }) => slot), since: rides.map(({ since }) => since) }
    }),
    alarms: kept(alarmsKeptMs, clock, async () => {
      const open = await openAlarms(db)
      const kinds = [...new Set(open.map(({ kind }) => kind))].sort()
      return { kinds, alarms: open.map(({ slot, kind }) => ({ slot, kind: kinds.indexOf(kind) })) }
    }),
    find,
  }
}

/** The answer of a little while ago, and one making of it at a time. */
function kept<T>(forMs: number, clock: Pick<Clock, 'realNowMs'>, make: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null
  let madeAtMs = 0
  return () => {
    const nowMs = clock.realNowMs()
    if (answer !== null && nowMs - madeAtMs < forMs) return answer
    const made = make()
    answer = made
    madeAtMs = nowMs
    made.catch(() => {
      if (answer === made) answer = null
    })
    return made
  }
}
