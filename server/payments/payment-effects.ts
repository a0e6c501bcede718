import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { assert, present } from '../../contracts/assert.ts'
import { Uuid } from '../../contracts/ids.ts'
import { largestAmountMinor, minor } from '../../contracts/units.ts'
import type { PaymentAdvancer } from './advance-payment.ts'
import { holdsInVain, mayCapture, owedMinor } from './core/payment-claims.ts'
import { captureKeyOf, refundKeyOf, releaseKeyOf } from './core/payment-keys.ts'
import { markUnanswered } from './debts-store.ts'
import type { PaymentsDeps } from './payments-deps.ts'
import {
  confirmRefund,
  holdPaymentRow,
  markMessageApplied,
  readPayment,
  readRefund,
  type StoredPayment,
} from './payments-store.ts'
import { isNo, ProviderFault, type Snapshot } from './providers/payment-provider.ts'

/** What the payer reads on the provider's page and on the statement; constants, since a repeat must carry the same. */
const rideTitle = 'Zwerm bike ride'
const debtTitle = 'Zwerm: an earlier ride, paid at once'
const releaseReason = 'Nothing to pay: the hold is released'

const HoldEffect = Compile(Type.Object({ paymentId: Uuid, returnUrl: Type.Union([Type.String(), Type.Null()]) }))
const PaymentEffectPayload = Compile(Type.Object({ paymentId: Uuid }))
const KeepEffect = Compile(
  Type.Object({
    paymentId: Uuid,
    amountMinor: Type.Integer({ minimum: 0, maximum: largestAmountMinor }),
    reason: Type.String(),
    actId: Type.Union([Type.String(), Type.Null()]),
  }),
)
const RefundEffect = Compile(Type.Object({ refundId: Uuid }))
const MessageEffect = Compile(Type.Object({ paymentId: Uuid, provider: Type.String(), eventId: Type.String() }))

export interface PaymentEffects {
  /** Asks the provider for the hold, if that is still wanted. Throws `unknown` when it must be tried again. */
  performHold(effect: { readonly paymentId: string; readonly returnUrl: string | null }): Promise<void>
  /** Takes what is due. `askFirst`: an earlier try may have succeeded without our knowing. */
  performCapture(paymentId: string, askFirst: boolean): Promise<void>
  /** Asks what became of it and applies the answer. */
  fetchAndApply(stored: StoredPayment): Promise<StoredPayment>
}

