import type { ReservationView } from '../../contracts/http/reservations.ts'
import type { BikeId, RiderId, TripId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { stretched } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { stepReservation } from './core/reservation-machine.ts'
import {
  type BikeToReserve,
  createReservationMover,
  type ReservationChange,
  type ReservationsDeps,
} from './reservation-mover.ts'
import {
  newestOf,
  openHeld,
  openOnes,
  reservationHeld,
  reservedBy,
  type StoredReservation,
} from './reservation-store.ts'
import { viewReservation } from './reservation-view.ts'
import { createReserve } from './reserve-bike.ts'

/** City time for which a rider is told that the reservation has ended. */
const endToldMs = 600_000
const shortestEndToldRealMs = 60_000
const lookedAtPerTick = 500

export type Reservations = ReturnType<typeof createReservations>

/** Bikes that are kept for riders who are on their way to them. `db` is opened `withAfterCommit`. */
export function createReservations(deps: ReservationsDeps) {
  const { db, clock, logger, fleet } = deps

  const { step, look, fails } = createReservationMover(deps)

  const view = (one: StoredReservation, bike: BikeToReserve) => viewReservation(one, bike, clock)
  const reserve = createReserve(deps, { look })

  /** The open one; or for some minutes the last one, when it ended without the rider's doing. */
  async function current(riderId: RiderId): Promise<ReservationView | null> {
    const newest = await newestOf(db, riderId)
    const bike = newest && fleet.byId(newest.bikeId)
    if (!newest || !bike) return null
    const nowMs = clock.nowMs()
    const { state: facts } = stepReservation(newest.facts, { kind: 'tick', nowMs, bikeFails: false })
    const { state, reason, endedAt } = facts
    const isNews = state === 'expired' || reason === 'crew' || reason === 'out_of_service'
    const toldMs = stretched(endToldMs, shortestEndToldRealMs, clock.speed())
    const isShown = state === 'open' || (isNews && nowMs < (endedAt ?? 0) + toldMs)
    return isShown ? view({ ...newest, facts }, bike) : null
  }

  /** In the caller's transaction: how many of the rider's own were open. */
  async function cancelIn(tx: Queryable, riderId: RiderId): Promise<number> {
    const held = await openHeld(tx, [], riderId)
    for (const mine of held) {
      await step(tx, mine, { kind: 'rider_cancels', nowMs: clock.nowMs(), bikeFails: fails(mine.bikeId) })
    }
    return held.length
  }

  const cancel = (riderId: RiderId): Promise<Refusal | null> =>
    db.transaction(async (tx) => ((await cancelIn(tx, riderId)) === 0 ? refuse('not_found') : null))

  /** Ends what is over, and what became of no use: its bike may not be ridden any more. */
  async function tick(): Promise<void> {
    const nowMs = clock.nowMs()
    for (const { reservationId, bikeId, facts } of await openOnes(db, lookedAtPerTick)) {
      const isOut = fleet.byId(bikeId)?.refusal === 'bike_out_of_service'
      if (nowMs < facts.expiresAt && !isOut) continue
      try {
        await db.transaction(async (tx) => {
          const held = await reservationHeld(tx, reservationId)
          if (!held) return
          if (isOut) await step(tx, held, { kind: 'taken_back', by: 'out_of_service', nowMs })
          else await look(tx, held)
        })
      } catch (error) {
        // One reservation must not keep the others waiting.
        logger.error({ err: error, reservationId }, 'a reservation could not be looked at, will be tried again')
      }
    }
  }

  return {
    reserve: async (riderId: RiderId, text: string): Promise<ReservationView | Refusal> => {
      const reserved = await reserve(riderId, text)
      return isRefusal(reserved) ? reserved : view(reserved.made, reserved.bike)
    },
    current,
    cancel,
    /** In the transaction in which the rider's account ends. */
    riderLeaves: async (tx: Queryable, riderId: RiderId): Promise<void> => void (await cancelIn(tx, riderId)),
    tick,
    /** Those that are open, for a process that has just begun. */
    open: async (): Promise<readonly ReservationChange[]> =>
      (await openOnes(db, lookedAtPerTick)).map(({ reservationId, riderId }) => ({
        reservationId,
        riderId,
        isOpen: true,
      })),
    /** Who has a bike reserved now. */
    reservedBy: (bikeId: BikeId, from: Queryable = db) => reservedBy(from, bikeId, clock.nowMs()),
    /**
     * In the transaction in which a trip begins, after its row is in: that row waits for whoever holds the bike. Uses
     * up the rider's own reservation, or ends it when it was for another bike. False: somebody else has this one.
     */
    tripBegins: async (
      tx: Queryable,
      trip: { readonly tripId: TripId; readonly riderId: RiderId; readonly bikeId: BikeId },
    ): Promise<boolean> => {
      const nowMs = clock.nowMs()
      let isFree = true
      for (const one of await openHeld(tx, [trip.bikeId], trip.riderId)) {
        const isThisBike = one.bikeId === trip.bikeId
        if (one.riderId === trip.riderId) await step(tx, one, { kind: 'trip_begun', isThisBike, nowMs }, trip.tripId)
        else if ((await look(tx, one)).state === 'open') isFree = false
      }
      return isFree
    },
    /** In the transaction in which a crew or a colleague takes these bikes; they go first. */
    takenBack: async (tx: Queryable, bikeIds: readonly string[], by: 'crew' | 'out_of_service'): Promise<void> => {
      const nowMs = clock.nowMs()
      for (const one of await openHeld(tx, bikeIds, null)) await step(tx, one, { kind: 'taken_back', by, nowMs })
    },
  }
}
