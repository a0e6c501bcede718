import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type {
  StaffTrip,
  StaffTrips,
  StaffTripsFound,
  TripAct,
  TripPreview,
  TripTrace,
} from '../../contracts/http/staff-trips.ts'
import type { Receipt, TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import { accountBalance, ledgerSums } from '../../server/payments/ledger-store.ts'
import { type DeskClient, logInDesk, whyActed } from '../fixtures/desk-client.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let support: DeskClient
let dispatcher: DeskClient
let viewer: DeskClient
let count = 0
const locks: StreetLock[] = []

beforeAll(async () => {
  platform = await openTestPlatform()
  support = await logInDesk(platform, 'support')
  dispatcher = await logInDesk(platform, 'dispatcher')
  viewer = await logInDesk(platform, 'viewer')
})
afterAll(async () => {
  for (const { lock } of locks) lock.destroy()
  await platform.close()
})
/** Whatever was done: no money came out of nothing, and ours is the provider's. */
afterEach(async () => {
  await settledAtProvider()
  expect((await ledgerSums(platform.db)).every(({ sumMinor }) => sumMinor === 0)).toBe(true)
  const totals = await control<{ merchantNetFen: number }>('GET', '/control/totals')
  expect(await accountBalance(platform.db, 'provider:alipay:clearing', 'CNY')).toBe(totals.merchantNetFen)
})

async function control<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${platform.sandboxUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return (await answer.json()) as T
}
const lookAgain = () => pause(20)

/** Waits until nothing is on its way to the provider. */
async function settledAtProvider(): Promise<void> {
  for (;;) {
    const { rows } = await platform.db.query<{ left: number }>(
      `SELECT ((SELECT count(*) FROM outbox WHERE done_at IS NULL) + (SELECT count(*) FROM refund WHERE state = 'pending')
        + (SELECT count(*) FROM payment WHERE state IN ('capture_pending', 'release_pending')))::int4 AS left`,
    )
    if (rows[0]?.left === 0) return
    await lookAgain()
  }
}

interface Ride {
  readonly street: StreetLock
  readonly rider: RiderClient
  readonly tripId: string
}

async function riding(): Promise<Ride> {
  const number = ++count
  const street = await placeLock(platform, `desk-trip-${number}`)
  locks.push(street)
  const rider = await logInRider(platform.url, `desk-rider-${number}@example.org`)
  const promiseId = await rider.promise()
  const started = await rider.post<TripView>('/v1/trips', { bikeCode: street.bike.code, promiseId }, randomUUID())
  const { tripId } = started.body
  await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
  return { street, rider, tripId }
}

/** A ride of 1.80 that is paid. */
async function charged(): Promise<Ride> {
  const ride = await riding()
  ride.street.lock.pushLever()
  await ride.rider.tripUntil(ride.tripId, (trip) => trip.state === 'charged')
  return ride
}

/** As if the ride had begun `minutes` earlier: locks of a test do not ride for hours. */
const beganEarlier = (tripId: string, minutes: number) =>
  platform.db.query(
    `UPDATE trip SET started_at = started_at - $2 * interval '1 minute', created_at = created_at - $2 * interval '1 minute'
     WHERE trip_id = $1`,
    [tripId, minutes],
  )

const seen = async (tripId: string): Promise<StaffTrip> =>
  (await support.get<StaffTrip>(`/v1/staff/trips/${tripId}`)).body
const receiptOf = async (tripId: string): Promise<Receipt> => {
  const { receipt } = await seen(tripId)
  return (await support.get<Receipt>(`/v1/receipts/${receipt?.path.split('/').at(-1)}`)).body
}

describe('the list of trips', () => {
  it('shows rides that go on and ended ones apart, newest first, page by page, and names no rider', async () => {
    const one = await charged()
    const two = await riding()
    const active = (await viewer.get<StaffTrips>('/v1/staff/trips?state=active')).body
    expect(active.trips.map(({ tripId }) => tripId)).toContain(two.tripId)
    expect(active.trips.map(({ tripId }) => tripId)).not.toContain(one.tripId)
    await charged()
    const first = (await viewer.get<StaffTrips>('/v1/staff/trips?state=ended&limit=1')).body
    const second = (await viewer.get<StaffTrips>(`/v1/staff/trips?state=ended&limit=1&before=${first.next}`)).body
    expect(second.trips[0]?.createdAt).toBeLessThan(first.trips[0]?.createdAt ?? 0)
    const ofBike = (await viewer.get<StaffTrips>(`/v1/staff/trips?number=${one.street.bike.number}`)).body
    expect(ofBike.trips.map(({ tripId }) => tripId)).toEqual([one.tripId])
    expect(JSON.stringify(active)).not.toContain('riderId')
    expect(await viewer.get('/v1/staff/trips?before=nonsense')).toMatchObject({ status: 400 })
    two.street.lock.pushLever()
    await two.rider.tripUntil(two.tripId, ({ state }) => state === 'charged')
  })

  it('gives two rides of one rider two names, and marks a ride that lasts too long', async () => {
    const { rider, street, tripId } = await riding()
    await beganEarlier(tripId, 300)
    const [long] = (await viewer.get<StaffTrips>(`/v1/staff/trips?number=${street.bike.number}`)).body.trips
    expect(long).toMatchObject({ isLong: true })
    const until = platform.clock.nowMs() + 3_600_000
    expect(await dispatcher.act(tripId, 'extend', { until })).toMatchObject({
      status: 200,
      body: { result: { allowedUntil: until } },
    })
    expect((await seen(tripId)).trip).toMatchObject({ isLong: false, allowedUntil: until })
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    const promiseId = await rider.promise()
    const other = await placeLock(platform, `desk-trip-other-${count}`)
    locks.push(other)
    const again = await rider.post<TripView>('/v1/trips', { bikeCode: other.bike.code, promiseId }, randomUUID())
    const names = [(await seen(tripId)).trip.rider, (await seen(again.body.tripId)).trip.rider]
    expect(names[0]).not.toBe(names[1])
    await rider.tripUntil(again.body.tripId, ({ state }) => state === 'riding')
    other.lock.pushLever()
    await rider.tripUntil(again.body.tripId, ({ state }) => state === 'charged')
  })

  it('is found by receipt, payment reference, bike and id', async () => {
    const { tripId, street } = await charged()
    const { receipt, paymentReference } = await seen(tripId)
    for (const [by, q] of [
      ['receipt', receipt?.number],
      ['payment', paymentReference],
      ['bike', street.bike.number],
      ['trip', tripId],
    ]) {
      const found = (await viewer.get<StaffTripsFound>(`/v1/staff/trips/search?q=${q}`)).body
      expect([found.by, found.trips.map((trip) => trip.tripId)]).toEqual([by, [tripId]])
    }
    expect((await viewer.get<StaffTripsFound>('/v1/staff/trips/search?q=9999999')).body).toEqual({
      by: null,
      trips: [],
    })
  })
})

describe('ending a ride for a rider', () => {
  it('frees the rider at once, takes the money, and tells that the bike may stand open', async () => {
    const { tripId, rider, street } = await riding()
    const ended = await dispatcher.act<TripAct>(tripId, 'end')
    expect(ended).toMatchObject({ status: 200, body: { act: 'end', reason: whyActed, result: { totalAfter: 180 } } })
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    const story = await seen(tripId)
    expect(story.trip).toMatchObject({ endedBy: 'staff', payment: { state: 'captured', captured: 180 } })
    expect(story.story.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['asked', 'opened', 'act', 'ended', 'priced', 'captured', 'receipt']),
    )
    const bikeId = asId<BikeId>(street.bike.bikeId)
    const alarms = await platform.db.query<{ kind: string }>(
      `SELECT kind FROM alarm WHERE bike_id = $1 AND state <> 'resolved'`,
      [bikeId],
    )
    expect(alarms.rows).toEqual([{ kind: 'lock_did_not_close' }])
    street.lock.pushLever()
  })

  it('as of a moment in the past asks no more than until then, and never before it was last ridden', async () => {
    const { tripId, rider, street } = await riding()
    await beganEarlier(tripId, 60)
    const { trip } = await seen(tripId)
    const startedAt = trip.startedAt ?? 0
    const endedAt = startedAt + 10 * 60_000
    for (const wrong of [startedAt - 1, platform.clock.nowMs() + 60_000]) {
      expect(await dispatcher.act(tripId, 'end', { endedAt: wrong })).toMatchObject({
        status: 422,
        body: { code: 'end_time_wrong' },
      })
    }
    await platform.db.query(
      `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, speed_mps, soc, bolt)
       VALUES ($1, 1, 999999, $2, $2, ST_SetSRID(ST_MakePoint(4.7, 52.3), 4326), 4, 80, 'unlocked')`,
      [`desk-trip-${count}`, new Date(endedAt + 1_000)],
    )
    expect((await dispatcher.act<{ code: string }>(tripId, 'end', { endedAt })).body.code).toBe('end_time_wrong')
    const later = endedAt + 60_000
    const preview = await viewer.get<TripPreview>(`/v1/staff/trips/${tripId}/preview?act=end&endedAt=${later}`)
    expect(preview.body.after.total).toBe(150 + 11 * 30)
    expect(await dispatcher.act(tripId, 'end', { endedAt: later })).toMatchObject({
      body: { result: { totalAfter: 480, endedAt: later } },
    })
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    street.lock.pushLever()
  })

  it('is one act however often it is asked, and another act under its id is refused', async () => {
    const { tripId, rider, street } = await riding()
    const actId = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => dispatcher.act(tripId, 'end', {}, actId)))
    const bodies = answers.map(({ status, body }) => ({ status, body }))
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
    expect((await seen(tripId)).acts).toHaveLength(1)
    expect(await dispatcher.act(tripId, 'extend', { until: platform.clock.nowMs() + 60_000 }, actId)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(await dispatcher.act(tripId, 'end')).toMatchObject({ status: 409, body: { code: 'trip_wrong_state' } })
    street.lock.pushLever()
  })
})

