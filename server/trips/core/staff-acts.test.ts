import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../contracts/refusals.ts'
import { epochMs, minor } from '../../../contracts/units.ts'
import {
  newPayment,
  type Payment,
  type PaymentEffect,
  type PaymentEvent,
  stepPayment,
} from '../../payments/core/payment-machine.ts'
import { priceRide, type Tariff, type WaivableLine, waivableLines } from './fare.ts'
import {
  decideEnd,
  decideExtend,
  decideForgive,
  decideRefund,
  decideReprice,
  giveUnlockUpAfterMs,
  longestExtensionMs,
} from './staff-acts.ts'
import { newTrip, stepTrip, type TripFacts } from './trip-machine.ts'

const tariff: Tariff = {
  ...{ tariffId: 't1', currency: 'CNY', unlockMinor: 150, perMinuteMinor: 30, pausePerMinuteMinor: 10 },
  ...{ dayCapMinor: 4_800, freeExitMs: 180_000, holdMinor: 900, vatPercent: 9 },
  ...{ wrongPlaceMinor: 500, noParkingMinor: 800, hotspotRewardMinor: 100, putRightMs: 1_800_000 },
}
const t0 = 1_790_000_000_000
/** Where it may be left. */
const left = (facts: TripFacts) => ({ facts, parking: null })
const at = (ms: number) => epochMs(t0 + ms)
const fresh = newTrip(at(0), 10_000)
const riding: TripFacts = { ...fresh, state: 'riding', startedAt: at(5_000), dueAt: null }
const paused: TripFacts = { ...riding, state: 'paused', pausedSince: at(60_000), dueAt: at(90_000_000) }
const ending: TripFacts = {
  ...riding,
  ...{ state: 'ending', endedAt: at(100_000), endedBy: 'lock_will_not_close', dueAt: at(700_000) },
}
const ended = (minutes: number): TripFacts => ({
  ...riding,
  ...{ state: 'charged', endedAt: at(5_000 + minutes * 60_000), endedBy: 'lock' },
})

const endOf = (facts: TripFacts, nowMs: number, askedMs: number | null = null, lastRiddenMs: number | null = null) =>
  decideEnd(
    facts,
    {
      nowMs: at(nowMs),
      askedMs: askedMs === null ? null : at(askedMs),
      lastRiddenMs: lastRiddenMs === null ? null : at(lastRiddenMs),
    },
    false,
  )
const outcomeOf = (
  facts: TripFacts,
  nowMs: number,
  askedMs: number | null = null,
  lastRiddenMs: number | null = null,
) => {
  const decided = endOf(facts, nowMs, askedMs, lastRiddenMs)
  if (isRefusal(decided)) return decided.code
  const { state, effects } = stepTrip(facts, decided.event)
  return `${state.state} ${(state.endedAt ?? t0) - t0}: ${effects.map((effect) => effect.kind).join(' ')}`
}