/** The calls to the provider, each outside of any transaction and each safe to repeat. */
export function createEffects(deps: PaymentsDeps, advancer: PaymentAdvancer): PaymentEffects {
  const { db, provider, logger } = deps
  const notifyUrl = `${deps.publicUrl}/v1/webhooks/${provider.id}`

  const read = async (paymentId: string): Promise<StoredPayment> =>
    present(await readPayment(db, paymentId), 'a payment that is spoken of exists')

  const fetch = (stored: StoredPayment): Promise<Snapshot> =>
    provider.fetch({
      holdKey: stored.holdKey,
      captureKey: stored.payment.captureMinor === null ? null : captureKeyOf(stored.paymentId),
    })

  const fetchAndApply = async (stored: StoredPayment): Promise<StoredPayment> =>
    advancer.applySnapshot(stored.paymentId, await told(stored.paymentId, fetch(stored)))

  /** The provider's word; when it gives none, that is remembered and told to the rider. */
  async function told<T>(paymentId: string, asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (error instanceof ProviderFault && error.code === 'unknown') {
        await markUnanswered(db, paymentId, deps.clock.realNowMs())
      }
      throw error
    }
  }

  const performHold: PaymentEffects['performHold'] = async ({ paymentId, returnUrl }) => {
    const stored = await read(paymentId)
    if (stored.payment.status !== 'hold_pending' || stored.next.kind !== 'none') return
    try {
      const asked = provider.hold({
        key: stored.holdKey,
        amountMinor: stored.payment.heldMinor,
        currency: stored.currency,
        title: titleOf(stored),
        notifyUrl,
        returnUrl,
        way: stored.way,
        expiresAtMs: stored.expiresAtMs,
      })
      const next = await told(paymentId, asked)
      await advancer.advanceNow(paymentId, { kind: 'snapshot', snapshot: { kind: 'pending' } }, { next })
    } catch (error) {
      if (!isNo(error)) throw error
      logger.warn({ paymentId, providerCode: error.providerCode }, 'the provider will not hold')
      await advancer.advanceNow(paymentId, { kind: 'hold_declined' })
    }
  }

  /** An earlier try to collect a debt may have been late: then nothing is left for the payment that was made for it. */
  async function lookAtDebt({ paymentId, debt, payment }: StoredPayment): Promise<void> {
    if (debt === null || payment.status !== 'capture_pending' || payment.captureMinor !== null) return
    const owed = await fetchAndApply(await read(debt.paymentId))
    if (owedMinor(owed.payment) === 0) await advancer.advanceNow(paymentId, { kind: 'adjust', totalMinor: minor(0) })
  }

  const performCapture: PaymentEffects['performCapture'] = async (paymentId, askFirst) => {
    await lookAtDebt(await read(paymentId))
    const sent = await db.transaction(async (tx) => {
      const stored = present(await holdPaymentRow(tx, paymentId), 'a payment that is spoken of exists')
      return advancer.advance(tx, stored, { kind: 'capture_sent' })
    })
    if (!mayCapture(sent.payment)) return
    let current = sent
    if (askFirst || sent.payment.holdGone) {
      current = await fetchAndApply(sent)
      if (!mayCapture(current.payment)) return
    }
    if (current.payment.dueMinor === 0) {
      // It was re-priced to nothing after a try that came to nothing: not sent again, so the hold can go back.
      await advancer.advanceNow(paymentId, { kind: 'capture_failed' })
      return
    }
    let snapshot: Snapshot
    try {
      const asked = provider.capture({
        key: captureKeyOf(paymentId),
        providerRef: present(current.providerRef, 'a hold that was confirmed has its number'),
        amountMinor: present(current.payment.captureMinor, 'the amount is stored before the capture is sent'),
        title: titleOf(sent),
        notifyUrl,
      })
      snapshot = await told(paymentId, asked)
    } catch (error) {
      if (!isNo(error)) throw error
      logger.warn({ paymentId, tripId: sent.tripId, providerCode: error.providerCode }, 'the provider will not capture')
      await fetchAndApply(current)
      await advancer.advanceNow(paymentId, { kind: 'capture_failed' })
      return
    }
    await advancer.applySnapshot(paymentId, snapshot)
  }

  async function performRelease(paymentId: string): Promise<void> {
    const stored = await read(paymentId)
    if (!isToBeReleased(stored)) return
    const known = await fetch(stored)
    if (!isToBeReleased(await advancer.applySnapshot(paymentId, known))) return
    if (known.hold.kind === 'pending') {
      const snapshot = await provider.cancelHold({ holdKey: stored.holdKey, reason: releaseReason })
      await advancer.applySnapshot(paymentId, snapshot)
    }
    if (known.hold.kind === 'held') {
      const snapshot = await provider.release({
        key: releaseKeyOf(paymentId),
        providerRef: present(known.providerRef, 'a hold that was confirmed has its number'),
        heldMinor: stored.payment.heldMinor,
        reason: releaseReason,
      })
      await advancer.applySnapshot(paymentId, snapshot)
    }
  }

  async function performRefund(refundId: string, askFirst: boolean): Promise<void> {
    const refund = present(await readRefund(db, refundId), 'a refund that is spoken of exists')
    if (refund.isDone) return
    const key = refundKeyOf(refundId)
    const captureKey = captureKeyOf(refund.paymentId)
    const isMade = askFirst && (await provider.fetchRefund({ key, captureKey }))
    if (!isMade) {
      await provider.refund({ key, captureKey, amountMinor: refund.amountMinor, reason: refund.reason })
    }
    await db.transaction(async (tx) => {
      const stored = present(await holdPaymentRow(tx, refund.paymentId), 'a payment that is spoken of exists')
      const refundedMinor = await confirmRefund(tx, refund, deps.clock.nowMs())
      await advancer.advance(tx, stored, { kind: 'refund_confirmed', refundedMinor })
    })
  }

  deps.outbox.handle('payment.hold', async (payload) => {
    assert(HoldEffect.Check(payload), 'an effect fits its schema')
    await performHold(payload)
  })
  deps.outbox.handle('payment.capture', async (payload, attempt) => {
    assert(PaymentEffectPayload.Check(payload), 'an effect fits its schema')
    await performCapture(payload.paymentId, attempt > 1)
  })
  deps.outbox.handle('payment.release', async (payload) => {
    assert(PaymentEffectPayload.Check(payload), 'an effect fits its schema')
    await performRelease(payload.paymentId)
  })
  deps.outbox.handle('payment.keep', async (payload) => {
    assert(KeepEffect.Check(payload), 'an effect fits its schema')
    const { paymentId, amountMinor, reason, actId } = payload
    const why = { reason, ...(actId === null ? {} : { actId }) }
    const { payment } = await read(paymentId)
    // Told again, or after a later one that keeps less: it is done already.
    if (amountMinor >= payment.dueMinor) return
    await advancer.advanceNow(paymentId, { kind: 'adjust', totalMinor: minor(amountMinor) }, why)
  })
  deps.outbox.handle('payment.refund', async (payload, attempt) => {
    assert(RefundEffect.Check(payload), 'an effect fits its schema')
    await performRefund(payload.refundId, attempt > 1)
  })
  deps.outbox.handle('payment.message', async (payload) => {
    assert(MessageEffect.Check(payload), 'an effect fits its schema')
    await fetchAndApply(await read(payload.paymentId))
    await markMessageApplied(db, payload.provider, payload.eventId, deps.clock.realNowMs())
  })

  return { performHold, performCapture, fetchAndApply }
}

const titleOf = ({ debt }: StoredPayment): string => (debt === null ? rideTitle : debtTitle)

const isToBeReleased = ({ payment }: StoredPayment): boolean =>
  payment.status === 'release_pending' || holdsInVain(payment)
