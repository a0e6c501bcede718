import { present } from '../../contracts/assert.ts'
import type { Debts, PromiseView } from '../../contracts/http/payments.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { isUniqueViolation, type Queryable } from '../platform/database.ts'
import type { PaymentAdvancer } from './advance-payment.ts'
import { owedMinor } from './core/payment-claims.ts'
import { debtsOf, openTryOf, paymentOfOwnTrip } from './debts-store.ts'
import type { PaymentsDeps } from './payments-deps.ts'
import { holdOpenPromiseRow, holdPaymentRow, type StoredPayment } from './payments-store.ts'
import type { OpenPromise, PromisePieces } from './promises.ts'

export interface DebtPromises {
  /** What the rider owes for earlier rides, oldest first; at most 20. */
  debtsOf(riderId: string): Promise<Debts['debts']>
  /**
   * A payment of its own for what is owed for one trip: a hold of just that amount, taken at once when it is held.
   * Refuses `not_found` for another rider's trip, `no_debt` when nothing is owed, `payment_declined`, `payment_unavailable`.
   */
  openDebtPromise(
    riderId: string,
    wanted: Omit<OpenPromise, 'amountMinor' | 'currency'> & { readonly tripId: string },
  ): Promise<PromiseView | Refusal>
}

export function createDebtPromises(
  deps: PaymentsDeps,
  advancer: PaymentAdvancer,
  promises: PromisePieces,
): DebtPromises {
  const { db } = deps

  const openDebtPromise: DebtPromises['openDebtPromise'] = async (riderId, { tripId, ...wanted }) => {
    const payment = await paymentOfOwnTrip(db, riderId, tripId)
    if (payment === null) return refuse('not_found')
    if (!payment.isDebt) return refuse('no_debt')
    const debtId = payment.paymentId
    const no = promises.noWayFor(wanted)
    if (no) return no
    const once = () => db.transaction((tx) => tryIn(tx, riderId, debtId, { tripId, ...wanted }))
    let tried: StoredPayment | Refusal
    try {
      tried = await once()
    } catch (error) {
      // Two requests at once: one made the try, this one finds it.
      if (!isUniqueViolation(error, 'payment_one_try_per_debt')) throw error
      tried = await once()
    }
    return isRefusal(tried) ? tried : promises.show(tried, wanted)
  }

  async function tryIn(
    tx: Queryable,
    riderId: string,
    debtId: string,
    wanted: Omit<OpenPromise, 'amountMinor' | 'currency'> & { readonly tripId: string },
  ): Promise<StoredPayment | Refusal> {
    // Rows are held in one order everywhere: what pays, then the debt.
    const openId = await openTryOf(tx, debtId)
    const open = openId === null ? null : await holdPaymentRow(tx, openId)
    const debt = present(await holdPaymentRow(tx, debtId), 'a debt exists')
    const owed = owedMinor(debt.payment)
    if (owed === 0) return refuse('no_debt')
    const kept = open === null ? null : await promises.reuse(tx, open, wanted)
    if (kept) return kept
    // A promise for a next ride holds money that this rider may need now.
    const unused = await holdOpenPromiseRow(tx, riderId)
    if (unused) await advancer.advance(tx, unused, { kind: 'release_asked' })
    const { currency } = debt
    const fresh = await promises.insert(tx, riderId, {
      ...wanted,
      ...{ amountMinor: owed, currency, debt: { paymentId: debtId, tripId: wanted.tripId } },
    })
    await advancer.advance(tx, debt, { kind: 'other_begun' })
    return fresh
  }

  return { debtsOf: (riderId) => debtsOf(db, riderId), openDebtPromise }
}
