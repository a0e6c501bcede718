import type { PaymentStatus, PromiseReason } from '../../../contracts/http/payments.ts'
import { type Step, unchanged } from '../../../contracts/step.ts'
import { type MinorUnits, minor } from '../../../contracts/units.ts'
import { holdsInVain } from './payment-claims.ts'

/** Why a promise holds nothing, as far as anybody can know. */
export type ClosedWhy = Exclude<PromiseReason, 'unknown'>

/**
 * One promise of money and what became of it. Amounts are integer minor units of one currency;
 * `refundedMinor ≤ refundAskedMinor ≤ capturedMinor ≤ heldMinor` holds in every state.
 */
export interface Payment {
  readonly status: PaymentStatus
  /** A trip relies on it. */
  readonly attached: boolean
  /** What was asked to be held; held in fact from `held` on. */
  readonly heldMinor: MinorUnits
  /** What the ride costs; 0 before it is priced. */
  readonly dueMinor: MinorUnits
  /** The amount in the capture request, once that may have been sent: a repeat must carry the same. */
  readonly captureMinor: MinorUnits | null
  readonly capturedMinor: MinorUnits
  readonly refundAskedMinor: MinorUnits
  readonly refundedMinor: MinorUnits
  /** The provider holds nothing any more. */
  readonly holdGone: boolean
  /** Why it holds nothing, when no trip ever relied on it. */
  readonly closedWhy: ClosedWhy | null
  /** A payment of its own is being made for what is owed: until that has ended, nothing is taken here. */
  readonly waitsForOther: boolean
  /** What that other payment took, and what it was asked to give back of it. */
  readonly elsewhereMinor: MinorUnits
  readonly elsewhereBackMinor: MinorUnits
}

/**
 * What the provider says about a hold, whoever asked. `absent`: it knows no such hold; `failed`: closed without ever
 * holding; `released`: held once, nothing held now, nothing taken; `captured`: taken, and the rest given back.
 */
export type HoldSnapshot =
  | { readonly kind: 'absent' | 'pending' | 'held' | 'released' }
  | { readonly kind: 'failed'; readonly why?: 'declined' | 'expired' }
  | { readonly kind: 'captured'; readonly capturedMinor: MinorUnits }

export type PaymentEvent =
  | { readonly kind: 'snapshot'; readonly snapshot: HoldSnapshot }
  | { readonly kind: 'hold_declined' }
  | { readonly kind: 'attach' }
  | { readonly kind: 'settle'; readonly totalMinor: MinorUnits }
  | { readonly kind: 'adjust'; readonly totalMinor: MinorUnits }
  | { readonly kind: 'capture_sent' }
  | { readonly kind: 'capture_failed' }
  | { readonly kind: 'release_asked' }
  | { readonly kind: 'expiry_tick' }
  | { readonly kind: 'refund_confirmed'; readonly refundedMinor: MinorUnits }
  | { readonly kind: 'debt_forgiven' }
  | { readonly kind: 'other_begun' | 'other_ended' }
  | { readonly kind: 'paid_elsewhere'; readonly amountMinor: MinorUnits }

export type SettledOutcome = 'captured' | 'released' | 'debt'

export type PaymentEffect =
  | { readonly kind: 'capture' }
  | { readonly kind: 'release' }
  | { readonly kind: 'refund'; readonly amountMinor: MinorUnits }
  /** The other payment must keep this much, and give the rest back. */
  | { readonly kind: 'keep_elsewhere'; readonly amountMinor: MinorUnits }
  | { readonly kind: 'book_price'; readonly totalMinor: MinorUnits }
  | { readonly kind: 'book_capture'; readonly amountMinor: MinorUnits }
  | { readonly kind: 'book_refund'; readonly amountMinor: MinorUnits; readonly refundedMinor: MinorUnits }
  | { readonly kind: 'book_write_off'; readonly amountMinor: MinorUnits }
  | { readonly kind: 'settled'; readonly outcome: SettledOutcome; readonly capturedMinor: MinorUnits }
  /** Somebody contradicts what we know: nothing is changed, a person must look. */
  | { readonly kind: 'suspect'; readonly sentence: string }

type PaymentStep = Step<Payment, PaymentEffect>

