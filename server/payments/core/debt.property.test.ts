import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minor } from '../../../contracts/units.ts'
import { holdsInVain, mayCapture, owedMinor } from './payment-claims.ts'
import { type HoldSnapshot, newPayment, type Payment, type PaymentEvent, stepPayment } from './payment-machine.ts'

/** A provider's side of one hold: a request that was sent may arrive at any later time, as long as the hold stands. */
class Hold {
  hold: HoldSnapshot = { kind: 'pending' }
  readonly sent: number[] = []
  refundedMinor = 0

  approve(): void {
    if (this.hold.kind === 'pending') this.hold = { kind: 'held' }
  }
  arrive(): void {
    const amountMinor = this.sent.shift()
    if (amountMinor === undefined || this.hold.kind !== 'held') return
    this.hold = { kind: 'captured', capturedMinor: minor(amountMinor) }
  }
  release(): void {
    if (this.hold.kind === 'pending') this.hold = { kind: 'failed' }
    if (this.hold.kind === 'held') this.hold = { kind: 'released' }
  }
  get netMinor(): number {
    return (this.hold.kind === 'captured' ? this.hold.capturedMinor : 0) - this.refundedMinor
  }
}

const heldMinor = 1_000
const steps = [
  'retry',
  'late',
  'begin',
  'approve',
  'refuse',
  'take',
  'arrive',
  'hear',
  'hear_other',
  'cancel',
  'rest',
] as const
type Deed = { readonly kind: (typeof steps)[number] } | { readonly kind: 'adjust'; readonly totalMinor: number }
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom(...steps).map((kind) => ({ kind })),
  fc.record({ kind: fc.constant('adjust' as const), totalMinor: fc.integer({ min: 0, max: 900 }) }),
)

/** A ride whose capture came to nothing, the payments that its rider makes for it, and what both sides know. */
function world(dueMinor: number) {
  const first = new Hold()
  first.hold = { kind: 'held' }
  const told: string[] = []
  let debt: Payment = { ...newPayment(minor(heldMinor)), status: 'held', attached: true }
  let other: { payment: Payment; readonly hold: Hold; refundAskedMinor: number } | null = null
  const paidByOthers: Hold[] = []
  let refundAskedMinor = 0

  const tellDebt = (event: PaymentEvent): void => {
    const step = stepPayment(debt, event)
    debt = step.state
    for (const effect of step.effects) {
      if (effect.kind === 'refund') refundAskedMinor += effect.amountMinor
      if (effect.kind === 'settled') told.push(effect.outcome)
      if (effect.kind === 'suspect') told.push(effect.sentence)
      if (effect.kind === 'keep_elsewhere') tellOther({ kind: 'adjust', totalMinor: effect.amountMinor })
    }
  }
  const tellOther = (event: PaymentEvent): void => {
    if (other === null) return
    const before = other.payment
    const step = stepPayment(before, event)
    other.payment = step.state
    for (const effect of step.effects) if (effect.kind === 'refund') other.refundAskedMinor += effect.amountMinor
    if (step.state.status === before.status) return
    if (step.state.capturedMinor > 0) {
      if (before.capturedMinor === 0) tellDebt({ kind: 'paid_elsewhere', amountMinor: step.state.capturedMinor })
      return
    }
    if (step.state.status === 'held') {
      tellOther({ kind: 'attach' })
      tellOther({ kind: 'settle', totalMinor: owedMinor(debt) })
    }
    if (step.state.status === 'debt') tellOther({ kind: 'debt_forgiven' })
    if (['failed', 'expired', 'released'].includes(step.state.status)) {
      tellDebt({ kind: 'other_ended' })
      other = null
    }
  }
  const hearFirst = () => tellDebt({ kind: 'snapshot', snapshot: first.hold })
  const hearOther = () => other && tellOther({ kind: 'snapshot', snapshot: other.hold.hold })
  const perform = (one: Deed): void => {
    switch (one.kind) {
      case 'retry':
        if (mayCapture(debt) && debt.captureMinor !== null) first.sent.push(debt.captureMinor)
        break
      case 'late':
        first.arrive()
        break
      case 'begin':
        if (other !== null || owedMinor(debt) === 0) break
        other = { payment: newPayment(owedMinor(debt)), hold: new Hold(), refundAskedMinor: 0 }
        paidByOthers.push(other.hold)
        tellDebt({ kind: 'other_begun' })
        break
      case 'approve':
        other?.hold.approve()
        break
      case 'refuse':
        if (other?.hold.hold.kind === 'held' && other.hold.sent.length === 0) {
          hearOther()
          tellOther({ kind: 'capture_failed' })
        }
        break
      case 'take':
        tellOther({ kind: 'capture_sent' })
        if (other !== null && mayCapture(other.payment)) other.hold.sent.push(other.payment.captureMinor ?? 0)
        break
      case 'arrive':
        other?.hold.arrive()
        break
      case 'hear':
        hearFirst()
        hearOther()
        break
      case 'hear_other':
        hearOther()
        break
      case 'cancel':
        if (other?.payment.attached === false) tellOther({ kind: 'release_asked' })
        break
      case 'adjust':
        if (one.totalMinor < debt.dueMinor && ['debt', 'captured', 'partially_refunded'].includes(debt.status)) {
          tellDebt({ kind: 'adjust', totalMinor: minor(one.totalMinor) })
        }
        break
      case 'rest':
        if (debt.status === 'release_pending' || holdsInVain(debt)) first.release()
        if (other?.payment.status === 'release_pending') other.hold.release()
        if (refundAskedMinor > first.refundedMinor) {
          first.refundedMinor = refundAskedMinor
          tellDebt({ kind: 'refund_confirmed', refundedMinor: minor(refundAskedMinor) })
        }
        if (other !== null && other.refundAskedMinor > other.hold.refundedMinor) {
          other.hold.refundedMinor = other.refundAskedMinor
          tellOther({ kind: 'refund_confirmed', refundedMinor: minor(other.refundAskedMinor) })
        }
        break
    }
  }
  tellDebt({ kind: 'settle', totalMinor: minor(dueMinor) })
  tellDebt({ kind: 'capture_sent' })
  tellDebt({ kind: 'capture_failed' })
  told.length = 0
  const net = () => first.netMinor + paidByOthers.reduce((sum, hold) => sum + hold.netMinor, 0)
  return { perform, told, net, debt: () => debt, first }
}

describe('a debt that is collected again while its rider pays it', () => {
  it('is paid once, whatever comes late, is lost or made cheaper; and its ride is told once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.array(deed, { maxLength: 40 }), (dueMinor, deeds) => {
        const { perform, told, net, debt, first } = world(dueMinor)
        for (const one of deeds) perform(one)
        // The world heals: the rider pays at last, and everything that was sent arrives or never will.
        for (let round = 0; round < 8; round += 1) {
          for (const kind of [
            'hear',
            'begin',
            'approve',
            'hear',
            'take',
            'arrive',
            'hear_other',
            'late',
            'hear',
            'rest',
          ] as const) {
            perform({ kind })
          }
        }
        expect(net()).toBe(debt().dueMinor)
        expect(['captured', 'released', 'partially_refunded', 'refunded']).toContain(debt().status)
        expect(told).toEqual([debt().status === 'released' ? 'released' : 'captured'])
        expect(first.hold.kind).not.toBe('held')
      }),
      { numRuns: 5_000 },
    )
  })
})