describe('giving money back', () => {
  it('goes to the rider by the provider, and the receipt says so', async () => {
    const { tripId, rider } = await charged()
    const before = await receiptOf(tripId)
    const preview = await support.get<TripPreview>(`/v1/staff/trips/${tripId}/preview?act=refund&amount=100`)
    expect(preview.body).toMatchObject({ before: { total: 180 }, after: { total: 80 }, back: 100 })
    expect(await support.act(tripId, 'refund', { amount: 100 })).toMatchObject({
      body: { result: { totalBefore: 180, totalAfter: 80 } },
    })
    await rider.tripUntil(tripId, ({ payment }) => payment.refunded === 100)
    await settledAtProvider()
    expect(await seen(tripId)).toMatchObject({
      trip: { price: { total: 80 }, payment: { state: 'partially_refunded', refunded: 100 } },
      refunds: [{ amount: 100, state: 'done', by: 'A support', reason: whyActed }],
    })
    const after = await receiptOf(tripId)
    expect({ ...after, corrections: undefined, refunded: 0 }).toEqual({ ...before, corrections: undefined })
    expect(after).toMatchObject({ number: before.number, corrections: [{ kind: 'refund', amount: 100 }] })
    const page = await (await fetch(`${platform.url}${(await seen(tripId)).receipt?.path}`)).text()
    expect(page).toContain('Corrections of this receipt')
  })

  it('is refused to a dispatcher and a viewer, and nothing moves', async () => {
    const { tripId } = await charged()
    for (const who of [dispatcher, viewer]) {
      for (const [act, more] of [
        ['refund', { amount: 1 }],
        ['reprice', { waived: ['unlock'], expectedTotal: 30 }],
        ['forgive', {}],
      ] as const) {
        expect(await who.act(tripId, act, more)).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
      }
    }
    for (const act of ['end', 'replay'])
      expect(await viewer.act(tripId, act)).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect(await seen(tripId)).toMatchObject({
      acts: [],
      refunds: [],
      trip: { payment: { captured: 180, refunded: 0 } },
    })
  })

  it('never exceeds what was taken, also when two colleagues do it at once', async () => {
    const { tripId } = await charged()
    const finance = await logInDesk(platform, 'finance')
    const answers = await Promise.all([
      support.act(tripId, 'refund', { amount: 120 }),
      finance.act(tripId, 'refund', { amount: 120 }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await support.act(tripId, 'refund', { amount: 61 })).toMatchObject({ body: { code: 'refund_too_much' } })
    expect(await support.act(tripId, 'refund', { amount: 60 })).toMatchObject({ status: 200 })
    await settledAtProvider()
    expect((await seen(tripId)).trip).toMatchObject({
      price: { total: 0 },
      payment: { state: 'refunded', captured: 180, refunded: 180 },
    })
    expect(await receiptOf(tripId)).toMatchObject({ corrections: [{ amount: 120 }, { amount: 60 }] })
    expect(await support.act(tripId, 'refund', { amount: 1 })).toMatchObject({ body: { code: 'refund_too_much' } })
  })

  it('happens once when the provider is away at first, and again when its answer is lost', async () => {
    for (const [kind, when] of [
      ['http-500', 'before'],
      ['drop-answer', 'after'],
      ['system-error', 'after'],
    ]) {
      const { tripId } = await charged()
      await control('POST', '/control/faults', { fault: { kind, when }, target: 'alipay.trade.refund', next: 1 })
      const actId = randomUUID()
      await support.act(tripId, 'refund', { amount: 50 }, actId)
      await support.act(tripId, 'refund', { amount: 50 }, actId)
      await settledAtProvider()
      expect((await seen(tripId)).trip.payment).toMatchObject({ state: 'partially_refunded', refunded: 50 })
    }
  })

  it('is refused while nothing was taken', async () => {
    const { tripId, street, rider } = await riding()
    expect(await support.act(tripId, 'refund', { amount: 1 })).toMatchObject({ body: { code: 'trip_wrong_state' } })
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
  })
})

describe('computing a price anew', () => {
  it('is shown first, gives back the difference, and is never dearer', async () => {
    const { tripId } = await charged()
    const preview = await support.get<TripPreview>(`/v1/staff/trips/${tripId}/preview?act=reprice&waived=unlock`)
    expect(preview.body).toMatchObject({ before: { total: 180 }, after: { total: 30 }, back: 150 })
    expect((await seen(tripId)).trip.price.total).toBe(180)
    expect(await support.act(tripId, 'reprice', { waived: ['unlock'], expectedTotal: 180 })).toMatchObject({
      body: { code: 'price_changed' },
    })
    expect(await support.act(tripId, 'reprice', { waived: ['unlock'], expectedTotal: 30 })).toMatchObject({
      status: 200,
    })
    await settledAtProvider()
    const { trip } = await seen(tripId)
    expect(trip.price.lines).toContainEqual({ key: 'waived_unlock', quantity: 1, unitAmount: -150, amount: -150 })
    expect(trip.payment).toMatchObject({ state: 'partially_refunded', refunded: 150 })
    expect(await support.act(tripId, 'reprice', { pausedMs: 0, expectedTotal: 30 })).toMatchObject({
      status: 409,
      body: { code: 'price_not_lower' },
    })
    const later = (trip.endedAt ?? 0) + 3_600_000
    expect(await support.act(tripId, 'reprice', { endedAt: later, expectedTotal: 999 })).toMatchObject({
      body: { code: 'end_time_wrong' },
    })
  })
})

describe('a debt', () => {
  it('is listed, and let go by support: the books are even and the rider may ride again', async () => {
    const { tripId, rider, street } = await riding()
    await control('POST', '/control/faults', {
      fault: { kind: 'insufficient-funds' },
      target: 'alipay.trade.pay',
      probability: 1,
    })
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ payment }) => payment.state === 'debt')
    const debts = (await viewer.get<StaffTrips>('/v1/staff/trips?state=debt')).body
    expect(debts.trips.map((trip) => trip.tripId)).toEqual([tripId])
    expect(await support.act(tripId, 'refund', { amount: 1 })).toMatchObject({ body: { code: 'nothing_taken' } })
    expect(await support.act(tripId, 'forgive')).toMatchObject({
      status: 200,
      body: { result: { totalBefore: 180, totalAfter: 0 } },
    })
    await control('DELETE', '/control/faults')
    await settledAtProvider()
    expect(await seen(tripId)).toMatchObject({ forgiven: 180, trip: { state: 'charged', payment: { captured: 0 } } })
    expect(await receiptOf(tripId)).toMatchObject({
      total: 180,
      corrections: [{ kind: 'forgiven', amount: 180, vat: 0 }],
    })
    expect(await support.act(tripId, 'forgive')).toMatchObject({ status: 409, body: { code: 'no_debt' } })
    expect((await viewer.get<StaffTrips>('/v1/staff/trips?state=debt')).body.trips).toEqual([])
    await rider.promise()
  })
})

