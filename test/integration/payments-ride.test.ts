import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import { accountBalance } from '../../server/payments/ledger-store.ts'
import { openPaymentsWorld, type PaymentsWorld } from '../fixtures/payments-world.ts'

let world: PaymentsWorld
beforeAll(async () => {
  world = await openPaymentsWorld()
})
afterAll(async () => {
  await world?.close()
})

const balanceOf = (riderId: string) => accountBalance(world.db, `rider:${riderId}:receivable`, 'CNY')
const outcomesOf = (paymentId: string) =>
  world.settled.filter((one) => one.paymentId === paymentId).map((one) => [one.outcome, one.capturedMinor])
const isExact = async () => {
  const { provider, ledger, sums } = await world.money()
  expect(ledger).toBe(provider)
  expect(sums.every(({ sumMinor }) => sumMinor === 0)).toBe(true)
}

describe('a ride', () => {
  it('is promised, approved, ridden and captured once, with VAT booked', async () => {
    const vatBefore = await accountBalance(world.db, 'vat:payable:9', 'CNY')
    const ride = await world.ride()
    await world.settle(ride, 450)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toEqual({
      state: 'captured',
      due_minor: 450,
      captured_minor: 450,
      refunded_minor: 0,
    })
    expect(outcomesOf(ride.paymentId)).toEqual([['captured', 450]])
    expect(await balanceOf(ride.riderId)).toBe(0)
    expect((await accountBalance(world.db, 'vat:payable:9', 'CNY')) - vatBefore).toBe(-37)
    await isExact()
  })

  it('that did not happen gives the hold back and costs nothing', async () => {
    const ride = await world.ride()
    await world.db.transaction((tx) => world.payments.release(tx, { paymentId: ride.paymentId, reason: 'no_unlock' }))
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'released', captured_minor: 0 })
    expect(outcomesOf(ride.paymentId)).toEqual([['released', 0]])
    await isExact()
  })

  it('that is free gives the hold back', async () => {
    const ride = await world.ride()
    await world.settle(ride, 0)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'released', captured_minor: 0 })
    await isExact()
  })

  it('that costs more than was held takes the whole hold, and the rest is a debt that stops new promises', async () => {
    const ride = await world.ride(1_000)
    await world.settle(ride, 1_450)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({
      state: 'debt',
      due_minor: 1_450,
      captured_minor: 1_000,
    })
    expect(outcomesOf(ride.paymentId)).toEqual([['debt', 1_000]])
    expect(await balanceOf(ride.riderId)).toBe(450)
    expect(await world.payments.riderInDebt(ride.riderId)).toBe(true)
    expect(await world.openPromise(ride.riderId)).toMatchObject({ code: 'rider_in_debt' })

    await world.db.transaction((tx) =>
      world.payments.forgiveDebt(tx, { paymentId: ride.paymentId, reason: 'goodwill' }),
    )
    expect(await world.payments.riderInDebt(ride.riderId)).toBe(false)
    expect(await balanceOf(ride.riderId)).toBe(0)
    await isExact()
  })

  it('is a debt when the provider gave the hold back before the end', async () => {
    const ride = await world.ride()
    await world.sandbox.control('POST', `/control/orders/zh${ride.paymentId.replaceAll('-', '')}/release`)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'expired' })
    await world.settle(ride, 300)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'debt', captured_minor: 0 })
    expect(outcomesOf(ride.paymentId)).toEqual([['debt', 0]])
    await isExact()
  })

  it('is a debt when the payer is short of money, and is paid when they are not any more', async () => {
    const ride = await world.ride()
    await world.fault('insufficient-funds', 'alipay.trade.pay')
    await world.settle(ride, 300)
    await world.outbox.performReady()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'debt', captured_minor: 0 })
    await world.rest()
    world.sleepCity(10 * 60_000)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'captured', captured_minor: 300 })
    expect(outcomesOf(ride.paymentId)).toEqual([
      ['debt', 0],
      ['captured', 300],
    ])
    await isExact()
  })

  it('that is re-priced before the capture was sent is captured at the new price', async () => {
    const ride = await world.ride()
    await world.settle(ride, 450)
    const later = { ...ride, newTotalMinor: 150, reason: 'late_report' }
    await world.db.transaction((tx) => world.payments.adjust(tx, later))
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'captured', captured_minor: 150 })
    expect(await balanceOf(ride.riderId)).toBe(0)
    await isExact()
  })

  it('that is re-priced after the capture gets the difference back, and later the rest', async () => {
    const ride = await world.ride()
    await world.settle(ride, 450)
    await world.rest()
    const adjust = (newTotalMinor: number) =>
      world.db.transaction((tx) => world.payments.adjust(tx, { ...ride, newTotalMinor, reason: 'free_exit' }))
    await adjust(150)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'partially_refunded', refunded_minor: 300 })
    await adjust(0)
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'refunded', refunded_minor: 450 })
    expect(await balanceOf(ride.riderId)).toBe(0)
    await isExact()
  })
})

