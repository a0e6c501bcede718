import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Receipt, TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import { ledgerSums } from '../../server/payments/ledger-store.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'
import { placeLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let riders = 0
const newRider = (): Promise<RiderClient> => logInRider(platform.url, `rider-${++riders}@example.org`)

/** The next look at a platform that runs by itself. */
const lookAgain = () => pause(20)

beforeAll(async () => {
  platform = await openTestPlatform()
})
afterAll(() => platform.close())

async function startRide(rider: RiderClient, bikeCode: string): Promise<TripView> {
  const promiseId = await rider.promise()
  const started = await rider.post<TripView>('/v1/trips', { bikeCode, promiseId }, randomUUID())
  expect([started.status, started.body]).toMatchObject([201, { state: 'unlocking' }])
  return started.body
}

describe('a ride', () => {
  it('goes from the promise to the receipt: the lock says open and closed, the money is taken once', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-1')
    const rider = await newRider()
    const { tripId } = await startRide(rider, bike.code)
    const riding = await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
    expect(riding.command).toMatchObject({ state: expect.stringMatching(/accepted|done/) })
    expect(lock.boltPosition()).toBe('open')

    lock.pushLever()
    const charged = await rider.tripUntil(tripId, (trip) => trip.state === 'charged')
    expect(charged.price).toMatchObject({ final: true, total: 180, currency: 'CNY' })
    expect(charged.payment).toEqual({ state: 'captured', held: 9900, captured: 180, refunded: 0 })
    expect(charged.endedAt).toBeGreaterThan(charged.startedAt ?? 0)

    const token = charged.receiptPath?.split('/').at(-1)
    const receipt = await rider.get<Receipt>(`/v1/receipts/${token}`)
    expect(receipt.body).toMatchObject({ total: 180, captured: 180, bikeNumber: bike.number })
    const page = await fetch(`${platform.url}${charged.receiptPath}`)
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])

    const totals = (await (await fetch(`${platform.sandboxUrl}/control/totals`)).json()) as Record<string, number>
    expect(totals).toMatchObject({ capturedFen: 180, unfrozenFen: 9720 })
    expect(await ledgerSums(platform.db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
    lock.destroy()
  })

  it('costs nothing when the bolt is jammed, and gives the money back by itself', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-2')
    lock.jam(true)
    const rider = await newRider()
    const { tripId } = await startRide(rider, bike.code)
    const failed = await rider.tripUntil(tripId, (trip) => trip.payment.state === 'released')
    expect(failed).toMatchObject({ state: 'failed', failure: 'lock_jammed', payment: { captured: 0 } })
    lock.destroy()
  })

  it('pauses when the rider said so before closing, and goes on', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-3')
    const rider = await newRider()
    const { tripId } = await startRide(rider, bike.code)
    await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
    await rider.post(`/v1/trips/${tripId}/pause`)
    lock.pushLever()
    await rider.tripUntil(tripId, (trip) => trip.state === 'paused')
    const resumed = await rider.post<TripView>(`/v1/trips/${tripId}/resume`)
    expect(resumed.status).toBe(200)
    await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
    lock.pushLever()
    const charged = await rider.tripUntil(tripId, (trip) => trip.state === 'charged')
    expect(charged.price.lines.map((line) => line.key)).toContain('pause_minutes')
    lock.destroy()
  })

  it('is free within three minutes when the rider says what was wrong, also just after it was charged', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-4')
    const rider = await newRider()
    const { tripId } = await startRide(rider, bike.code)
    await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
    lock.pushLever()
    await rider.tripUntil(tripId, (trip) => trip.state === 'charged')
    await rider.post(`/v1/trips/${tripId}/free-exit`, { reason: 'brakes' })
    const refunded = await rider.tripUntil(tripId, (trip) => trip.payment.state === 'refunded')
    expect(refunded).toMatchObject({ price: { total: 0 }, payment: { captured: 180, refunded: 180 } })
    expect(await ledgerSums(platform.db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
    lock.destroy()
  })
})

