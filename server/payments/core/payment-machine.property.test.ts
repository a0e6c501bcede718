import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PaymentStatus } from '../../../contracts/http/payments.ts'
import { minor } from '../../../contracts/units.ts'
import {
  type HoldSnapshot,
  newPayment,
  type Payment,
  type PaymentEffect,
  type PaymentEvent,
  stepPayment,
} from './payment-machine.ts'

const amount = fc.integer({ min: -10, max: 2_000 }).map(minor)
const snapshot: fc.Arbitrary<HoldSnapshot> = fc.oneof(
  fc.constantFrom('absent', 'pending', 'held', 'failed', 'released').map((kind) => ({ kind }) as HoldSnapshot),
  fc.record({ kind: fc.constant('captured' as const), capturedMinor: amount }),
)
const anyEvent: fc.Arbitrary<PaymentEvent> = fc.oneof(
  fc.record({ kind: fc.constant('snapshot' as const), snapshot }),
  fc
    .constantFrom('hold_declined', 'attach', 'capture_sent', 'capture_failed', 'release_asked', 'expiry_tick')
    .map((kind) => ({ kind }) as PaymentEvent),
  fc.constant<PaymentEvent>({ kind: 'debt_forgiven' }),
  fc.record({ kind: fc.constantFrom('settle' as const, 'adjust' as const), totalMinor: amount }),
  fc.record({ kind: fc.constant('refund_confirmed' as const), refundedMinor: amount }),
)

/** Later in the life of a payment is never less. */
const rank: Readonly<Record<PaymentStatus, number>> = {
  hold_pending: 0,
  held: 1,
  expired: 2,
  capture_pending: 3,
  debt: 4,
  release_pending: 5,
  released: 6,
  captured: 6,
  refund_pending: 7,
  partially_refunded: 8,
  refunded: 9,
  failed: 9,
}

const sumOf = (effects: readonly PaymentEffect[], kind: 'book_capture' | 'refund' | 'book_refund'): number =>
  effects.reduce((sum, effect) => sum + (effect.kind === kind ? effect.amountMinor : 0), 0)

describe('a payment under any events in any order', () => {
  it('keeps refunded ≤ asked ≤ captured ≤ held, moves only forward, and books what it moves', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let payment = newPayment(minor(1_000))
        const effects: PaymentEffect[] = []
        for (const event of events) {
          const step = stepPayment(payment, event)
          effects.push(...step.effects)
          const next = step.state
          expect(next.refundedMinor).toBeLessThanOrEqual(next.refundAskedMinor)
          expect(next.refundAskedMinor).toBeLessThanOrEqual(next.capturedMinor)
          expect(next.capturedMinor).toBeLessThanOrEqual(next.heldMinor)
          expect(next.capturedMinor).toBeGreaterThanOrEqual(payment.capturedMinor)
          expect(next.refundedMinor).toBeGreaterThanOrEqual(payment.refundedMinor)
          const isRefundedMore = next.refundAskedMinor > payment.refundAskedMinor
          if (!isRefundedMore) expect(rank[next.status]).toBeGreaterThanOrEqual(rank[payment.status])
          payment = next
        }
        expect(effects.filter(({ kind }) => kind === 'book_capture').length).toBeLessThanOrEqual(1)
        expect(sumOf(effects, 'book_capture')).toBe(payment.capturedMinor)
        expect(sumOf(effects, 'refund')).toBe(payment.refundAskedMinor)
        expect(sumOf(effects, 'book_refund')).toBe(payment.refundedMinor)
      }),
      { numRuns: 2_000 },
    )
  })

  it('does nothing when the same event comes again', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), anyEvent, (events, event) => {
        const before = events.reduce((state, one) => stepPayment(state, one).state, newPayment(minor(1_000)))
        const once = stepPayment(before, event).state
        const twice = stepPayment(once, event)
        expect(twice.state).toEqual(once)
        expect(twice.effects.every(({ kind }) => kind === 'suspect')).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

/** A provider as it is: one hold, one capture per key, and everything it ever said, which may arrive at any time. */
class Provider {
  hold: HoldSnapshot = { kind: 'pending' }
  captures = 0
  refundedMinor = 0
  readonly said: HoldSnapshot[] = [this.hold]

  say(hold: HoldSnapshot): void {
    this.hold = hold
    this.said.push(hold)
  }
  capture(amountMinor: number): void {
    if (this.hold.kind !== 'held') return
    this.captures += 1
    this.say({ kind: 'captured', capturedMinor: minor(amountMinor) })
  }
  release(): void {
    if (this.hold.kind === 'pending') this.say({ kind: 'failed' })
    if (this.hold.kind === 'held') this.say({ kind: 'released' })
  }
}

type Deed =
  | { readonly kind: 'approve' | 'decline' | 'capture' | 'capture_lost' | 'release' | 'unfreeze' | 'refund' | 'fetch' }
  | { readonly kind: 'hear'; readonly which: number }
  | { readonly kind: 'ours'; readonly event: PaymentEvent }
const total = fc.integer({ min: 0, max: 1_500 }).map(minor)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc
    .constantFrom('approve', 'decline', 'capture', 'capture_lost', 'release', 'unfreeze', 'refund', 'fetch')
    .map((kind) => ({ kind }) as Deed),
  fc.record({ kind: fc.constant('hear' as const), which: fc.nat(30) }),
  fc
    .oneof(
      fc.constantFrom('attach', 'release_asked', 'expiry_tick').map((kind) => ({ kind }) as PaymentEvent),
      fc.record({ kind: fc.constantFrom('settle' as const, 'adjust' as const), totalMinor: total }),
    )
    .map((event) => ({ kind: 'ours' as const, event })),
)

