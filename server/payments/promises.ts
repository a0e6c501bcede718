import type { PromiseView } from '../../contracts/http/payments.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs, type MinorUnits, realMs } from '../../contracts/units.ts'
import { stretched } from '../platform/clock.ts'
import { isUniqueViolation, type Queryable } from '../platform/database.ts'
import { type PaymentAdvancer, pollWaitMs } from './advance-payment.ts'
import { holdKeyOf } from './core/payment-keys.ts'
import { newPayment } from './core/payment-machine.ts'
import type { PaymentEffects } from './payment-effects.ts'
import type { PaymentsDeps } from './payments-deps.ts'
import {
  claimPoll,
  holdOpenPromiseRow,
  holdPaymentRow,
  insertPayment,
  isInDebt,
  readPayment,
  type StoredPayment,
} from './payments-store.ts'

/** How long a promise waits for its ride, in city time, and never less than this of real time. */
const promiseLifetimeMs = 600_000
const promiseFloorRealMs = 120_000
/** How long an HTTP request waits for the provider; after it the client asks again. */
const answerWaitMs = 4_000
/** The outbox takes over when the direct call has surely ended: above the adapter's own time-out. */
const outboxTakesOverMs = 6_000
/** A client that asks about its promise makes us ask the provider at most this often. */
const askAgainAfterMs = 1_000

export interface OpenPromise {
  readonly provider: string
  /** Path on our own site that the payer page leads back to. */
  readonly returnPath?: string | undefined
  readonly amountMinor: MinorUnits
  readonly currency: string
}

export interface Promises {
  openPromise(riderId: string, wanted: OpenPromise): Promise<PromiseView | Refusal>
  promiseView(riderId: string, promiseId: string): Promise<PromiseView | Refusal>
  cancelPromise(riderId: string, promiseId: string): Promise<PromiseView | Refusal>
}

export function createPromises(deps: PaymentsDeps, advancer: PaymentAdvancer, effects: PaymentEffects): Promises {
  const { db, clock, outbox, provider, logger } = deps

  const openPromise: Promises['openPromise'] = async (riderId, wanted) => {
    if (wanted.provider !== provider.id)
      return refuse('payment_unavailable', `${wanted.provider} is not configured here`)
    if (!provider.currencies.includes(wanted.currency)) {
      return refuse('payment_unavailable', `${provider.name} does not hold ${wanted.currency}`)
    }
    if (await isInDebt(db, riderId)) return refuse('rider_in_debt')
    const returnUrl = wanted.returnPath === undefined ? null : `${deps.publicUrl}${wanted.returnPath}`
    const open = await findOrInsert(riderId, wanted, returnUrl)
    outbox.wake()
    const isUnasked = open.payment.status === 'hold_pending' && open.next.kind === 'none'
    if (isUnasked) await bounded(effects.performHold({ paymentId: open.paymentId, returnUrl }), open.paymentId)
    const now = await readPayment(db, open.paymentId)
    if (now?.payment.status === 'failed') return refuse('payment_declined')
    return viewOf(now ?? open)
  }

  /** Two requests at once: the unique index lets one in, the other finds it. */
  async function findOrInsert(riderId: string, wanted: OpenPromise, returnUrl: string | null): Promise<StoredPayment> {
    const once = () => db.transaction((tx) => findOrInsertIn(tx, riderId, wanted, returnUrl))
    try {
      return await once()
    } catch (error) {
      if (!isUniqueViolation(error, 'payment_one_open_promise')) throw error
      return once()
    }
  }

  async function findOrInsertIn(
    tx: Queryable,
    riderId: string,
    wanted: OpenPromise,
    returnUrl: string | null,
  ): Promise<StoredPayment> {
    const existing = await holdOpenPromiseRow(tx, riderId)
    if (existing && existing.expiresAtMs > clock.nowMs()) return existing
    if (existing) await advancer.advance(tx, existing, { kind: 'expiry_tick' })
    const paymentId = deps.ids.uuid()
    const lifetimeMs = stretched(promiseLifetimeMs, promiseFloorRealMs, clock.speed())
    const fresh = {
      paymentId,
      riderId,
      provider: provider.id,
      currency: wanted.currency,
      holdKey: holdKeyOf(paymentId),
      expiresAtMs: epochMs(clock.nowMs() + lifetimeMs),
      payment: newPayment(wanted.amountMinor),
    }
    const nowRealMs = clock.realNowMs()
    await insertPayment(tx, fresh, { cityMs: clock.nowMs(), pollAtMs: realMs(nowRealMs + pollWaitMs(0)) })
    await outbox.put(tx, 'payment.hold', { paymentId, returnUrl }, realMs(nowRealMs + outboxTakesOverMs))
    return { ...fresh, tripId: null, providerRef: null, transactionRef: null, next: { kind: 'none' }, ...unpriced }
  }

  const promiseView: Promises['promiseView'] = async (riderId, promiseId) => {
    const stored = await readPayment(db, promiseId)
    if (stored?.riderId !== riderId) return refuse('not_found')
    if (stored.payment.status !== 'hold_pending' || stored.next.kind === 'none') return viewOf(stored)
    // The rider is back from the payer page before the notification, or it was lost: ask, but not too often.
    await bounded(askNow(stored), promiseId)
    return viewOf((await readPayment(db, promiseId)) ?? stored)
  }

  async function askNow(stored: StoredPayment): Promise<void> {
    const nowMs = clock.realNowMs()
    const isOurTurn = await claimPoll(db, stored.paymentId, {
      realMs: nowMs,
      notSinceMs: realMs(nowMs - askAgainAfterMs),
      nextPollMs: realMs(nowMs + pollWaitMs(stored.polls)),
    })
    if (isOurTurn) await effects.fetchAndApply(stored)
  }

  const cancelPromise: Promises['cancelPromise'] = async (riderId, promiseId) => {
    const outcome = await db.transaction(async (tx) => {
      const stored = await holdPaymentRow(tx, promiseId)
      if (stored?.riderId !== riderId) return refuse('not_found')
      if (stored.payment.attached) return refuse('trip_wrong_state')
      return viewOf(await advancer.advance(tx, stored, { kind: 'release_asked' }))
    })
    outbox.wake()
    return outcome
  }

  /** Waits for `work`, but not for ever: what is left undone is done by the outbox or the poller. */
  async function bounded(work: Promise<void>, paymentId: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const wait = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, answerWaitMs)
    })
    const quiet = work.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      deps.metrics?.count('provider_unknown')
      logger.warn({ paymentId, error: why }, 'the provider did not answer, it will be asked again')
    })
    await Promise.race([quiet, wait])
    clearTimeout(timer)
  }

  return { openPromise, promiseView, cancelPromise }
}

const unpriced = { vatPercent: null, polls: 0 } as const

const viewOf = (stored: StoredPayment): PromiseView => ({
  promiseId: stored.paymentId,
  purpose: 'ride',
  reason: null,
  state: stored.payment.status,
  tripId: stored.tripId,
  amount: { amount: stored.payment.heldMinor, currency: stored.currency },
  next: stored.payment.status === 'hold_pending' ? stored.next : { kind: 'none' },
  expiresAt: stored.expiresAtMs,
})
