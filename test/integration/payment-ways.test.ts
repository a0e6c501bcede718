import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assert } from '../../contracts/assert.ts'
import type { PromiseView, WayToPay } from '../../contracts/http/payments.ts'
import { asId, type RiderId } from '../../contracts/ids.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { minor } from '../../contracts/units.ts'
import { openPromiseOf } from '../../server/payments/open-promise.ts'
import { openPaymentsWorld, type PaymentsWorld } from '../fixtures/payments-world.ts'

let world: PaymentsWorld
beforeAll(async () => {
  world = await openPaymentsWorld()
})
afterAll(() => world.close())

async function promise(riderId: string, way: WayToPay, returnPath?: string): Promise<PromiseView> {
  const wanted = { provider: 'alipay', way, returnPath, amountMinor: minor(9_900), currency: 'CNY' }
  const view = await world.payments.openPromise(riderId, wanted)
  assert(!isRefusal(view), `a rider may promise: ${JSON.stringify(view)}`)
  return view
}

async function look(riderId: string, { promiseId }: PromiseView): Promise<PromiseView> {
  const view = await world.payments.promiseView(riderId, promiseId)
  assert(!isRefusal(view), 'a rider sees the own promise')
  return view
}

const codeOf = ({ next }: PromiseView): string => {
  if (next.kind === 'redirect') return next.url
  if (next.kind === 'qr') return next.content
  assert(next.kind === 'app', 'somebody is asked')
  return next.fallbackUrl
}

describe('the way to the question', () => {
  it('is a page, a code or the app, as the provider has them', async () => {
    const answer = await world.app.inject({ url: '/v1/payment-methods' })
    expect(answer.json()).toEqual({ methods: [{ provider: 'alipay', name: 'Alipay', ways: ['page', 'qr', 'app'] }] })
  })

  it('can be changed on the way without a second request for money', async () => {
    const riderId = await world.newRider()
    const page = await promise(riderId, 'page', '/b/X')
    const app = await promise(riderId, 'app', '/b/X')
    const qr = await promise(riderId, 'qr')
    expect([page.next.kind, app.next.kind, qr.next.kind]).toEqual(['redirect', 'app', 'qr'])
    expect(new Set([page.promiseId, app.promiseId, qr.promiseId]).size).toBe(1)
    expect(new Set([page, app, qr].map(codeOf)).size).toBe(1)
    assert(app.next.kind === 'app', 'the app is a way')
    const opened = await fetch(app.next.url)
    expect([opened.status, opened.url]).toEqual([200, codeOf(page)])
  })

  it('from a code for another phone to this one is a new request, since that code leads nowhere back', async () => {
    const riderId = await world.newRider()
    const qr = await promise(riderId, 'qr')
    const page = await promise(riderId, 'page', '/b/X')
    expect(page.promiseId).not.toBe(qr.promiseId)
    await world.rest()
    expect(await look(riderId, qr)).toMatchObject({ state: 'released', reason: 'cancelled' })
  })

  it('of the wallet leads to no code of somebody else', async () => {
    const elsewhere = encodeURIComponent('https://example.org/payer/abc')
    expect((await fetch(`${world.sandbox.url}/app/open?qrcode=${elsewhere}`)).status).toBe(404)
  })
})