describe('a promise', () => {
  it('is the same one when it is asked for eight times at once', async () => {
    const riderId = await world.newRider()
    const promises = await Promise.all(Array.from({ length: 8 }, () => world.openPromise(riderId)))
    expect(new Set(promises.map((one) => (isRefusal(one) ? one.code : one.promiseId))).size).toBe(1)
    expect(promises.at(-1)).toMatchObject({ state: 'hold_pending', next: { kind: 'redirect' } })
  })

  it('that the payer declines fails without a notification, as soon as the rider asks', async () => {
    const riderId = await world.newRider()
    const promise = await world.openPromise(riderId)
    if (isRefusal(promise) || promise.next.kind !== 'redirect') throw new Error('no payer page')
    await world.sandbox.answer(promise.next.url, 'decline')
    expect(await world.payments.promiseView(riderId, promise.promiseId)).toMatchObject({
      state: 'failed',
      next: { kind: 'none' },
    })
  })

  it('that nobody used is given back when its time is over, approved or not', async () => {
    const [asked, approved] = [await world.newRider(), await world.newRider()]
    const unanswered = await world.openPromise(asked)
    const held = await world.openPromise(approved)
    if (isRefusal(unanswered) || isRefusal(held) || held.next.kind !== 'redirect') throw new Error('no payer page')
    await world.sandbox.answer(held.next.url, 'approve')
    expect(await world.payments.promiseView(approved, held.promiseId)).toMatchObject({ state: 'held' })
    world.sleepCity(600_001)
    const attach = { paymentId: held.promiseId, riderId: approved, tripId: held.promiseId }
    expect(await world.db.transaction((tx) => world.payments.attach(tx, attach))).toMatchObject({
      code: 'promise_missing',
    })
    await world.rest()
    expect(await world.stateOf(unanswered.promiseId)).toMatchObject({ state: 'released' })
    expect(await world.stateOf(held.promiseId)).toMatchObject({ state: 'released' })
    const order = await world.sandbox.control<{ authorisation: { kind: string } }>(
      'GET',
      `/control/orders/zh${held.promiseId.replaceAll('-', '')}`,
    )
    expect(order.authorisation.kind).toBe('CLOSED')
    await isExact()
  })

  it('belongs to its rider and to one trip', async () => {
    const ride = await world.ride()
    const stranger = await world.newRider()
    expect(await world.payments.promiseView(stranger, ride.paymentId)).toMatchObject({ code: 'not_found' })
    expect(await world.payments.cancelPromise(stranger, ride.paymentId)).toMatchObject({ code: 'not_found' })
    expect(await world.payments.cancelPromise(ride.riderId, ride.paymentId)).toMatchObject({ code: 'trip_wrong_state' })
    const again = { ...ride, tripId: stranger }
    expect(await world.db.transaction((tx) => world.payments.attach(tx, again))).toMatchObject({
      code: 'promise_missing',
    })
    expect(await world.db.transaction((tx) => world.payments.attach(tx, ride))).toEqual({
      currency: 'CNY',
      heldMinor: 9_900,
    })
  })
})

describe('a receipt', () => {
  it('is issued once, numbered without gaps, and shown to whoever holds its token', async () => {
    const ride = await world.ride()
    await world.settle(ride, 450)
    await world.rest()
    const issue = (tripId: string) =>
      world.db.transaction((tx) =>
        world.receipts.issueReceipt(tx, {
          tripId,
          paymentId: ride.paymentId,
          bikeNumber: '10017',
          startedAtMs: epochMs(1_790_000_000_000),
          endedAtMs: epochMs(1_790_000_600_000),
          pausedMs: 61_000,
          price: {
            currency: 'CNY',
            total: 450,
            lines: [{ key: 'unlock', quantity: 1, unitAmount: 150, amount: 150 }],
          },
          vatPercent: 9,
          tariffId: 'city-1',
        }),
      )
    const { path } = await issue(ride.tripId)
    expect(await issue(ride.tripId)).toEqual({ path })
    const token = path.slice('/r/'.length)
    const json = await world.app.inject({ url: `/v1/receipts/${token}` })
    const year = new Date(world.clock.nowMs()).getUTCFullYear()
    expect(json.json()).toMatchObject({ number: `${year}-000001`, vat: { amount: 37 }, captured: 450, refunded: 0 })
    const page = await world.app.inject({ url: path, headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).toContain('<html lang="zh">')
    expect(page.body).toContain('收据')
    expect(page.body).toContain('¥4.50')
    expect(page.body).toContain('<svg')
    expect((await world.app.inject({ url: '/r/AAAAAAAAAAAAAAAAAAAAAA' })).statusCode).toBe(404)
    expect((await world.app.inject({ url: '/v1/receipts/AAAAAAAAAAAAAAAAAAAAAA' })).statusCode).toBe(404)
  })
})
