import type { Logger } from 'pino'
import type { PaymentStatus } from '../../contracts/http/payments.ts'
import type { RiderId, TripId } from '../../contracts/ids.ts'
import type { MinorUnits } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { Outbox } from '../platform/outbox.ts'
import type { SettledOutcome } from './core/payment-machine.ts'
import type { PaymentProvider } from './providers/payment-provider.ts'

export interface PaymentsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly outbox: Outbox
  readonly provider: PaymentProvider
  /** Where this server is reached from outside, without a slash at its end: for notifications and the way back. */
  readonly publicUrl: string
  readonly logger: Logger
  /** The ride that a rider has now; not one that leaves its rider free for another. */
  readonly activeTripOf: (riderId: RiderId) => Promise<TripId | null>
  /**
   * Told in the transaction that stores what became of a trip's money. `debt` may later be followed by `captured` or
   * `released`. That transaction is the caller's own when `adjust` or `forgiveDebt` ends a debt.
   */
  readonly onSettled: (tx: Queryable, settled: Settled) => Promise<void>
  readonly metrics?: PaymentMetrics
  /** Told in the transaction in which a payment came into another state; tell the world after the commit. */
  readonly onMoved?: (
    tx: Queryable,
    moved: { readonly paymentId: string; readonly tripId: string | null; readonly status: PaymentStatus },
  ) => Promise<void>
}

export interface Settled {
  readonly paymentId: string
  readonly tripId: string
  readonly outcome: SettledOutcome
  readonly capturedMinor: MinorUnits
}

export type CountedPaymentEvent =
  | SettledOutcome
  | 'held'
  | 'failed'
  | 'refunded'
  | 'suspect'
  | 'provider_unknown'
  | 'message_refused'

export interface PaymentMetrics {
  count(event: CountedPaymentEvent): void
}
