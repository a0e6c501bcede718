import { describe, expect, it } from 'vitest'
import type { PaymentStatus } from '../../../contracts/http/payments.ts'
import { minor } from '../../../contracts/units.ts'
import { type HoldSnapshot, newPayment, type Payment, type PaymentEvent, stepPayment } from './payment-machine.ts'

const learn = (snapshot: HoldSnapshot): PaymentEvent => ({ kind: 'snapshot', snapshot })
const events = {
  absent: learn({ kind: 'absent' }),
  pending: learn({ kind: 'pending' }),
  held: learn({ kind: 'held' }),
  failed: learn({ kind: 'failed' }),
  released: learn({ kind: 'released' }),
  captured: learn({ kind: 'captured', capturedMinor: minor(900) }),
  declined: { kind: 'hold_declined' },
  attach: { kind: 'attach' },
  free: { kind: 'settle', totalMinor: minor(0) },
  settle: { kind: 'settle', totalMinor: minor(900) },
  lower: { kind: 'adjust', totalMinor: minor(400) },
  nothing: { kind: 'adjust', totalMinor: minor(0) },
  higher: { kind: 'adjust', totalMinor: minor(950) },
  sent: { kind: 'capture_sent' },
  unsent: { kind: 'capture_failed' },
  release: { kind: 'release_asked' },
  expiry: { kind: 'expiry_tick' },
  refund: { kind: 'refund_confirmed', refundedMinor: minor(500) },
  forgive: { kind: 'debt_forgiven' },
  begun: { kind: 'other_begun' },
  ended: { kind: 'other_ended' },
  elsewhere: { kind: 'paid_elsewhere', amountMinor: minor(900) },
} as const satisfies Record<string, PaymentEvent>
type EventName = keyof typeof events
const eventNames = Object.keys(events) as EventName[]

const promise = newPayment(minor(1_000))
const ride: Payment = { ...promise, status: 'held', attached: true }
const priced: Payment = { ...ride, status: 'capture_pending', dueMinor: minor(900) }
const sent: Payment = { ...priced, captureMinor: minor(900) }
const paid: Payment = { ...sent, status: 'captured', capturedMinor: minor(900), holdGone: true }
const refunding: Payment = { ...paid, status: 'refund_pending', dueMinor: minor(400), refundAskedMinor: minor(500) }

/** One payment for every state, and for every difference within a state that matters. */
const payments = {
  hold_pending: promise,
  'held, no trip': { ...promise, status: 'held' },
  held: ride,
  'expired, no trip': { ...promise, status: 'expired', holdGone: true },
  expired: { ...ride, status: 'expired', holdGone: true },
  'capture_pending, not sent': priced,
  'capture_pending, sent': sent,
  'capture_pending, sent, nothing due': { ...sent, dueMinor: minor(0) },
  captured: paid,
  release_pending: { ...ride, status: 'release_pending' },
  'release_pending, capture sent': { ...sent, status: 'release_pending', dueMinor: minor(0) },
  released: { ...ride, status: 'released', holdGone: true },
  refund_pending: refunding,
  partially_refunded: { ...refunding, status: 'partially_refunded', refundedMinor: minor(500) },
  refunded: {
    ...paid,
    ...{ status: 'refunded', dueMinor: minor(0), refundAskedMinor: minor(900), refundedMinor: minor(900) },
  },
  failed: { ...promise, status: 'failed', holdGone: true },
  'debt, hold there': { ...sent, status: 'debt' },
  'debt, hold gone': { ...sent, status: 'debt', holdGone: true },
  'debt, part taken': {
    ...paid,
    ...{ status: 'debt', dueMinor: minor(940), captureMinor: minor(900) },
  },
} as const satisfies Record<string, Payment>
type PaymentName = keyof typeof payments
const paymentNames = Object.keys(payments) as PaymentName[]