/** A fresh promise: the provider has not been asked yet. */
export const newPayment = (heldMinor: MinorUnits): Payment => ({
  status: 'hold_pending',
  attached: false,
  heldMinor,
  dueMinor: minor(0),
  captureMinor: null,
  capturedMinor: minor(0),
  refundAskedMinor: minor(0),
  refundedMinor: minor(0),
  holdGone: false,
  closedWhy: null,
  waitsForOther: false,
  elsewhereMinor: minor(0),
  elsewhereBackMinor: minor(0),
})

/** Moves a payment forward. Total and never throws; repeats and late news change nothing. */
export function stepPayment(payment: Payment, event: PaymentEvent): PaymentStep {
  switch (event.kind) {
    case 'snapshot':
      return learn(payment, event.snapshot)
    case 'hold_declined':
      return payment.status === 'hold_pending'
        ? to(payment, { status: 'failed', holdGone: true, closedWhy: 'declined' })
        : unchanged(payment)
    case 'attach':
      return payment.status === 'held' && !payment.attached ? to(payment, { attached: true }) : unchanged(payment)
    case 'settle':
      return settle(payment, event.totalMinor)
    case 'adjust':
      return adjust(payment, event.totalMinor)
    case 'capture_sent':
      return payment.status === 'capture_pending' && payment.captureMinor === null
        ? to(payment, { captureMinor: smaller(payment.dueMinor, payment.heldMinor) })
        : unchanged(payment)
    case 'capture_failed':
      return payment.status === 'capture_pending' ? withoutCapture(payment) : unchanged(payment)
    case 'release_asked':
      return releaseAsked(payment, 'cancelled')
    case 'expiry_tick':
      return payment.attached ? unchanged(payment) : releaseAsked(payment, 'expired')
    case 'refund_confirmed':
      return refundConfirmed(payment, event.refundedMinor)
    case 'debt_forgiven':
      return debtForgiven(payment)
    case 'other_begun':
      return payment.status === 'debt' ? to(payment, { waitsForOther: true }) : unchanged(payment)
    case 'other_ended':
      return to(payment, { waitsForOther: false })
    case 'paid_elsewhere':
      return paidElsewhere(payment, event.amountMinor)
  }
}

function learn(payment: Payment, snapshot: HoldSnapshot): PaymentStep {
  switch (snapshot.kind) {
    case 'absent':
      return learnAbsent(payment)
    case 'pending':
      return unchanged(payment)
    case 'held':
      return payment.status === 'hold_pending' ? to(payment, { status: 'held' }) : unchanged(payment)
    case 'failed':
      return learnGone(payment, snapshot.why ?? 'declined')
    case 'released':
      return learnGone(payment, 'expired')
    case 'captured':
      return learnCaptured(payment, snapshot.capturedMinor)
  }
}

function learnAbsent(payment: Payment): PaymentStep {
  switch (payment.status) {
    // Nobody was ever shown the way to approve it: nothing is held and nothing can be.
    case 'release_pending':
      return learnGone(payment, 'expired')
    case 'held':
    case 'capture_pending':
      return suspect(payment, 'the provider does not know a hold that it confirmed')
    case 'hold_pending':
    case 'captured':
    case 'released':
    case 'refund_pending':
    case 'partially_refunded':
    case 'refunded':
    case 'failed':
    case 'expired':
    case 'debt':
      return unchanged(payment)
  }
}

function learnGone(payment: Payment, closedWhy: ClosedWhy): PaymentStep {
  const gone = { ...payment, holdGone: true }
  switch (payment.status) {
    case 'hold_pending':
      return to(gone, { status: 'failed', closedWhy })
    case 'held':
      return to(gone, { status: 'expired', closedWhy: payment.attached ? null : 'expired' })
    case 'capture_pending':
      return withoutCapture(gone)
    case 'release_pending':
      return to(gone, { status: 'released' }, settled(payment, 'released'))
    case 'debt':
      return to(gone, {})
    case 'captured':
    case 'partially_refunded':
    case 'refunded':
      return holdsInVain(payment) ? to(gone, {}) : unchanged(payment)
    case 'released':
    case 'refund_pending':
    case 'failed':
    case 'expired':
      return unchanged(payment)
  }
}