describe('a colleague who ends a trip', () => {
  it.each([
    ['before its lock was asked, costs nothing', fresh, 1_000, null, 'failed 0: release_hold'],
    [
      'whose unlock is under way, is told to wait',
      { ...fresh, state: 'unlocking' } as const,
      1_000,
      null,
      'trip_wrong_state',
    ],
    [
      'whose unlock nobody answered, frees it',
      { ...fresh, state: 'unlocking' } as const,
      giveUnlockUpAfterMs,
      null,
      'failed 0: release_hold alarm',
    ],
    ['that rides, prices it until now', riding, 200_000, null, 'ended 200000: settle alarm'],
    ['that rides, prices it until then', riding, 200_000, 150_000, 'ended 150000: settle alarm'],
    ['before it began, is refused', riding, 200_000, 4_999, 'end_time_wrong'],
    ['in the future, is refused', riding, 200_000, 200_001, 'end_time_wrong'],
    ['that is paused, knows that its lock is closed', paused, 200_000, null, 'ended 200000: settle'],
    ['that its rider has ended, keeps that end', ending, 200_000, null, 'ended 100000: settle alarm'],
    ['that is over, is refused', ended(5), 900_000, null, 'trip_wrong_state'],
  ])('%s', (_, facts, nowMs, askedMs, outcome) => expect(outcomeOf(facts, nowMs, askedMs)).toBe(outcome))

  it('never ends it before the moment at which somebody was last seen riding', () => {
    expect(outcomeOf(riding, 200_000, 149_999, 150_000)).toBe('end_time_wrong')
    expect(outcomeOf(riding, 200_000, 150_000, 150_000)).toBe('ended 150000: settle alarm')
  })

  it('leaves waived what the lock’s own fault had waived', () => {
    const decided = endOf(ending, 200_000)
    expect(isRefusal(decided) ? decided : stepTrip(ending, decided.event).state.endedBy).toBe('lock_will_not_close')
  })

  it('never asks for more than ending it now would, and never throws', () => {
    const ms = fc.integer({ min: 0, max: 500_000 })
    fc.assert(
      fc.property(fc.constantFrom(riding, paused, ending), ms, ms, (facts, asked, later) => {
        const nowMs = 500_000 + later
        const decided = endOf(facts, nowMs, asked)
        if (isRefusal(decided)) return
        const { state } = stepTrip(facts, decided.event)
        expect(state.state).toBe('ended')
        expect(state.endedAt).toBeLessThanOrEqual(at(nowMs))
        expect(state.endedAt).toBeGreaterThanOrEqual(at(5_000))
      }),
    )
  })
})

describe('a colleague who lets a ride last', () => {
  it('moves the end of a long pause with it, and never an end to the past', () => {
    const decided = decideExtend(paused, at(100_000), at(200_000_000))
    expect(isRefusal(decided) ? decided : stepTrip(paused, decided.event).state).toMatchObject({
      allowedUntil: at(200_000_000),
      dueAt: at(200_000_000),
    })
    expect(decideExtend(riding, at(100_000), at(100_000))).toMatchObject({ code: 'extension_wrong' })
    expect(decideExtend(riding, at(0), at(longestExtensionMs + 1))).toMatchObject({ code: 'extension_wrong' })
    expect(decideExtend(ended(5), at(0), at(1))).toMatchObject({ code: 'trip_wrong_state' })
  })
})

/** What may be asked at a desk, in any order, with any numbers. */
type Deed =
  | { readonly kind: 'refund'; readonly amount: number }
  | {
      readonly kind: 'reprice'
      readonly minutes: number
      readonly pause: number
      readonly waived: readonly WaivableLine[]
    }
  | { readonly kind: 'forgive' }
  | { readonly kind: 'provider' }
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('refund' as const), amount: fc.integer({ min: 1, max: 1_500 }) }),
  fc.record({
    kind: fc.constant('reprice' as const),
    minutes: fc.integer({ min: 0, max: 60 }),
    pause: fc.integer({ min: 0, max: 60 }),
    waived: fc.subarray([...waivableLines]),
  }),
  fc.constantFrom<Deed>({ kind: 'forgive' }, { kind: 'provider' }),
)

/** A ride of `minutes` that was priced and, unless its payer was short, taken. */
function pricedRide(minutes: number, isTaken: boolean) {
  const facts = ended(minutes)
  const total = priceRide(tariff, {
    ...{ startedAt: at(5_000), endedAt: facts.endedAt ?? at(0), pausedMs: 0, freeExitReason: null, lockFault: false },
  }).total
  let payment = newPayment(minor(tariff.holdMinor))
  const story: readonly PaymentEvent[] = [
    { kind: 'snapshot', snapshot: { kind: 'held' } },
    { kind: 'attach' },
    { kind: 'settle', totalMinor: total },
    { kind: 'capture_sent' },
    isTaken
      ? { kind: 'snapshot', snapshot: { kind: 'captured', capturedMinor: minor(Math.min(total, tariff.holdMinor)) } }
      : { kind: 'capture_failed' },
  ]
  for (const event of story) payment = stepPayment(payment, event).state
  return { facts, payment, total }
}