/** `·` nothing, `!` a contradiction that only alarms, `=` the same state with other facts, or the new state; then effects. */
function outcomeOf(payment: Payment, event: PaymentEvent): string {
  const { state, effects } = stepPayment(payment, event)
  const names = effects.map((effect) => (effect.kind === 'settled' ? `told ${effect.outcome}` : effect.kind))
  const isSame = JSON.stringify(state) === JSON.stringify(payment)
  if (isSame && names.length === 0) return '·'
  if (isSame && names.join() === 'suspect') return '!'
  return [state.status === payment.status ? '=' : state.status, ...names].join(' + ')
}

const released = 'released + told released'
const debt = 'debt + told debt'
const give = 'release_pending + release'
const charge = 'capture_pending + book_price + capture'
const take = 'captured + book_capture + told captured'
const back = 'refund_pending + book_price + refund'

/** Every pair; what is not written is `·`. */
const table: Readonly<Record<PaymentName, Partial<Record<EventName, string>>>> = {
  hold_pending: {
    ...{ held: 'held', failed: 'failed', released: 'failed', captured: '!', declined: 'failed', settle: '!' },
    ...{ lower: '!', higher: '!', release: give, expiry: give },
  },
  'held, no trip': {
    ...{ absent: '!', failed: 'expired', released: 'expired', captured: '!', attach: '=', free: '!', settle: '!' },
    ...{ lower: '!', higher: '!', release: give, expiry: give },
  },
  held: {
    ...{ absent: '!', failed: 'expired', released: 'expired', captured: '!', free: give, settle: charge },
    ...{ lower: '!', higher: '!', release: give },
  },
  'expired, no trip': { captured: '!', free: '!', settle: '!', lower: '!', higher: '!' },
  expired: { captured: '!', free: give, settle: charge, lower: '!', higher: '!', release: give },
  'capture_pending, not sent': {
    ...{ absent: '!', failed: debt, released: debt, captured: '!', lower: '= + book_price', higher: '!' },
    ...{ nothing: 'release_pending + book_price + release', sent: '=', unsent: debt, release: '!' },
  },
  'capture_pending, sent': {
    ...{ absent: '!', failed: debt, released: debt, captured: take, lower: '= + book_price', higher: '!' },
    ...{ nothing: '= + book_price', unsent: debt, release: '!' },
  },
  'capture_pending, sent, nothing due': {
    ...{ absent: '!', failed: released, released, lower: '!', higher: '!', unsent: give, release: '!' },
    captured: 'refund_pending + book_capture + told captured + refund',
  },
  captured: { lower: back, nothing: back, higher: '!', release: '!' },
  release_pending: {
    absent: released,
    failed: released,
    released,
    captured: '!',
    settle: '!',
    lower: '!',
    higher: '!',
  },
  'release_pending, capture sent': {
    ...{ absent: released, failed: released, released, settle: '!', lower: '!', higher: '!' },
    captured: 'refund_pending + book_capture + told captured + refund',
  },
  released: { captured: '!', settle: '!', lower: '!', higher: '!' },
  refund_pending: {
    nothing: '= + book_price + refund',
    ...{ higher: '!', refund: 'partially_refunded + book_refund' },
  },
  partially_refunded: { nothing: back, higher: '!' },
  refunded: { lower: '!', higher: '!' },
  failed: { captured: '!', settle: '!', lower: '!', higher: '!' },
  'debt, hold there': {
    ...{ failed: '=', released: '=', captured: take, lower: '= + book_price', higher: '!', release: '!' },
    nothing: 'release_pending + book_price + release',
    forgive: 'release_pending + book_write_off + release',
  },
  'debt, hold gone': {
    ...{ captured: take, lower: '= + book_price', higher: '!', release: '!' },
    nothing: 'released + book_price + told released',
    forgive: 'released + book_write_off + told released',
  },
  'debt, part taken': {
    ...{ lower: 'refund_pending + book_price + told captured + refund', higher: '!', release: '!' },
    nothing: 'refund_pending + book_price + told captured + refund',
    forgive: 'captured + book_write_off + told captured',
  },
}