/** The service around the machine, as far as money is concerned. */
function play(deeds: readonly Deed[]) {
  const provider = new Provider()
  let payment = newPayment(minor(1_000))
  const suspects: string[] = []
  let asked = 0
  const take = (event: PaymentEvent): void => {
    const step = stepPayment(payment, event)
    payment = step.state
    for (const effect of step.effects) {
      if (effect.kind === 'refund') asked += effect.amountMinor
      if (effect.kind === 'suspect' && event.kind === 'snapshot') suspects.push(effect.sentence)
    }
  }
  const hear = (hold: HoldSnapshot): void => take({ kind: 'snapshot', snapshot: hold })
  const isCapturable = (): boolean =>
    payment.status === 'capture_pending' || (payment.status === 'debt' && !payment.holdGone)
  const capture = (isAnswerLost: boolean): void => {
    take({ kind: 'capture_sent' })
    if (!isCapturable()) return
    if (payment.dueMinor === 0) {
      hear(provider.hold)
      take({ kind: 'capture_failed' })
      return
    }
    provider.capture(payment.captureMinor ?? 0)
    if (!isAnswerLost) hear(provider.hold)
  }
  const perform = (one: Deed): void => {
    switch (one.kind) {
      case 'approve':
        if (provider.hold.kind === 'pending') provider.say({ kind: 'held' })
        break
      case 'decline':
        if (provider.hold.kind === 'pending') provider.say({ kind: 'failed' })
        break
      case 'unfreeze':
        if (provider.hold.kind === 'held') provider.say({ kind: 'released' })
        break
      case 'capture':
        capture(false)
        break
      case 'capture_lost':
        capture(true)
        break
      case 'release':
        if (payment.status === 'release_pending') provider.release()
        break
      case 'refund':
        provider.refundedMinor = asked
        take({ kind: 'refund_confirmed', refundedMinor: minor(asked) })
        break
      case 'fetch':
        hear(provider.hold)
        break
      case 'hear':
        hear(provider.said[one.which % provider.said.length] ?? provider.hold)
        break
      case 'ours':
        take(one.event)
        break
    }
  }
  for (const one of deeds) perform(one)
  // The world heals: the payer answers, every effect is performed, every question is answered.
  for (let round = 0; round < 5; round += 1) {
    if (payment.status === 'hold_pending') perform({ kind: 'approve' })
    perform({ kind: 'fetch' })
    perform({ kind: 'ours', event: { kind: 'expiry_tick' } })
    for (const kind of ['capture', 'release', 'fetch', 'refund'] as const) perform({ kind })
  }
  return { payment: payment as Payment, provider, suspects }
}

describe('a payment and its provider', () => {
  it('agree on the money after healing, charged at most once, whatever was lost, repeated or reordered', () => {
    const resting: readonly PaymentStatus[] = [
      ...(['held', 'expired', 'captured', 'released', 'partially_refunded', 'refunded', 'failed', 'debt'] as const),
    ]
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
        const { payment, provider, suspects } = play(deeds)
        expect(provider.captures).toBeLessThanOrEqual(1)
        expect(payment.capturedMinor).toBe(provider.hold.kind === 'captured' ? provider.hold.capturedMinor : 0)
        expect(payment.refundedMinor).toBe(provider.refundedMinor)
        expect(payment.refundedMinor).toBe(payment.refundAskedMinor)
        expect(resting).toContain(payment.status)
        if (payment.status === 'held') expect(payment.attached).toBe(true)
        if (payment.status === 'captured') expect(payment.capturedMinor).toBe(payment.dueMinor)
        if (payment.status === 'partially_refunded') {
          expect(payment.capturedMinor - payment.refundedMinor).toBe(payment.dueMinor)
        }
        if (payment.status === 'released') expect(provider.hold.kind).not.toBe('held')
        expect(suspects).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })
})
