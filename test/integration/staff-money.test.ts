import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffTrips, TripPreview } from '../../contracts/http/staff-trips.ts'
import { deskClient } from '../fixtures/desk-client.ts'
import { type DeskTrips, openDeskTrips, whyActed } from '../fixtures/desk-trips.ts'

let desk: DeskTrips
beforeAll(async () => {
  desk = await openDeskTrips()
})
afterAll(() => desk?.end())
/** Whatever was done: no money came out of nothing, and ours is the provider's. */
afterEach(async () => {
  const { atProvider, inBooks, sums } = await desk.money()
  expect(inBooks).toBe(atProvider)
  expect(sums.every((sum) => sum === 0)).toBe(true)
})

describe('giving money back', () => {
  it('goes to the rider by the provider, and the receipt says so', async () => {
    const { tripId, rider } = await desk.charged()
    const before = await desk.receiptOf(tripId)
    const preview = await desk.support.get<TripPreview>(`/v1/staff/trips/${tripId}/preview?act=refund&amount=100`)
    expect(preview.body).toMatchObject({ before: { total: 180 }, after: { total: 80 }, back: 100 })
    expect(await desk.act(desk.support, tripId, 'refund', { amount: 100 })).toMatchObject({
      body: { result: { totalBefore: 180, totalAfter: 80 } },
    })
    await rider.tripUntil(tripId, ({ payment }) => payment.refunded === 100)
    await desk.settledAtProvider()
    expect(await desk.seen(tripId)).toMatchObject({
      trip: { price: { total: 80 }, payment: { state: 'partially_refunded', refunded: 100 } },
      refunds: [{ amount: 100, state: 'done', by: 'A support', reason: whyActed }],
    })
    const after = await desk.receiptOf(tripId)
    expect({ ...after, corrections: undefined, refunded: 0 }).toEqual({ ...before, corrections: undefined })
    expect(after).toMatchObject({ number: before.number, corrections: [{ kind: 'refund', amount: 100 }] })
    const page = await (await fetch(`${desk.platform.url}${(await desk.seen(tripId)).receipt?.path}`)).text()
    expect(page).toContain('Corrections of this receipt')
  })

  it('is refused to a dispatcher and a viewer, and nothing moves', async () => {
    const { tripId } = await desk.charged()
    for (const who of [desk.dispatcher, desk.viewer]) {
      for (const [name, more] of [
        ['refund', { amount: 1 }],
        ['reprice', { waived: ['unlock'], expectedTotal: 30 }],
        ['forgive', {}],
      ] as const) {
        expect(await desk.act(who, tripId, name, more)).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
      }
    }
    for (const name of ['end', 'replay'])
      expect(await desk.act(desk.viewer, tripId, name)).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect(await desk.seen(tripId)).toMatchObject({
      acts: [],
      refunds: [],
      trip: { payment: { captured: 180, refunded: 0 } },
    })
  })

  it('never exceeds what was taken, also when two colleagues do it at once', async () => {
    const { tripId } = await desk.charged()
    const finance = await deskClient(desk.platform, 'finance')
    const answers = await Promise.all([
      desk.act(desk.support, tripId, 'refund', { amount: 120 }),
      desk.act(finance, tripId, 'refund', { amount: 120 }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await desk.act(desk.support, tripId, 'refund', { amount: 61 })).toMatchObject({
      body: { code: 'refund_too_much' },
    })
    expect(await desk.act(desk.support, tripId, 'refund', { amount: 60 })).toMatchObject({ status: 200 })
    await desk.settledAtProvider()
    expect((await desk.seen(tripId)).trip).toMatchObject({
      price: { total: 0 },
      payment: { state: 'refunded', captured: 180, refunded: 180 },
    })
    expect(await desk.receiptOf(tripId)).toMatchObject({ corrections: [{ amount: 120 }, { amount: 60 }] })
    expect(await desk.act(desk.support, tripId, 'refund', { amount: 1 })).toMatchObject({
      body: { code: 'refund_too_much' },
    })
  })

  it('happens once when the provider is away at first, and again when its answer is lost', async () => {
    for (const [kind, when] of [
      ['http-500', 'before'],
      ['drop-answer', 'after'],
      ['system-error', 'after'],
    ]) {
      const { tripId } = await desk.charged()
      await desk.control('POST', '/control/faults', { fault: { kind, when }, target: 'alipay.trade.refund', next: 1 })
      const actId = randomUUID()
      await desk.act(desk.support, tripId, 'refund', { amount: 50 }, actId)
      await desk.act(desk.support, tripId, 'refund', { amount: 50 }, actId)
      await desk.settledAtProvider()
      expect((await desk.seen(tripId)).trip.payment).toMatchObject({ state: 'partially_refunded', refunded: 50 })
    }
  })

  it('is refused while nothing was taken', async () => {
    const { tripId, street, rider } = await desk.riding()
    expect(await desk.act(desk.support, tripId, 'refund', { amount: 1 })).toMatchObject({
      body: { code: 'trip_wrong_state' },
    })
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
  })
})

describe('computing a price anew', () => {
  it('is shown first, gives back the difference, and is never dearer', async () => {
    const { tripId } = await desk.charged()
    const preview = await desk.support.get<TripPreview>(`/v1/staff/trips/${tripId}/preview?act=reprice&waived=unlock`)
    expect(preview.body).toMatchObject({ before: { total: 180 }, after: { total: 30 }, back: 150 })
    expect((await desk.seen(tripId)).trip.price.total).toBe(180)
    expect(await desk.act(desk.support, tripId, 'reprice', { waived: ['unlock'], expectedTotal: 180 })).toMatchObject({
      body: { code: 'price_changed' },
    })
    expect(await desk.act(desk.support, tripId, 'reprice', { waived: ['unlock'], expectedTotal: 30 })).toMatchObject({
      status: 200,
    })
    await desk.settledAtProvider()
    const { trip } = await desk.seen(tripId)
    expect(trip.price.lines).toContainEqual({ key: 'waived_unlock', quantity: 1, unitAmount: -150, amount: -150 })
    expect(trip.payment).toMatchObject({ state: 'partially_refunded', refunded: 150 })
    expect(await desk.act(desk.support, tripId, 'reprice', { pausedMs: 0, expectedTotal: 30 })).toMatchObject({
      status: 409,
      body: { code: 'price_not_lower' },
    })
    const later = (trip.endedAt ?? 0) + 3_600_000
    expect(await desk.act(desk.support, tripId, 'reprice', { endedAt: later, expectedTotal: 999 })).toMatchObject({
      body: { code: 'end_time_wrong' },
    })
  })
})

describe('a debt', () => {
  it('is listed, and let go by support: the books are even and the rider may ride again', async () => {
    const { tripId, rider, street } = await desk.riding()
    await desk.control('POST', '/control/faults', {
      fault: { kind: 'insufficient-funds' },
      target: 'alipay.trade.pay',
      probability: 1,
    })
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ payment }) => payment.state === 'debt')
    const debts = (await desk.viewer.get<StaffTrips>('/v1/staff/trips?state=debt')).body
    expect(debts.trips.map((trip) => trip.tripId)).toEqual([tripId])
    expect(await desk.act(desk.support, tripId, 'refund', { amount: 1 })).toMatchObject({
      body: { code: 'nothing_taken' },
    })
    expect(await desk.act(desk.support, tripId, 'forgive')).toMatchObject({
      status: 200,
      body: { result: { totalBefore: 180, totalAfter: 0 } },
    })
    await desk.control('DELETE', '/control/faults')
    await desk.settledAtProvider()
    expect(await desk.seen(tripId)).toMatchObject({
      forgiven: 180,
      trip: { state: 'charged', payment: { captured: 0 } },
    })
    expect(await desk.receiptOf(tripId)).toMatchObject({
      total: 180,
      corrections: [{ kind: 'forgiven', amount: 180, vat: 0 }],
    })
    expect(await desk.act(desk.support, tripId, 'forgive')).toMatchObject({ status: 409, body: { code: 'no_debt' } })
    expect((await desk.viewer.get<StaffTrips>('/v1/staff/trips?state=debt')).body.trips).toEqual([])
    await rider.promise()
  })
})
