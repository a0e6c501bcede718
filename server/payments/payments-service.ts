import { assert, present } from '../../contracts/assert.ts'
import type { PaymentMethods } from '../../contracts/http/payments.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { largestAmountMinor, type MinorUnits, minor, realMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import { createAdvancer, pollWaitMs } from './advance-payment.ts'
import { mayCapture } from './core/payment-claims.ts'
import { paymentIdOfKey } from './core/payment-keys.ts'
import type { Payment } from './core/payment-machine.ts'
import { createDebtPromises, type DebtPromises } from './debt-promises.ts'
import { createEffects } from './payment-effects.ts'
import type { PaymentsDeps } from './payments-deps.ts'
import {
  claimPoll,
  holdPaymentRow,
  isInDebt,
  paymentsToPoll,
  promisesToExpire,
  readPayment,
  type StoredPayment,
  storeMessage,
} from './payments-store.ts'
import { createPromises, type Promises } from './promises.ts'
import { type Notification, ProviderFault, type WebhookAnswer } from './providers/payment-provider.ts'

/** One look of the poller; what is left waits for the next. */
const expireBatch = 50
const pollBatch = 20

export interface Payments extends Promises, DebtPromises {
  readonly methods: PaymentMethods['methods']
  /** In the caller's transaction: the trip now relies on this promise. */
  attach(
    tx: Queryable,
    wanted: { readonly paymentId: string; readonly riderId: string; readonly tripId: string },
  ): Promise<Refusal | { readonly currency: string; readonly heldMinor: MinorUnits }>
  /** In the caller's transaction: the ride is over and costs this. Wake the outbox after the commit. */
  settle(
    tx: Queryable,
    ride: {
      readonly paymentId: string
      readonly tripId: string
      readonly totalMinor: number
      readonly vatPercent: number
      readonly reason: string
    },
  ): Promise<void>
  /** In the caller's transaction: the ride did not happen. Wake the outbox after the commit. */
  release(tx: Queryable, ride: { readonly paymentId: string; readonly reason: string }): Promise<void>
  /** In the caller's transaction: a later, lower price. What was already taken too much goes back. */
  adjust(
    tx: Queryable,
    ride: {
      readonly paymentId: string
      readonly tripId: string
      readonly newTotalMinor: number
      readonly reason: string
      /** The colleague's act that it comes from. */
      readonly actId?: string
    },
  ): Promise<void>
  /** In the caller's transaction: staff let a debt go; it is written off. */
  forgiveDebt(tx: Queryable, debt: { readonly paymentId: string; readonly reason: string }): Promise<void>
  /**
   * What has become of a trip's payment, its row held: whoever decides on it next waits. Taken and given back include
   * what another payment took for its debt.
   */
  factsHeld(tx: Queryable, paymentId: string): Promise<Payment>
  riderInDebt(riderId: string): Promise<boolean>
  /** A provider's message, as it came. Stored and answered at once, applied by the outbox. */
  handleNotification(
    providerId: string,
    body: Uint8Array,
    headers: Readonly<Record<string, unknown>>,
  ): Promise<WebhookAnswer>
  /** Ends promises whose time is over and asks about payments that are due. Returns how many it looked at. */
  pollDue(): Promise<number>
}

