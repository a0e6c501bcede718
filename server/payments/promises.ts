import type { PromiseReason, PromiseView, WayToPay } from '../../contracts/http/payments.ts'
import { asId, type RiderId } from '../../contracts/ids.ts'
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
  type FreshPayment,
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
  /** How the rider wants to get to the payer's question; the provider's page when left out. */
  readonly way?: WayToPay | undefined
  readonly amountMinor: MinorUnits
  readonly currency: string
}

export interface Promises {
  openPromise(riderId: string, wanted: OpenPromise): Promise<PromiseView | Refusal>
  promiseView(riderId: string, promiseId: string): Promise<PromiseView | Refusal>
  cancelPromise(riderId: string, promiseId: string): Promise<PromiseView | Refusal>
}

type Wish = Pick<OpenPromise, 'provider' | 'returnPath' | 'way'>

/** The pieces of a promise that paying a debt shares. */
export interface PromisePieces extends Promises {
  /** Why this provider cannot be asked in this way, or null. */
  noWayFor(wanted: Wish): Refusal | null
  /** In the caller's transaction: the open one as it is wanted now, or null when a fresh one is needed. */
  reuse(tx: Queryable, open: StoredPayment, wanted: Wish): Promise<StoredPayment | null>
  /** In the caller's transaction: a fresh one, and the asking of the provider put. */
  insert(
    tx: Queryable,
    riderId: string,
    wanted: OpenPromise & { readonly debt: StoredPayment['debt'] },
  ): Promise<StoredPayment>
  /** After the commit: asks the provider if nobody did, and tells where it stands. */
  show(open: StoredPayment, wanted: Wish): Promise<PromiseView | Refusal>
}

export function createPromises(deps: PaymentsDeps, advancer: PaymentAdvancer, effects: PaymentEffects): PromisePieces {
  const { db, clock, outbox, provider, logger } = deps

  const returnUrlOf = ({ returnPath }: Wish): string | null =>
    returnPath === undefined ? null : `${deps.publicUrl}${returnPath}`

  const noWayFor: PromisePieces['noWayFor'] = (wanted) => {
    if (wanted.provider !== provider.id)
      return refuse('payment_unavailable', `${wanted.provider} is not configured here`)
    if (!provider.ways.includes(wanted.way ?? 'page')) {
      return refuse('payment_unavailable', `${provider.name} cannot be paid in this way`)
    }
    return null
  }

  const openPromise: Promises['openPromise'] = async (riderId, wanted) => {
    const no = noWayFor(wanted)
    if (no) return no
    if (!provider.currencies.includes(wanted.currency)) {
      return refuse('payment_unavailable', `${provider.name} does not hold ${wanted.currency}`)
    }
    if (await isInDebt(db, riderId)) return refuse('rider_in_debt')
    // No second ride would come of it: the money would only be held.
    if ((await deps.activeTripOf(asId<RiderId>(riderId))) !== null) return refuse('rider_has_trip')
    return show(await findOrInsert(riderId, wanted), wanted)
  }

  const show: PromisePieces['show'] = async (open, wanted) => {
    outbox.wake()
    const isUnasked = open.payment.status === 'hold_pending' && open.next.kind === 'none'
    const effect = { paymentId: open.paymentId, returnUrl: returnUrlOf(wanted) }
    if (isUnasked) await bounded(effects.performHold(effect), open.paymentId)
    const now = await readPayment(db, open.paymentId)
    if (now?.payment.status === 'failed') return refuse('payment_declined')
    return viewOf(now ?? open)
  }

  /** Two requests at once: the unique index lets one in, the other finds it. */
  async function findOrInsert(riderId: string, wanted: OpenPromise): Promise<StoredPayment> {
    const once = () =>
      db.transaction(async (tx) => {
        const open = await holdOpenPromiseRow(tx, riderId)
        const kept = open === null ? null : await reuse(tx, open, wanted)
        return kept ?? insert(tx, riderId, { ...wanted, debt: null })
      })
    try {
      return await once()
    } catch (error) {
      if (!isUniqueViolation(error, 'payment_one_open_promise')) throw error
      return once()
    }
  }

  const reuse: PromisePieces['reuse'] = async (tx, open, { way = 'page' }) => {
    if (open.expiresAtMs <= clock.nowMs()) {
      await advancer.advance(tx, open, { kind: 'expiry_tick' })
      return null
    }
    if (open.payment.status !== 'hold_pending' || open.way === way) return open
    // A code for another phone leads nowhere back: who wants to pay here needs a request that does.
    if (open.way === 'qr') {
      await advancer.advance(tx, open, { kind: 'release_asked' })
      return null
    }
    const next = provider.turned(open.next, { way, expiresAtMs: open.expiresAtMs })
    return advancer.advance(tx, open, { kind: 'snapshot', snapshot: { kind: 'pending' } }, { next, way })
  }

  const insert: PromisePieces['insert'] = async (tx, riderId, wanted) => {
    const paymentId = deps.ids.uuid()
    const lifetimeMs = stretched(promiseLifetimeMs, promiseFloorRealMs, clock.speed())
    const fresh: FreshPayment = {
      paymentId,
      riderId,
      provider: provider.id,
      currency: wanted.currency,
      holdKey: holdKeyOf(paymentId),
      expiresAtMs: epochMs(clock.nowMs() + lifetimeMs),
      way: wanted.way ?? 'page',
      debt: wanted.debt,
      payment: newPayment(wanted.amountMinor),
    }
    const nowRealMs = clock.realNowMs()
    await insertPayment(tx, fresh, { cityMs: clock.nowMs(), pollAtMs: realMs(nowRealMs + pollWaitMs(0)) })
    const effect = { paymentId, returnUrl: returnUrlOf(wanted) }
    await outbox.put(tx, 'payment.hold', effect, realMs(nowRealMs + outboxTakesOverMs))
    return { ...fresh, ...unasked }
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

  return { openPromise, promiseView, cancelPromise, noWayFor, reuse, insert, show }
}

const unasked = {
  tripId: null,
  providerRef: null,
  transactionRef: null,
  next: { kind: 'none' },
  vatPercent: null,
  polls: 0,
  unansweredMs: null,
} as const

const viewOf = (stored: StoredPayment): PromiseView => ({
  promiseId: stored.paymentId,
  purpose: stored.debt === null ? 'ride' : 'debt',
  state: stored.payment.status,
  reason: reasonOf(stored),
  tripId: stored.tripId ?? stored.debt?.tripId ?? null,
  amount: { amount: stored.payment.heldMinor, currency: stored.currency },
  next: stored.payment.status === 'hold_pending' ? stored.next : { kind: 'none' },
  expiresAt: stored.expiresAtMs,
})

/** Why it holds nothing; or that nobody knows yet, while the provider does not answer. */
function reasonOf({ payment, unansweredMs, debt }: StoredPayment): PromiseReason | null {
  switch (payment.status) {
    case 'hold_pending':
    case 'capture_pending':
      return unansweredMs === null ? null : 'unknown'
    case 'failed':
    case 'expired':
      return payment.closedWhy
    // A hold that was made for a debt and let go again: it could not be taken.
    case 'release_pending':
    case 'released':
      return payment.closedWhy ?? (debt === null ? null : 'declined')
    case 'held':
    case 'captured':
    case 'refund_pending':
    case 'partially_refunded':
    case 'refunded':
    case 'debt':
      return null
  }
}
