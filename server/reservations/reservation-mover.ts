import type { Logger } from 'pino'
import type { BikeId, BikeNumber, RiderId, TripId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import type { RefusalCode } from '../../contracts/refusals.ts'
import type { Position } from '../../contracts/units.ts'
import type { HeldBike } from '../fleet/bike-custody.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { type Reservation, type ReservationEvent, stepReservation } from './core/reservation-machine.ts'
import { type StoredReservation, saveReservation } from './reservation-store.ts'

/** A bike as it is known now; `refusal`: why nobody may rent it. */
export interface BikeToReserve {
  readonly bikeId: BikeId
  readonly number: BikeNumber
  readonly model: string
  readonly batteryPercent: number
  readonly position: Position | null
  readonly refusal: RefusalCode | null
}

export interface ReservationsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly fleet: {
    readonly byCode: (codeOrNumber: string) => BikeToReserve | null
    readonly byId: (bikeId: BikeId) => BikeToReserve | null
    readonly hold: (tx: Queryable, bikeId: BikeId) => Promise<readonly HeldBike[]>
  }
  readonly riderBlocked: (riderId: RiderId) => Promise<boolean>
  readonly riderInDebt: (riderId: RiderId) => Promise<boolean>
  readonly activeTripOf: (riderId: RiderId) => Promise<TripId | null>
  readonly tellDesk: (event: DeskEvent) => void
  /** Told after the commit. */
  readonly onChanged: (change: ReservationChange) => void
}

export interface ReservationChange {
  readonly reservationId: string
  readonly riderId: RiderId
  readonly isOpen: boolean
}

export type ReservationMover = ReturnType<typeof createReservationMover>

/** The one place where a reservation changes. */
export function createReservationMover({ clock, logger, fleet, tellDesk, onChanged }: ReservationsDeps) {
  /** `held` is held by `tx`. */
  async function step(
    tx: Queryable,
    held: StoredReservation,
    event: ReservationEvent,
    tripId: TripId | null = null,
  ): Promise<Reservation> {
    const { state: facts, effects } = stepReservation(held.facts, event)
    if (facts === held.facts) return facts
    await saveReservation(tx, { ...held, facts }, facts.state === 'used' ? tripId : null)
    for (const { kind } of effects) {
      switch (kind) {
        case 'bike_free':
          afterCommit(tx, () => {
            tellDesk({ kind: 'bike', bikeId: held.bikeId })
            onChanged({ reservationId: held.reservationId, riderId: held.riderId, isOpen: false })
          })
      }
    }
    const { reservationId, bikeId } = held
    const { state, reason, isUnused } = facts
    logger.info({ reservationId, bikeId, state, reason, isUnused }, 'a reservation has ended')
    return facts
  }

  const fails = (bikeId: BikeId): boolean => {
    const bike = fleet.byId(bikeId)
    return bike === null || bike.refusal !== null
  }

  const look = (tx: Queryable, held: StoredReservation) =>
    step(tx, held, { kind: 'tick', nowMs: clock.nowMs(), bikeFails: fails(held.bikeId) })

  return { step, look, fails }
}
