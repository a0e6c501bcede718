import { assert, present } from '../../contracts/assert.ts'
import type { NextAction, WayToPay } from '../../contracts/http/payments.ts'
import { type MinorUnits, minor, type RealMs, realMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import {
  captured,
  type Journal,
  type JournalSubject,
  refunded,
  reversalOf,
  tripPriced,
  writtenOff,
} from './core/ledger.ts'
import { isWorthPolling, owedMinor } from './core/payment-claims.ts'
import { type PaymentEffect, type PaymentEvent, stepPayment } from './core/payment-machine.ts'
import { openTryOf, payerOfDebt } from './debts-store.ts'
import { currentPriceJournal, post, writtenOffMinor } from './ledger-store.ts'
import type { PaymentsDeps } from './payments-deps.ts'
import { holdPaymentRow, insertRefund, type StoredPayment, savePayment } from './payments-store.ts'
import type { Snapshot } from './providers/payment-provider.ts'

/** What came to be known beside the event itself. */
export interface NewFacts {
  readonly tripId?: string
  readonly vatPercent?: number
  readonly next?: NextAction
  readonly way?: WayToPay
  readonly providerRef?: string | null
  readonly transactionRef?: string | null
  readonly reason?: string
  /** The colleague's act that this comes from. */
  readonly actId?: string
}

/** Soon enough for a payer who stands beside the bike with the notification lost. */
const firstPollMs = 3_000
const slowestPollMs = 60_000
/** After about an hour nobody waits in front of it any more. */
const patientPolls = 60
const patientPollMs = 600_000

/** How long to wait before the provider is asked the next time, after `polls` times. */
export function pollWaitMs(polls: number): number {
  if (polls >= patientPolls) return patientPollMs
  return Math.min(slowestPollMs, Math.round(firstPollMs * 1.5 ** Math.min(polls, 20)))
}

export interface PaymentAdvancer {
  /** Decides, saves, and puts the effects, all in the caller's transaction; the row must be held. */
  advance(tx: Queryable, stored: StoredPayment, event: PaymentEvent, facts?: NewFacts): Promise<StoredPayment>
  /** The same in a transaction of its own. */
  advanceNow(paymentId: string, event: PaymentEvent, facts?: NewFacts): Promise<StoredPayment>
  /** The only way in for what a provider says, whether it answered, notified or was polled. */
  applySnapshot(paymentId: string, snapshot: Snapshot): Promise<StoredPayment>
}

export function createAdvancer(deps: PaymentsDeps): PaymentAdvancer {
  const { db, clock, ids, outbox, logger } = deps

  async function advance(
    tx: Queryable,
    stored: StoredPayment,
    event: PaymentEvent,
    facts: NewFacts = {},
  ): Promise<StoredPayment> {
    const step = stepPayment(stored.payment, event)
    const next: StoredPayment = {
      ...stored,
      tripId: step.state.attached ? (stored.tripId ?? facts.tripId ?? null) : null,
      next: facts.next ?? stored.next,
      way: facts.way ?? stored.way,
      unansweredMs: null,
      providerRef: facts.providerRef ?? stored.providerRef,
      transactionRef: facts.transactionRef ?? stored.transactionRef,
      vatPercent: stored.vatPercent ?? facts.vatPercent ?? null,
      payment: step.state,
    }
    const isMoved = step.state.status !== stored.payment.status
    await savePayment(tx, next, {
      cityMs: clock.nowMs(),
      pollAtMs: isWorthPolling(step.state) ? realAfter(pollWaitMs(0)) : null,
      resetPolls: isMoved,
    })
    for (const effect of step.effects)
      await perform(tx, next, effect, { reason: facts.reason ?? event.kind, actId: facts.actId ?? null })
    if (!isMoved) return next
    await tellMoved(tx, next, stored.payment.status)
    return next.debt === null ? next : followDebt(tx, next, next.debt, stored.payment.capturedMinor > 0)
  }

  async function tellMoved(tx: Queryable, { paymentId, tripId, payment }: StoredPayment, from: string): Promise<void> {
    const { status } = payment
    await deps.onMoved?.(tx, { paymentId, tripId, status })
    logger.info({ paymentId, tripId, from, to: status }, 'payment moved')
    if (status === 'held' || status === 'failed') deps.metrics?.count(status)
  }

  /** What a payment that was made for a debt means for that debt. Rows are held in this order: payer, then debt. */
  async function followDebt(
    tx: Queryable,
    payer: StoredPayment,
    debt: { readonly paymentId: string },
    hadPaid: boolean,
  ): Promise<StoredPayment> {
    const owed = present(await holdPaymentRow(tx, debt.paymentId), 'the debt of a payment exists')
    const { status, capturedMinor } = payer.payment
    if (capturedMinor > 0) {
      const transactionRef = owed.transactionRef ?? payer.transactionRef
      if (!hadPaid) await advance(tx, owed, { kind: 'paid_elsewhere', amountMinor: capturedMinor }, { transactionRef })
      return payer
    }
    if (status === 'held') {
      // Only now is it known whether an earlier try was late and has paid it: then nothing is taken.
      const totalMinor = minor(Math.min(owedMinor(owed.payment), payer.payment.heldMinor))
      const bound = await advance(tx, payer, { kind: 'attach' })
      return advance(tx, bound, { kind: 'settle', totalMinor }, { vatPercent: 0, reason: 'debt' })
    }
    // It could not be taken: the debt stays where it is, and this payment is given up.
    if (status === 'debt') return advance(tx, payer, { kind: 'debt_forgiven' }, { reason: 'debt' })
    const isOver = status === 'failed' || status === 'expired' || status === 'released'
    if (isOver && (await openTryOf(tx, debt.paymentId)) === null) await advance(tx, owed, { kind: 'other_ended' })
    return payer
  }

  async function perform(
    tx: Queryable,
    stored: StoredPayment,
    effect: PaymentEffect,
    why: { readonly reason: string; readonly actId: string | null },
  ): Promise<void> {
    const { paymentId } = stored
    // Price, loss and outcome are the ride's own, on the payment whose debt this one pays.
    const isForDebt = stored.debt !== null
    switch (effect.kind) {
      case 'capture':
        return outbox.put(tx, 'payment.capture', { paymentId })
      case 'release':
        return outbox.put(tx, 'payment.release', { paymentId })
      case 'refund': {
        const refundId = ids.uuid()
        await insertRefund(tx, { refundId, paymentId, amountMinor: effect.amountMinor, ...why }, clock.nowMs())
        return outbox.put(tx, 'payment.refund', { refundId })
      }
      case 'keep_elsewhere': {
        const payerId = present(await payerOfDebt(tx, paymentId), 'what was paid elsewhere has its payment')
        return outbox.put(tx, 'payment.keep', { paymentId: payerId, amountMinor: effect.amountMinor, ...why })
      }
      case 'book_price':
        return isForDebt ? undefined : bookPrice(deps, tx, stored, effect.totalMinor)
      case 'book_capture':
        return book(deps, tx, captured(subjectOf(stored), effect.amountMinor))
      case 'book_refund':
        deps.metrics?.count('refunded')
        return book(deps, tx, refunded(subjectOf(stored), effect.amountMinor, effect.refundedMinor))
      case 'book_write_off':
        return isForDebt ? undefined : book(deps, tx, writtenOff(subjectOf(stored), effect.amountMinor))
      case 'settled': {
        if (isForDebt) return
        const tripId = present(stored.tripId, 'only a payment of a trip is settled')
        deps.metrics?.count(effect.outcome)
        const { outcome, capturedMinor } = effect
        return deps.onSettled(tx, { paymentId, tripId, outcome, capturedMinor })
      }
      case 'suspect':
        deps.metrics?.count('suspect')
        return logger.error({ paymentId, tripId: stored.tripId, state: stored.payment.status }, effect.sentence)
    }
  }

  async function inOwnTransaction(
    paymentId: string,
    work: (tx: Queryable, stored: StoredPayment) => Promise<StoredPayment>,
  ): Promise<StoredPayment> {
    const next = await db.transaction(async (tx) =>
      work(tx, present(await holdPaymentRow(tx, paymentId), 'a payment that is spoken of exists')),
    )
    outbox.wake()
    return next
  }

  const advanceNow: PaymentAdvancer['advanceNow'] = (paymentId, event, facts) =>
    inOwnTransaction(paymentId, (tx, stored) => advance(tx, stored, event, facts))

  const applySnapshot: PaymentAdvancer['applySnapshot'] = (paymentId, snapshot) =>
    inOwnTransaction(paymentId, async (tx, stored) => {
      const { providerRef, transactionRef } = snapshot
      if (snapshot.heldMinor !== null && snapshot.heldMinor !== stored.payment.heldMinor) {
        deps.metrics?.count('suspect')
        logger.error({ paymentId }, 'the provider holds another amount than was asked for')
        return stored
      }
      const event = { kind: 'snapshot', snapshot: snapshot.hold } as const
      return advance(tx, stored, event, { providerRef, transactionRef })
    })

  const realAfter = (waitMs: number): RealMs => realMs(clock.realNowMs() + waitMs)

  return { advance, advanceNow, applySnapshot }
}

/** The first price is posted; a later one undoes it and is posted anew, so that VAT is rounded on the whole. */
async function bookPrice(
  deps: PaymentsDeps,
  tx: Queryable,
  stored: StoredPayment,
  totalMinor: MinorUnits,
): Promise<void> {
  const subject = subjectOf(stored)
  const before = await currentPriceJournal(tx, stored.paymentId)
  if (before) await book(deps, tx, reversalOf(subject, before))
  // What was let go is part of the price still: it was earned, and lost.
  const grossMinor = minor(totalMinor + (before ? await writtenOffMinor(tx, stored.paymentId) : 0))
  if (grossMinor === 0) return
  const vatPercent = present(stored.vatPercent, 'a priced payment has its VAT rate')
  await book(deps, tx, tripPriced(subject, grossMinor, vatPercent, before?.journalId ?? 'first'))
}

async function book({ ids, clock }: PaymentsDeps, tx: Queryable, journal: Journal): Promise<void> {
  assert(
    await post(tx, journal, { ids, nowMs: clock.nowMs() }),
    'a journal is posted by the one step that it comes from',
  )
}

const subjectOf = (stored: StoredPayment): JournalSubject => ({
  riderId: stored.riderId,
  paymentId: stored.paymentId,
  tripId: stored.tripId ?? stored.debt?.tripId ?? null,
  provider: stored.provider,
  currency: stored.currency,
})
