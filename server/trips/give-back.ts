import { assert, present } from '../../contracts/assert.ts'
import type { PaymentId, StaffId, TripId } from '../../contracts/ids.ts'
import { minor } from '../../contracts/units.ts'
import type { Payment } from '../payments/core/payment-machine.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { goodwillWith, type WaivableLine } from './core/fare.ts'
import type { TripEvent } from './core/trip-machine.ts'
import type { AfterCommit } from './trip-mover.ts'
import { type SettledPrice, type StoredTrip, settledTotal, tripHeld, tripWithPayment } from './trip-store.ts'
import { insertAct, settledPrice } from './trip-story-store.ts'

export interface GivingBackDeps {
  readonly clock: Clock
  readonly trips: { advance(tx: Queryable, trip: StoredTrip, event: TripEvent): Promise<AfterCommit> }
  readonly payments: { factsHeld(tx: Queryable, paymentId: PaymentId): Promise<Payment> }
}

/** A trip with its money, both held: in the order in which money moves. */
export interface TripHeldWithMoney {
  readonly trip: StoredTrip
  readonly payment: Payment
  /** Null before it was priced. */
  readonly price: SettledPrice | null
}

export interface GiveBackOrder {
  /** Of the appeal that it comes from: it happens once. */
  readonly actId: string
  readonly amountMinor: number
  /** Lines that this amount stands for: they are dropped, so that nothing else gives them back again. */
  readonly waived: readonly WaivableLine[]
  /** Null: nobody decided it, a deadline did. */
  readonly by: { readonly staffId: StaffId; readonly reason: string } | null
}

export interface GivingBack {
  /** Null: there is no such trip. */
  hold(tx: Queryable, tripId: TripId): Promise<TripHeldWithMoney | null>
  /** In the same transaction: less is due from now on, what was taken of it goes back. At most what is due. */
  giveBack(tx: Queryable, held: TripHeldWithMoney, order: GiveBackOrder): Promise<void>
}

/** Money of a ride goes back in somebody else's transaction, by the same event as a colleague's own act. */
export function createGivingBack({ clock, trips, payments }: GivingBackDeps): GivingBack {
  return {
    hold: async (tx, tripId) => {
      const paymentId = await tripWithPayment(tx, tripId)
      if (paymentId === null) return null
      const payment = await payments.factsHeld(tx, paymentId)
      const trip = present(await tripHeld(tx, tripId), 'a trip stays')
      return { trip, payment, price: await settledPrice(tx, tripId) }
    },
    giveBack: async (tx, { trip, payment, price }, { actId, amountMinor, waived, by }) => {
      const { tripId } = trip
      const { endedAt, pausedMs } = trip.facts
      assert(endedAt !== null, 'only a ride that is over gives money back')
      assert(amountMinor > 0 && amountMinor <= payment.dueMinor, 'no more goes back than is due')
      const totalBefore = await settledTotal(tx, tripId)
      const dueMinor = minor(payment.dueMinor - amountMinor)
      const goodwill = goodwillWith(trip.facts.goodwill, { amountMinor, waived }, price?.lines ?? [])
      afterCommit(
        tx,
        await trips.advance(tx, trip, { kind: 'staff_repriced', actId, endedAt, pausedMs, goodwill, dueMinor }),
      )
      if (by === null) return
      await insertAct(tx, {
        ...{ actId, tripId, ...by, act: 'refund', asked: { kind: 'refund', appeal: true, amountMinor } },
        result: {
          ...{ totalBefore, totalAfter: await settledTotal(tx, tripId) },
          ...{ endedAt: null, allowedUntil: null },
        },
        at: clock.nowMs(),
        realMs: clock.realNowMs(),
      })
    },
  }
}