describe('a promise that holds nothing', () => {
  it('says that it was declined, or that its time was over', async () => {
    for (const [action, reason] of [['decline', 'declined'] as const, ['expire', 'expired'] as const]) {
      const riderId = await world.newRider()
      const asked = await promise(riderId, 'page', '/b/X')
      await world.sandbox.answer(codeOf(asked), action)
      expect(await look(riderId, asked)).toMatchObject({ state: 'failed', reason, next: { kind: 'none' } })
      expect((await promise(riderId, 'page', '/b/X')).promiseId).not.toBe(asked.promiseId)
    }
  })

  it('says that its rider took it back, held or not', async () => {
    const riderId = await world.newRider()
    const asked = await promise(riderId, 'qr')
    await world.sandbox.answer(codeOf(asked), 'approve')
    expect(await look(riderId, asked)).toMatchObject({ state: 'held', reason: null })
    await world.payments.cancelPromise(riderId, asked.promiseId)
    await world.rest()
    expect(await look(riderId, asked)).toMatchObject({ state: 'released', reason: 'cancelled' })
  })

  it('says that it was not used in time', async () => {
    const riderId = await world.newRider()
    const asked = await promise(riderId, 'qr')
    await world.sandbox.answer(codeOf(asked), 'approve')
    await look(riderId, asked)
    world.sleepCity(11 * 60_000)
    await world.rest()
    expect(await look(riderId, asked)).toMatchObject({ state: 'released', reason: 'expired' })
  })

  it('is not known while the provider does not answer, and known as soon as it does', async () => {
    const riderId = await world.newRider()
    const asked = await promise(riderId, 'page', '/b/X')
    const { id } = await world.sandbox.control<{ id: string }>('POST', '/control/faults', {
      fault: { kind: 'http-500', when: 'before' },
      ...{ target: '*', number: `zh${asked.promiseId.replaceAll('-', '')}`, probability: 1 },
    })
    world.sleepCity(5_000)
    expect(await look(riderId, asked)).toMatchObject({ state: 'hold_pending', reason: 'unknown' })
    await world.sandbox.answer(codeOf(asked), 'approve')
    world.sleepCity(5_000)
    expect(await look(riderId, asked)).toMatchObject({ state: 'hold_pending', reason: 'unknown' })
    await world.sandbox.control('DELETE', `/control/faults/${id}`)
    world.sleepCity(5_000)
    expect(await look(riderId, asked)).toMatchObject({ state: 'held', reason: null })
  })
})

/** A ride of this price whose payer has no money when it is taken. */
async function unpaidRide(totalMinor: number) {
  const ride = await world.ride()
  const number = `zc${ride.paymentId.replaceAll('-', '')}`
  const { id } = await world.sandbox.control<{ id: string }>('POST', '/control/faults', {
    fault: { kind: 'insufficient-funds' },
    ...{ target: 'alipay.trade.pay', number, probability: 1 },
  })
  await world.settle(ride, totalMinor)
  await world.outbox.performReady()
  expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'debt', captured_minor: 0 })
  return { ...ride, funded: () => world.sandbox.control('DELETE', `/control/faults/${id}`) }
}

const wanted = { provider: 'alipay', way: 'qr' } as const
async function payDebt(riderId: string, tripId: string): Promise<PromiseView> {
  const view = await world.payments.openDebtPromise(riderId, { ...wanted, tripId })
  assert(!isRefusal(view), `a debt can be paid: ${JSON.stringify(view)}`)
  return view
}