function learnCaptured(payment: Payment, amountMinor: MinorUnits): PaymentStep {
  if (payment.capturedMinor > 0) {
    return amountMinor === payment.capturedMinor
      ? unchanged(payment)
      : suspect(payment, 'the provider took another amount than it said before')
  }
  if (amountMinor !== payment.captureMinor) return suspect(payment, 'the provider took what we never asked for')
  const taken = { ...payment, capturedMinor: amountMinor, holdGone: true }
  const book = { kind: 'book_capture', amountMinor } as const
  // A late answer to an old try, after the ride was paid otherwise: what is too much goes straight back.
  if (taken.elsewhereMinor > 0) return also(to(taken, { waitsForOther: false }, [book]), refundWhatIsTooMuch)
  if (taken.dueMinor > amountMinor) return to(taken, { status: 'debt' }, [book, ...settled(taken, 'debt')])
  const paid = to(taken, { status: 'captured' }, [book, ...settled(taken, 'captured')])
  return taken.dueMinor === amountMinor ? paid : also(paid, refundWhatIsTooMuch)
}

function settle(payment: Payment, totalMinor: MinorUnits): PaymentStep {
  switch (payment.status) {
    case 'held':
    case 'expired': {
      if (!payment.attached) return suspect(payment, 'a promise without a trip was settled')
      if (totalMinor <= 0) return releaseAsked(payment, 'cancelled')
      return to(payment, { status: 'capture_pending', dueMinor: totalMinor }, [
        { kind: 'book_price', totalMinor },
        { kind: 'capture' },
      ])
    }
    case 'hold_pending':
    case 'failed':
    case 'release_pending':
    case 'released':
      return totalMinor <= 0
        ? unchanged(payment)
        : suspect(payment, 'a ride was settled on a promise that holds nothing')
    case 'capture_pending':
    case 'captured':
    case 'refund_pending':
    case 'partially_refunded':
    case 'refunded':
    case 'debt':
      return unchanged(payment)
  }
}

/** A later price. Only ever lower: a rider never pays more than the ride was settled for. */
function adjust(payment: Payment, totalMinor: MinorUnits): PaymentStep {
  if (totalMinor >= payment.dueMinor || totalMinor < 0) {
    return totalMinor === payment.dueMinor ? unchanged(payment) : suspect(payment, 'a later price was higher')
  }
  const repriced = to(payment, { dueMinor: totalMinor }, [{ kind: 'book_price', totalMinor }])
  switch (payment.status) {
    case 'capture_pending':
      return totalMinor === 0 && payment.captureMinor === null ? also(repriced, withoutCapture) : repriced
    case 'captured':
    case 'refund_pending':
    case 'partially_refunded':
      return also(repriced, refundWhatIsTooMuch)
    case 'debt':
      if (totalMinor > payment.capturedMinor) return repriced
      if (payment.capturedMinor === 0) return also(repriced, withoutCapture)
      return also(also(repriced, nowPaid), refundWhatIsTooMuch)
    // Nothing is due in these: `dueMinor` is 0, or all of it was given back.
    case 'hold_pending':
    case 'held':
    case 'expired':
    case 'failed':
    case 'release_pending':
    case 'released':
    case 'refunded':
      return suspect(payment, 'a price was changed where nothing is due')
  }
}

function releaseAsked(payment: Payment, why: ClosedWhy): PaymentStep {
  switch (payment.status) {
    case 'hold_pending':
    case 'held': {
      const closedWhy = payment.attached ? null : why
      return to(payment, { status: 'release_pending', closedWhy }, [{ kind: 'release' }])
    }
    case 'expired':
      return payment.attached ? to(payment, { status: 'release_pending' }, [{ kind: 'release' }]) : unchanged(payment)
    case 'capture_pending':
    case 'captured':
    case 'debt':
      return payment.attached
        ? suspect(payment, 'a settled ride was asked to be released: adjust its price instead')
        : unchanged(payment)
    case 'release_pending':
    case 'released':
    case 'refund_pending':
    case 'partially_refunded':
    case 'refunded':
    case 'failed':
      return unchanged(payment)
  }
}

/** The capture did not happen and will not: what is due stays due, and if nothing is, the hold goes back. */
function withoutCapture(payment: Payment): PaymentStep {
  if (payment.dueMinor > 0) return to(payment, { status: 'debt' }, settled(payment, 'debt'))
  return payment.holdGone
    ? to(payment, { status: 'released' }, settled(payment, 'released'))
    : to(payment, { status: 'release_pending' }, [{ kind: 'release' }])
}