describe('a closing that is told long after the ride was taken as over', () => {
  it('makes it cheaper by itself, gives the difference back once, and the rider sees it', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-8')
    const rider = await newRider()
    const { tripId } = await startRide(rider, bike.code)
    await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
    lock.setAntenna(false)
    lock.pushLever()
    while (lock.boltState() !== 'locked') await lookAgain()
    await rider.post(`/v1/trips/${tripId}/end`, { reason: 'other' })
    // Two hours later nobody has heard of the lock.
    await platform.db.query(
      `UPDATE trip SET ended_at = ended_at + interval '2 hours', due_at = created_at WHERE trip_id = $1`,
      [tripId],
    )
    const dear = await rider.tripUntil(tripId, (trip) => trip.state === 'charged')
    expect(dear.payment.captured).toBeGreaterThan(180)
    lock.setAntenna(true)
    const cheap = await rider.tripUntil(tripId, (trip) => trip.payment.refunded > 0)
    expect(cheap).toMatchObject({
      price: { total: 180 },
      payment: { state: 'partially_refunded', captured: dear.payment.captured, refunded: dear.payment.captured - 180 },
    })
    expect(await ledgerSums(platform.db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
    lock.destroy()
  })
})

describe('a bike that opens when its ride is over', () => {
  it('is told to staff, and charged to nobody', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-7')
    const rider = await newRider()
    const { tripId } = await startRide(rider, bike.code)
    await rider.tripUntil(tripId, (trip) => trip.state === 'riding')
    await rider.post(`/v1/trips/${tripId}/pause`)
    lock.pushLever()
    await rider.tripUntil(tripId, (trip) => trip.state === 'paused')
    // The unlock is on its way while the rider changes their mind.
    await rider.post(`/v1/trips/${tripId}/resume`)
    const ended = await rider.post<TripView>(`/v1/trips/${tripId}/end`, { reason: 'other' })
    expect(ended.body.state).toMatch(/ended|charged/)
    while ((await platform.rooms.fleet.bikeDetails(asId<BikeId>(bike.bikeId)))?.alarms.length !== 1) await lookAgain()
    const told = await platform.rooms.fleet.bikeDetails(asId<BikeId>(bike.bikeId))
    expect(told).toMatchObject({ bolt: 'unlocked', alarms: [{ kind: 'opened_after_release', tripId }] })
    const charged = await rider.tripUntil(tripId, (trip) => trip.state === 'charged')
    expect(charged.price.total).toBe(ended.body.price.total)

    lock.pushLever()
    while ((await platform.rooms.fleet.bikeDetails(asId<BikeId>(bike.bikeId)))?.alarms.length !== 0) await lookAgain()
    lock.destroy()
  })
})

describe('a request that costs something', () => {
  it('gets its first answer again when it is repeated, and starts one ride', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-5')
    const rider = await newRider()
    const promiseId = await rider.promise()
    const key = randomUUID()
    const first = await rider.post<TripView>('/v1/trips', { bikeCode: bike.code, promiseId }, key)
    const again = await rider.post<TripView>('/v1/trips', { bikeCode: bike.code, promiseId }, key)
    expect([again.status, again.body]).toEqual([201, first.body])
    const other = await rider.post('/v1/trips', { bikeCode: bike.number, promiseId }, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    expect(await rider.post('/v1/trips', { bikeCode: bike.code, promiseId })).toMatchObject({ status: 400 })
    lock.destroy()
  })

  it('is the ride that its promise began, when the answer was lost with its key', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-8')
    const rider = await newRider()
    const promiseId = await rider.promise()
    const order = { bikeCode: bike.code, promiseId }
    const first = await rider.post<TripView>('/v1/trips', order, randomUUID())
    const again = await rider.post<TripView>('/v1/trips', order, randomUUID())
    expect([again.status, again.body.tripId]).toEqual([201, first.body.tripId])
    lock.destroy()
  })

  it('is refused for a second rider of the same bike, whose promise stays whole', async () => {
    const { bike, lock } = await placeLock(platform, 'ride-lock-6')
    const [one, two] = [await newRider(), await newRider()]
    const { tripId } = await startRide(one, bike.code)
    const promiseId = await two.promise()
    const refused = await two.post('/v1/trips', { bikeCode: bike.code, promiseId }, randomUUID())
    expect(refused).toMatchObject({ status: 409, body: { code: 'bike_in_use' } })
    expect(await two.get(`/v1/promises/${promiseId}`)).toMatchObject({ body: { state: 'held' } })
    expect(await two.get(`/v1/trips/${tripId}`)).toMatchObject({ status: 404 })
    lock.destroy()
  })
})