describe('a debt', () => {
  it('is told with its ride, paid once by a payment of its own, and leaves nothing held', async () => {
    const { riderId, tripId, paymentId, funded } = await unpaidRide(450)
    const before = await world.money()
    expect(await world.payments.debtsOf(riderId)).toMatchObject([{ tripId, amount: { amount: 450, currency: 'CNY' } }])
    const [one, same] = await Promise.all([payDebt(riderId, tripId), payDebt(riderId, tripId)])
    expect(same.promiseId).toBe(one.promiseId)
    expect(one).toMatchObject({ purpose: 'debt', tripId, amount: { amount: 450 }, next: { kind: 'qr' } })
    expect(await openPromiseOf(world.db, asId<RiderId>(riderId))).toBe(null)
    // The old collection could succeed again now: it waits for the rider's own payment.
    await funded()
    await world.payments.pollDue()
    await world.sandbox.answer(codeOf(one), 'approve')
    await world.rest()
    expect(await look(riderId, one)).toMatchObject({ state: 'captured', reason: null })
    expect(await world.stateOf(paymentId)).toMatchObject({ state: 'captured', captured_minor: 0 })
    expect(await world.payments.riderInDebt(riderId)).toBe(false)
    expect(await world.payments.debtsOf(riderId)).toEqual([])
    expect(world.settled.filter((told) => told.tripId === tripId).map((told) => told.outcome)).toEqual([
      'debt',
      'captured',
    ])
    const after = await world.money()
    expect([after.provider - before.provider, after.ledger - before.ledger]).toEqual([450, 450])
    expect(after.sums).toEqual([{ currency: 'CNY', sumMinor: 0 }])
    const order = `/control/orders/zh${paymentId.replaceAll('-', '')}`
    expect(await world.sandbox.control('GET', order)).toMatchObject({ authorisation: { kind: 'CLOSED' } })
    expect(await world.payments.openDebtPromise(riderId, { ...wanted, tripId })).toMatchObject({ code: 'no_debt' })
  })

  it('that was paid so gives back what the ride is made cheaper by', async () => {
    const { riderId, tripId, paymentId } = await unpaidRide(450)
    const paid = await payDebt(riderId, tripId)
    await world.sandbox.answer(codeOf(paid), 'approve')
    await world.rest()
    const before = await world.money()
    await world.db.transaction((tx) =>
      world.payments.adjust(tx, { paymentId, tripId, newTotalMinor: 100, reason: 'goodwill' }),
    )
    await world.rest()
    const after = await world.money()
    expect([after.provider - before.provider, after.ledger - before.ledger]).toEqual([-350, -350])
    expect(await world.stateOf(paid.promiseId)).toMatchObject({ state: 'partially_refunded', refunded_minor: 350 })
    await world.db.transaction(async (tx) => {
      expect(await world.payments.factsHeld(tx, paymentId)).toMatchObject({ capturedMinor: 450, refundAskedMinor: 350 })
    })
  })

  it('stays when its payment is declined or taken back, and is collected as before', async () => {
    const { riderId, tripId, paymentId, funded } = await unpaidRide(450)
    const declined = await payDebt(riderId, tripId)
    await world.sandbox.answer(codeOf(declined), 'decline')
    expect(await look(riderId, declined)).toMatchObject({ state: 'failed', reason: 'declined' })
    const stopped = await payDebt(riderId, tripId)
    await world.payments.cancelPromise(riderId, stopped.promiseId)
    expect(await world.payments.riderInDebt(riderId)).toBe(true)
    await funded()
    world.sleepCity(120_000)
    await world.rest()
    expect(await world.stateOf(paymentId)).toMatchObject({ state: 'captured', captured_minor: 450 })
    expect(await world.payments.debtsOf(riderId)).toEqual([])
  })

  it('that is collected while its payment waits for approval costs nothing more', async () => {
    const { riderId, tripId, paymentId, funded } = await unpaidRide(450)
    await funded()
    const late = await payDebt(riderId, tripId)
    // A request of the old collection was on its way already.
    await world.db.query('UPDATE payment SET waits_for_other = false WHERE payment_id = $1', [paymentId])
    world.sleepCity(120_000)
    await world.rest()
    expect(await world.stateOf(paymentId)).toMatchObject({ state: 'captured', captured_minor: 450 })
    await world.sandbox.answer(codeOf(late), 'approve')
    await world.rest()
    expect(await world.stateOf(late.promiseId)).toMatchObject({ state: 'released', captured_minor: 0 })
    expect(await look(riderId, late)).toMatchObject({ state: 'released' })
  })

  it('of somebody else is none', async () => {
    const { tripId } = await unpaidRide(450)
    const stranger = await world.newRider()
    expect(await world.payments.openDebtPromise(stranger, { ...wanted, tripId })).toMatchObject({ code: 'not_found' })
    expect(await world.payments.debtsOf(stranger)).toEqual([])
  })
})