/** One deed on a ride and its payment, as the service does it. */
function play(facts: TripFacts, payment: Payment, one: Deed): { facts: TripFacts; payment: Payment; asked: number } {
  const moved = (event: PaymentEvent) => {
    const step = stepPayment(payment, event)
    const asked = step.effects.reduce(
      (sum, effect: PaymentEffect) => sum + (effect.kind === 'refund' ? effect.amountMinor : 0),
      0,
    )
    return { payment: step.state, asked }
  }
  if (one.kind === 'provider') {
    return { facts, ...moved({ kind: 'refund_confirmed', refundedMinor: payment.refundAskedMinor }) }
  }
  if (one.kind === 'forgive') {
    return isRefusal(decideForgive(payment))
      ? { facts, payment, asked: 0 }
      : { facts, ...moved({ kind: 'debt_forgiven' }) }
  }
  const decided =
    one.kind === 'refund'
      ? decideRefund('a1', left(facts), payment, tariff, one.amount)
      : decideReprice('a1', left(facts), payment, tariff, {
          endedAt: at(5_000 + one.minutes * 60_000),
          pausedMs: one.pause * 60_000,
          waived: one.waived,
        })
  if (isRefusal(decided)) return { facts, payment, asked: 0 }
  const next = moved({ kind: 'adjust', totalMinor: decided.event.dueMinor })
  expect(next.asked).toBe(Math.min(decided.backMinor, next.asked))
  return { facts: stepTrip(facts, decided.event).state, ...next }
}

describe('whatever colleagues do to a price, in any order', () => {
  it('the rider owes less each time, and never gets back more than was taken', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        fc.array(deed, { maxLength: 20 }),
        (minutes, isTaken, deeds) => {
          let { facts, payment } = pricedRide(minutes, isTaken)
          for (const one of deeds) {
            const next = play(facts, payment, one)
            expect(next.payment.dueMinor).toBeLessThanOrEqual(payment.dueMinor)
            expect(next.payment.refundAskedMinor).toBeLessThanOrEqual(next.payment.capturedMinor)
            expect(next.payment.refundedMinor).toBeLessThanOrEqual(next.payment.refundAskedMinor)
            expect(next.asked).toBe(next.payment.refundAskedMinor - payment.refundAskedMinor)
            facts = next.facts
            payment = next.payment
          }
          if (payment.status !== 'debt')
            expect(payment.capturedMinor - payment.refundAskedMinor).toBe(
              Math.min(payment.dueMinor, payment.capturedMinor),
            )
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('a price is what the tariff, the ride and the goodwill make of it: computed again it is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.array(deed, { maxLength: 10 }), (minutes, deeds) => {
        let { facts, payment } = pricedRide(minutes, true)
        if (payment.status === 'debt') return
        for (const one of deeds) ({ facts, payment } = play(facts, payment, one))
        const fare = priceRide(tariff, {
          ...{ startedAt: at(5_000), endedAt: facts.endedAt ?? at(0), pausedMs: facts.pausedMs },
          ...{ freeExitReason: null, lockFault: false, goodwill: facts.goodwill },
        })
        expect(fare.total).toBe(payment.dueMinor)
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives back nothing of what was not taken, and nothing while a debt stands', () => {
    const { facts, payment } = pricedRide(5, false)
    expect(payment.status).toBe('debt')
    expect(decideRefund('a1', left(facts), payment, tariff, 1)).toMatchObject({ code: 'nothing_taken' })
    expect(decideRefund('a1', left(riding), payment, tariff, 1)).toMatchObject({ code: 'trip_wrong_state' })
    const paid = pricedRide(5, true)
    expect(decideForgive(paid.payment)).toMatchObject({ code: 'no_debt' })
    expect(decideRefund('a1', left(paid.facts), paid.payment, tariff, 301)).toMatchObject({ code: 'refund_too_much' })
    expect(decideReprice('a1', left(paid.facts), paid.payment, tariff, {})).toMatchObject({ code: 'price_not_lower' })
  })
})
