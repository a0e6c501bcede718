import type { RiderId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { afterCommit } from '../platform/after-commit.ts'
import { stretched } from '../platform/clock.ts'
import { isUniqueViolation, type Queryable } from '../platform/database.ts'
import { decideReservation, type NotNow, vainCountsMs } from './core/decide-reservation.ts'
import { newReservation, reservationMs } from './core/reservation-machine.ts'
import type { BikeToReserve, ReservationMover, ReservationsDeps } from './reservation-mover.ts'
import { bikeOfPublicId, insertReservation, openHeld, type StoredReservation, vainOf } from './reservation-store.ts'

/** Under a fast clock there is still so much real time to walk, or to read what the page says. */
const shortestReservationRealMs = 120_000

interface Reserved {
  readonly made: StoredReservation
  readonly bike: BikeToReserve
}

/** Keeps a bike for a rider; the one that this rider has of it already is answered again. */
export function createReserve(deps: ReservationsDeps, { look }: Pick<ReservationMover, 'look'>) {
  const { db, clock, ids, logger, fleet } = deps

  async function find(text: string): Promise<BikeToReserve | null> {
    const byCode = fleet.byCode(text)
    if (byCode) return byCode
    const bikeId = await bikeOfPublicId(db, text)
    return bikeId && fleet.byId(bikeId)
  }

  async function reserve(riderId: RiderId, text: string): Promise<Reserved | Refusal> {
    const bike = await find(text)
    if (bike === null) return refuse('bike_unknown')
    const [riderBlocked, riderInDebt, trip] = await Promise.all([
      deps.riderBlocked(riderId),
      deps.riderInDebt(riderId),
      deps.activeTripOf(riderId),
    ])
    try {
      const reserved = await db.transaction((tx) =>
        reserveIn(tx, riderId, bike, { riderBlocked, riderInDebt, riderHasTrip: trip !== null }),
      )
      return isRefusal(reserved) ? reserved : { made: reserved, bike }
    } catch (error) {
      if (isUniqueViolation(error, 'reservation_one_open_per_bike')) return refuse('bike_reserved')
      if (isUniqueViolation(error, 'reservation_one_open_per_rider')) return refuse('reservation_open')
      throw error
    }
  }

  /** Holds the bike's row first: a trip, a crew and another reservation come one after the other. */
  async function reserveIn(
    tx: Queryable,
    riderId: RiderId,
    { bikeId, refusal }: BikeToReserve,
    rider: { readonly riderBlocked: boolean; readonly riderInDebt: boolean; readonly riderHasTrip: boolean },
  ): Promise<StoredReservation | Refusal> {
    const [held] = await fleet.hold(tx, bikeId)
    if (!held) return refuse('bike_unknown')
    const open: StoredReservation[] = []
    for (const one of await openHeld(tx, [bikeId], riderId)) {
      if ((await look(tx, one)).state === 'open') open.push(one)
    }
    const same = open.find((one) => one.bikeId === bikeId && one.riderId === riderId)
    if (same) return same
    const nowMs = clock.nowMs()
    const no = decideReservation(
      {
        ...rider,
        riderHasReservation: open.some((one) => one.riderId === riderId),
        bikeInUse: held.inUse,
        bikeReserved: open.some((one) => one.bikeId === bikeId),
        bikeRefusal: held.custody === null ? refusal : 'bike_being_moved',
        bikeId,
        vain: await vainOf(tx, riderId, nowMs - 2 * vainCountsMs),
      },
      nowMs,
    )
    if (no) return refusalOf(no)
    const lifetimeMs = stretched(reservationMs, shortestReservationRealMs, clock.speed())
    const made = { reservationId: ids.uuid(), riderId, bikeId, facts: newReservation(nowMs, lifetimeMs) }
    await insertReservation(tx, made)
    afterCommit(tx, () => {
      deps.tellDesk({ kind: 'bike', bikeId })
      deps.onChanged({ reservationId: made.reservationId, riderId, isOpen: true })
    })
    logger.info({ reservationId: made.reservationId, bikeId }, 'a bike is reserved')
    return made
  }

  return reserve
}

const refusalOf = ({ code, until }: NotNow): Refusal =>
  until === null ? refuse(code) : refuse(code, new Date(until).toISOString())