/** From the own capture first; what that does not cover, from the payment that was made for the debt. */
function refundWhatIsTooMuch(payment: Payment): PaymentStep {
  const elsewhereLeft = minor(payment.elsewhereMinor - payment.elsewhereBackMinor)
  const ownLeft = minor(payment.capturedMinor - payment.refundAskedMinor)
  const tooMuch = minor(ownLeft + elsewhereLeft - payment.dueMinor)
  if (tooMuch <= 0) return unchanged(payment)
  const own = smaller(tooMuch, ownLeft)
  const elsewhere = minor(tooMuch - own)
  const asked: Payment = {
    ...payment,
    refundAskedMinor: minor(payment.refundAskedMinor + own),
    elsewhereBackMinor: minor(payment.elsewhereBackMinor + elsewhere),
  }
  return to(asked, { status: statusAfterRefund(asked, payment.refundedMinor) }, [
    ...(own > 0 ? [{ kind: 'refund', amountMinor: own } as const] : []),
    ...(elsewhere > 0 ? [{ kind: 'keep_elsewhere', amountMinor: minor(elsewhereLeft - elsewhere) } as const] : []),
  ])
}

function refundConfirmed(payment: Payment, totalMinor: MinorUnits): PaymentStep {
  const refundedMinor = smaller(totalMinor, payment.refundAskedMinor)
  if (payment.status !== 'refund_pending' || refundedMinor <= payment.refundedMinor) return unchanged(payment)
  const amountMinor = minor(refundedMinor - payment.refundedMinor)
  return to(payment, { refundedMinor, status: statusAfterRefund(payment, refundedMinor) }, [
    { kind: 'book_refund', amountMinor, refundedMinor },
  ])
}

function statusAfterRefund(payment: Payment, refundedMinor: MinorUnits): PaymentStatus {
  if (refundedMinor < payment.refundAskedMinor) return 'refund_pending'
  const isAll = refundedMinor + payment.elsewhereBackMinor === payment.capturedMinor + payment.elsewhereMinor
  return isAll ? 'refunded' : 'partially_refunded'
}

function debtForgiven(payment: Payment): PaymentStep {
  if (payment.status !== 'debt') return unchanged(payment)
  const amountMinor = minor(payment.dueMinor - payment.capturedMinor)
  const forgiven = to(payment, { dueMinor: payment.capturedMinor }, [{ kind: 'book_write_off', amountMinor }])
  return payment.capturedMinor === 0 ? also(forgiven, withoutCapture) : also(forgiven, nowPaid)
}

/** What was owed has been paid by a payment of its own. It happens once: what is told again changes nothing. */
function paidElsewhere(payment: Payment, amountMinor: MinorUnits): PaymentStep {
  if (payment.elsewhereMinor > 0 || amountMinor <= 0) return unchanged(payment)
  const paid = { ...payment, elsewhereMinor: amountMinor, waitsForOther: false }
  switch (payment.status) {
    case 'debt': {
      if (paid.dueMinor > paid.capturedMinor + amountMinor) return to(paid, {})
      const giveHoldBack = holdsInVain(paid) ? ([{ kind: 'release' }] as const) : []
      return also(
        to(paid, { status: 'captured' }, [...settled(paid, 'captured'), ...giveHoldBack]),
        refundWhatIsTooMuch,
      )
    }
    case 'captured':
    case 'refund_pending':
    case 'partially_refunded':
    case 'refunded':
      return also(to(paid, {}), refundWhatIsTooMuch)
    // Nothing was owed any more when it was paid: all of it goes back.
    case 'release_pending':
    case 'released':
      return to(paid, { elsewhereBackMinor: amountMinor }, [{ kind: 'keep_elsewhere', amountMinor: minor(0) }])
    case 'hold_pending':
    case 'held':
    case 'capture_pending':
    case 'failed':
    case 'expired':
      return suspect(payment, 'somebody paid what was not owed')
  }
}

const nowPaid = (payment: Payment): PaymentStep => to(payment, { status: 'captured' }, settled(payment, 'captured'))

const settled = (payment: Payment, outcome: SettledOutcome): readonly PaymentEffect[] =>
  payment.attached
    ? [{ kind: 'settled', outcome, capturedMinor: minor(payment.capturedMinor + payment.elsewhereMinor) }]
    : []

const to = (payment: Payment, change: Partial<Payment>, effects: readonly PaymentEffect[] = []): PaymentStep => ({
  state: { ...payment, ...change },
  effects,
})

const suspect = (payment: Payment, sentence: string): PaymentStep => to(payment, {}, [{ kind: 'suspect', sentence }])

function also(first: PaymentStep, then: (state: Payment) => PaymentStep): PaymentStep {
  const second = then(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

const smaller = (a: MinorUnits, b: MinorUnits): MinorUnits => (a < b ? a : b)