describe('where a rider went', () => {
  it('is told for a reason that is written down, and kept in no cache', async () => {
    const { tripId, street, rider } = await riding()
    const { trip } = await seen(tripId)
    await platform.db.query(
      `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, accuracy_m, speed_mps, soc, bolt)
       SELECT $1, 1, 900000 + i, $2::timestamptz + i * interval '1 millisecond', $2,
              ST_SetSRID(ST_MakePoint(4.7 + i * 0.001, 52.3), 4326), 5, 4, 80, 'unlocked' FROM generate_series(1, 5) AS i`,
      [`desk-trip-${count}`, new Date(trip.startedAt ?? 0)],
    )
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    const bare = await support.post(`/v1/staff/trips/${tripId}/replay`, { actId: randomUUID(), reason: '  ' })
    expect(bare).toMatchObject({ status: 400 })
    expect((await seen(tripId)).acts).toEqual([])
    const shown = await support.act<TripTrace>(tripId, 'replay')
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(shown.body.points.length).toBeGreaterThanOrEqual(5)
    expect(shown.body.events.map(({ kind }) => kind)).toEqual(['open', 'closed'])
    const { acts } = await seen(tripId)
    expect(acts).toMatchObject([{ act: 'replay', reason: whyActed, by: { name: 'A support' } }])
  })

  it('is gone after a week, and was never kept of what was not ridden', async () => {
    const { tripId } = await charged()
    await platform.db.query(
      `UPDATE trip SET started_at = started_at - interval '8 days', ended_at = ended_at - interval '8 days' WHERE trip_id = $1`,
      [tripId],
    )
    expect(await support.act(tripId, 'replay')).toMatchObject({ status: 410, body: { code: 'trip_trace_gone' } })
    expect((await seen(tripId)).trace).toBe('gone')
    expect(await support.act(randomUUID(), 'replay')).toMatchObject({ status: 404 })
  })

  it('is told sixty times an hour to one colleague, and no more', async () => {
    const { tripId } = await charged()
    const admin = await logInDesk(platform, 'admin')
    expect((await admin.act(tripId, 'replay')).status).toBe(200)
    await platform.db.query(
      `INSERT INTO trip_act (act_id, trip_id, staff_id, act, reason, asked, result, at, real_at)
       SELECT gen_random_uuid(), trip_id, staff_id, act, reason, asked, result, at, real_at FROM trip_act, generate_series(1, 59)
       WHERE trip_id = $1`,
      [tripId],
    )
    expect(await admin.act(tripId, 'replay')).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
  })
})