/** What it means that another payment paid what was owed here; where nothing is written, nothing was owed: `!`. */
const paidElsewhere: Partial<Record<PaymentName, string>> = {
  captured: 'refund_pending + refund',
  release_pending: '= + keep_elsewhere',
  'release_pending, capture sent': '= + keep_elsewhere',
  released: '= + keep_elsewhere',
  refund_pending: '= + refund + keep_elsewhere',
  partially_refunded: 'refund_pending + refund + keep_elsewhere',
  refunded: '= + keep_elsewhere',
  'debt, hold there': 'captured + told captured + release',
  'debt, hold gone': 'captured + told captured',
  'debt, part taken': 'refund_pending + told captured + refund',
}

describe('a payment', () => {
  for (const name of paymentNames) {
    it(`that is ${name} answers every event as the table says`, () => {
      const expected = {
        ...Object.fromEntries(eventNames.map((event) => [event, table[name][event] ?? '·'])),
        elsewhere: paidElsewhere[name] ?? '!',
        begun: payments[name].status === 'debt' ? '=' : '·',
      }
      const seen = Object.fromEntries(eventNames.map((event) => [event, outcomeOf(payments[name], events[event])]))
      expect(seen).toEqual(expected)
    })
  }

  it('captures the whole hold when the ride costs more, and the rest is a debt', () => {
    const dear = stepPayment(ride, { kind: 'settle', totalMinor: minor(1_450) }).state
    const asked = stepPayment(dear, { kind: 'capture_sent' }).state
    expect(asked.captureMinor).toBe(1_000)
    const taken = stepPayment(asked, learn({ kind: 'captured', capturedMinor: minor(1_000) }))
    expect(taken.state).toMatchObject({ status: 'debt', dueMinor: 1_450, capturedMinor: 1_000 })
  })

  it('believes no capture of another amount than was asked for', () => {
    expect(outcomeOf(sent, learn({ kind: 'captured', capturedMinor: minor(901) }))).toBe('!')
    expect(outcomeOf(paid, learn({ kind: 'captured', capturedMinor: minor(901) }))).toBe('!')
  })

  it('reaches every state, and leaves every one that is not final', () => {
    const final: readonly PaymentStatus[] = ['failed', 'released', 'refunded']
    const every = new Set(paymentNames.map((name) => payments[name].status))
    expect(every.size).toBe(12)
    const { reached, left } = explore()
    expect(reached).toEqual(every)
    // These are left in one way only: by a capture that the provider had denied before. See the next test.
    left.delete('released')
    left.delete('refunded')
    expect(left).toEqual(new Set([...every].filter((status) => !final.includes(status))))
  })

  it('gives back a capture that the provider had denied before, even after the release', () => {
    const denied: Payment = { ...sent, status: 'released', dueMinor: minor(0), holdGone: true }
    const late = stepPayment(denied, events.captured)
    expect(late.state).toMatchObject({ status: 'refund_pending', capturedMinor: 900, refundAskedMinor: 900 })
    expect(late.effects.map((effect) => effect.kind)).toEqual(['book_capture', 'settled', 'refund'])
  })
})

/** Every state that events lead to from a fresh promise, and those that some event leaves. */
function explore() {
  const more: readonly PaymentEvent[] = [
    { kind: 'settle', totalMinor: minor(1_450) },
    learn({ kind: 'captured', capturedMinor: minor(1_000) }),
    { kind: 'refund_confirmed', refundedMinor: minor(900) },
  ]
  const seen = new Map([[JSON.stringify(promise), promise]])
  const left = new Set<PaymentStatus>()
  for (const payment of seen.values()) {
    for (const event of [...Object.values(events), ...more]) {
      const { state } = stepPayment(payment, event)
      if (state.status !== payment.status) left.add(payment.status)
      seen.set(JSON.stringify(state), seen.get(JSON.stringify(state)) ?? state)
    }
  }
  return { reached: new Set([...seen.values()].map((payment) => payment.status)), left }
}