export function createPayments(deps: PaymentsDeps): Payments {
  const { db, clock, provider } = deps
  const advancer = createAdvancer(deps)
  const effects = createEffects(deps, advancer)
  const promises = createPromises(deps, advancer, effects)
  const debts = createDebtPromises(deps, advancer, promises)

  const attach: Payments['attach'] = async (tx, { paymentId, riderId, tripId }) => {
    const stored = await holdPaymentRow(tx, paymentId)
    if (stored?.riderId !== riderId || stored.debt !== null) return refuse('promise_missing')
    if (stored.tripId !== tripId) {
      const refusal = attachRefusal(stored, clock.nowMs())
      if (refusal) return refusal
      await advancer.advance(tx, stored, { kind: 'attach' }, { tripId })
    }
    return { currency: stored.currency, heldMinor: stored.payment.heldMinor }
  }

  const settle: Payments['settle'] = async (tx, { paymentId, tripId, totalMinor, vatPercent, reason }) => {
    const stored = await ofTrip(tx, paymentId, tripId)
    await advancer.advance(tx, stored, { kind: 'settle', totalMinor: amount(totalMinor) }, { vatPercent, reason })
  }

  const adjust: Payments['adjust'] = async (tx, { paymentId, tripId, newTotalMinor, ...why }) => {
    const stored = await ofTrip(tx, paymentId, tripId)
    await advancer.advance(tx, stored, { kind: 'adjust', totalMinor: amount(newTotalMinor) }, why)
  }

  const release: Payments['release'] = async (tx, { paymentId, reason }) => {
    await advancer.advance(tx, await existing(tx, paymentId), { kind: 'release_asked' }, { reason })
  }

  const forgiveDebt: Payments['forgiveDebt'] = async (tx, { paymentId, reason }) => {
    await advancer.advance(tx, await existing(tx, paymentId), { kind: 'debt_forgiven' }, { reason })
  }

  const handleNotification: Payments['handleNotification'] = async (providerId, body, headers) => {
    const message = readMessage(providerId, body, headers)
    if (!message) return provider.acknowledge(false)
    const paymentId = paymentIdOfKey(message.ourKey)
    const stored = paymentId === null ? null : await readPayment(db, paymentId)
    if (stored && message.amountMinor !== amountWeKnow(stored, message)) {
      deps.metrics?.count('message_refused')
      deps.logger.error({ paymentId, eventId: message.eventId }, 'a notification names another amount')
      return provider.acknowledge(false)
    }
    await db.transaction(async (tx) => {
      const isNew = await storeMessage(tx, provider.id, { eventId: message.eventId, body }, clock.realNowMs())
      if (!isNew || !stored) return
      const effect = { paymentId: stored.paymentId, provider: provider.id, eventId: message.eventId }
      await deps.outbox.put(tx, 'payment.message', effect)
    })
    deps.outbox.wake()
    return provider.acknowledge(true)
  }

  function readMessage(
    providerId: string,
    body: Uint8Array,
    headers: Readonly<Record<string, unknown>>,
  ): Notification | null {
    if (providerId !== provider.id) return null
    try {
      return provider.notification({ headers, body })
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error
      deps.metrics?.count('message_refused')
      deps.logger.warn({ provider: provider.id, why: error.providerCode }, 'a notification was refused')
      return null
    }
  }

  const pollDue: Payments['pollDue'] = async () => {
    const over = await promisesToExpire(db, clock.nowMs(), expireBatch)
    for (const paymentId of over) await advancer.advanceNow(paymentId, { kind: 'expiry_tick' })
    const due = await paymentsToPoll(db, clock.realNowMs(), pollBatch)
    await Promise.all(due.map(({ paymentId, polls }) => pollOne(paymentId, polls)))
    return over.length + due.length
  }

  async function pollOne(paymentId: string, polls: number): Promise<void> {
    const nowMs = clock.realNowMs()
    const turn = { realMs: nowMs, notSinceMs: nowMs, nextPollMs: realMs(nowMs + pollWaitMs(polls)) }
    if (!(await claimPoll(db, paymentId, turn))) return
    const stored = present(await readPayment(db, paymentId), 'a payment that is polled exists')
    try {
      if (stored.payment.status === 'debt' && mayCapture(stored.payment)) await effects.performCapture(paymentId, true)
      else await effects.fetchAndApply(stored)
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error
      deps.metrics?.count('provider_unknown')
      deps.logger.warn({ paymentId, polls, why: error.providerCode }, 'the provider did not tell, asking again later')
    }
  }

  return {
    ...promises,
    ...debts,
    // A provider that can hold nothing is no way to pay.
    methods:
      provider.currencies.length === 0
        ? []
        : [{ provider: provider.id, name: provider.name, ways: [...provider.ways] }],
    attach,
    settle,
    release,
    adjust,
    forgiveDebt,
    factsHeld: async (tx, paymentId) => withElsewhere((await existing(tx, paymentId)).payment),
    riderInDebt: (riderId) => isInDebt(db, riderId),
    handleNotification,
    pollDue,
  }
}

function attachRefusal(stored: StoredPayment, cityMs: number): Refusal | null {
  const { status, attached } = stored.payment
  if (status === 'hold_pending' && !attached) return refuse('promise_not_held')
  if (status === 'failed') return refuse('payment_declined')
  if (status !== 'held' || attached || stored.expiresAtMs <= cityMs) return refuse('promise_missing')
  return null
}

const withElsewhere = (payment: Payment): Payment => ({
  ...payment,
  capturedMinor: minor(payment.capturedMinor + payment.elsewhereMinor),
  refundAskedMinor: minor(payment.refundAskedMinor + payment.elsewhereBackMinor),
  refundedMinor: minor(payment.refundedMinor + payment.elsewhereBackMinor),
})

/** A price that another room made: checked, since everything after it is money. */
function amount(value: number): MinorUnits {
  assert(Number.isSafeInteger(value) && value >= 0 && value <= largestAmountMinor, 'a price is a whole amount in range')
  return minor(value)
}

const amountWeKnow = (stored: StoredPayment, message: Notification): MinorUnits | null =>
  message.about === 'hold' ? stored.payment.heldMinor : stored.payment.captureMinor

const existing = async (tx: Queryable, paymentId: string): Promise<StoredPayment> =>
  present(await holdPaymentRow(tx, paymentId), 'a payment that is spoken of exists')

async function ofTrip(tx: Queryable, paymentId: string, tripId: string): Promise<StoredPayment> {
  const stored = await existing(tx, paymentId)
  assert(stored.tripId === tripId, 'a trip is settled on its own payment')
  return stored
}
