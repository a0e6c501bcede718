import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BikeByCode, BikeNear, Terms } from '../../contracts/http/bikes.ts'
import type { ReservationView, RingView } from '../../contracts/http/reservations.ts'
import type { Me } from '../../contracts/http/riders.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId, type LockId, type RiderId } from '../../contracts/ids.ts'
import { isRefusal, type Problem } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { mostRingsAMinute } from '../../server/unlocking/core/decide-ring.ts'
import { createRings } from '../../server/unlocking/ring-service.ts'
import { hello, record, telemetry } from '../fixtures/lock-messages.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const minuteMs = 60_000
const street = { lon: 5.12, lat: 52.09 }

let platform: TestPlatform
let street1: StreetLock
let ada: RiderClient
let bob: RiderClient

beforeAll(async () => {
  platform = await openTestPlatform()
  street1 = await placeLock(platform, 'kept-lock-1')
})
afterAll(async () => {
  street1.lock.destroy()
  await platform.close()
})
let people = 0
beforeEach(async () => {
  people += 1
  ada = await logInRider(platform.url, `ada-${people}@example.org`)
  bob = await logInRider(platform.url, `bob-${people}@example.org`)
})

let bikes = 0
/** A free bike in a quiet street, heard a moment ago. */
async function newBike(): Promise<FleetBike> {
  bikes += 1
  const { fleet } = platform.rooms
  const bike = await fleet.addBike({ lockId: `kept-${bikes}-lock`, ...street })
  const heard = epochMs(platform.clock.nowMs())
  fleet.listener.heard(bike.lockId, { kind: 'hello', body: hello() }, heard)
  const said = telemetry([record({ lo: street.lon, la: street.lat })])
  fleet.listener.heard(bike.lockId, { kind: 'tel', body: said }, heard)
  await fleet.tick()
  return bike
}

type Kept = ReservationView & Partial<Problem>
const reserve = (rider: RiderClient, bike: string) => rider.post<Kept>('/v1/reservations', { bike }, randomUUID())
const cancel = (rider: RiderClient) =>
  fetch(`${platform.url}/v1/reservations/current`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${rider.token}` },
  })
const me = async (rider: RiderClient) => (await rider.get<Me>('/v1/me')).body
const byCode = async (rider: RiderClient, bike: { readonly code: string }) =>
  (await rider.get<BikeByCode>(`/v1/bikes/by-code/${bike.code}`)).body
const publicIdOf = async (bikeId: BikeId) =>
  (await platform.db.query<{ public_id: string }>('SELECT public_id FROM bike WHERE bike_id = $1', [bikeId])).rows[0]
    ?.public_id ?? ''
async function isSeen(bikeId: BikeId): Promise<boolean> {
  const { lon, lat } = street
  const near = await ada.get<{ bikes: BikeNear[] }>(`/v1/bikes?lon=${lon}&lat=${lat}&limit=200`)
  const publicId = await publicIdOf(bikeId)
  return near.body.bikes.some((bike) => bike.publicId === publicId)
}
/** As if so much time had passed since. */
async function ago(view: ReservationView, ms: number): Promise<void> {
  const back = [view.reservationId, new Date(view.createdAt - ms), new Date(view.expiresAt - ms)]
  await platform.db.query('UPDATE reservation SET created_at = $2, expires_at = $3 WHERE reservation_id = $1', back)
}
const stateOf = async (view: ReservationView) => {
  const asked = await platform.db.query<{ state: string; reason: string | null; is_unused: boolean }>(
    'SELECT state, reason, is_unused FROM reservation WHERE reservation_id = $1',
    [view.reservationId],
  )
  return asked.rows[0]
}

describe('a reserved bike', () => {
  it('is its rider’s, by public id, number or code, and hidden from everybody else', async () => {
    const bike = await newBike()
    expect(await isSeen(bike.bikeId)).toBe(true)
    const kept = await reserve(ada, await publicIdOf(bike.bikeId))
    expect(kept.status).toBe(201)
    expect(kept.body).toMatchObject({ bikeNumber: bike.number, state: 'open', ...street })
    expect(kept.body.expiresAt - kept.body.createdAt).toBe(10 * minuteMs)
    expect(kept.body.realSecondsLeft).toBeGreaterThan(590)
    // Told twice, on two devices: it is the same one.
    expect((await reserve(ada, bike.number)).body.reservationId).toBe(kept.body.reservationId)
    expect((await me(ada)).reservation).toMatchObject({ reservationId: kept.body.reservationId })
    expect((await me(bob)).reservation).toBeNull()

    expect(await isSeen(bike.bikeId)).toBe(false)
    expect(await byCode(ada, bike)).toMatchObject({ rentable: true, refusal: null })
    expect(await byCode(bob, bike)).toMatchObject({ rentable: false, refusal: 'bike_reserved' })
    expect((await reserve(bob, bike.code)).body.code).toBe('bike_reserved')

    const other = await newBike()
    expect((await reserve(ada, other.code)).body.code).toBe('reservation_open')
    expect((await cancel(ada)).status).toBe(204)
    expect((await cancel(ada)).status).toBe(404)
    expect(await isSeen(bike.bikeId)).toBe(true)
    expect((await me(ada)).reservation).toBeNull()
    expect((await reserve(bob, bike.code)).status).toBe(201)
    expect((await reserve(ada, '9999')).body.code).toBe('bike_unknown')
  })

  it('goes to one of two riders who want it in the same moment', async () => {
    const bike = await newBike()
    const both = await Promise.all([reserve(ada, bike.code), reserve(bob, bike.code)])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('bike_reserved')
  })

  it('is everybody’s again after its time, even before it is written down, and its rider is told', async () => {
    const bike = await newBike()
    const { body } = await reserve(ada, bike.code)
    await ago(body, 10 * minuteMs)
    expect(await isSeen(bike.bikeId)).toBe(true)
    // Where the bike is now is no longer theirs to know: the next rider may be on it.
    const over = { state: 'expired', realSecondsLeft: 0, lon: null, lat: null }
    expect((await me(ada)).reservation).toMatchObject(over)
    expect((await reserve(bob, bike.code)).status).toBe(201)
    expect(await stateOf(body)).toEqual({ state: 'expired', reason: null, is_unused: true })
    const left = await newBike()
    const { body: second } = await reserve(ada, left.code)
    await ago(second, 10 * minuteMs)
    await platform.rooms.reservations.tick()
    expect(await stateOf(second)).toMatchObject({ state: 'expired' })
  })

  it('is taken back by a crew and by the desk, and that counts against nobody', async () => {
    const { fleet, reservations } = platform.rooms
    const [van, shed, broken] = [await newBike(), await newBike(), await newBike()]
    const { body: first } = await reserve(ada, van.code)
    await platform.rooms.db.transaction((tx) => reservations.takenBack(tx, [van.bikeId], 'crew'))
    expect(await stateOf(first)).toEqual({ state: 'cancelled', reason: 'crew', is_unused: false })
    expect((await me(ada)).reservation).toMatchObject({ state: 'cancelled', reason: 'crew', lon: null, lat: null })

    const { body: second } = await reserve(ada, shed.code)
    await platform.rooms.db.transaction((tx) =>
      fleet.changeService(tx, {
        ...{ bikeId: shed.bikeId, state: 'out', reason: 'broken', note: null, inRide: false, staffId: null },
        atMs: platform.clock.nowMs(),
      }),
    )
    expect(await stateOf(second)).toEqual({ state: 'cancelled', reason: 'out_of_service', is_unused: false })

    const { body: third } = await reserve(ada, broken.code)
    await platform.db.query('UPDATE bike SET in_service = false WHERE bike_id = $1', [broken.bikeId])
    await fleet.tick()
    await reservations.tick()
    expect(await stateOf(third)).toMatchObject({ state: 'cancelled', reason: 'out_of_service' })
    expect((await reserve(ada, (await newBike()).code)).status).toBe(201)
  })

  it('is not kept twice for nothing', async () => {
    const [first, second] = [await newBike(), await newBike()]
    const { body } = await reserve(ada, first.code)
    await ago(body, 3 * minuteMs)
    await cancel(ada)
    expect(await stateOf(body)).toEqual({ state: 'cancelled', reason: 'rider', is_unused: true })
    const again = await reserve(ada, first.code)
    expect(again.body.code).toBe('reservation_wait')
    expect(Date.parse(again.body.detail ?? '')).toBeGreaterThan(platform.clock.nowMs())
    const { body: other } = await reserve(ada, second.code)
    await ago(other, 10 * minuteMs)
    const third = await reserve(ada, (await newBike()).code)
    expect(third.body.code).toBe('reservation_too_many')
    expect(Date.parse(third.body.detail ?? '') - platform.clock.nowMs()).toBeGreaterThan(11 * 60 * minuteMs)
  })
})

describe('a trip', () => {
  const start = (rider: RiderClient, bikeCode: string, promiseId: string) =>
    rider.post<TripView & Partial<Problem>>('/v1/trips', { bikeCode, promiseId }, randomUUID())

  it('is refused to others, who keep their promise, and uses up its rider’s reservation', async () => {
    const bike = await newBike()
    const { body } = await reserve(ada, bike.code)
    const [adas, bobs] = await Promise.all([ada.promise(), bob.promise()])
    const refused = await start(bob, bike.code, bobs)
    expect([refused.status, refused.body.code]).toEqual([409, 'bike_reserved'])
    const own = await start(ada, bike.code, adas)
    expect(own.status).toBe(201)
    expect(await stateOf(body)).toEqual({ state: 'used', reason: null, is_unused: false })
    expect((await me(ada)).reservation).toBeNull()
    expect((await reserve(ada, (await newBike()).code)).body.code).toBe('rider_has_trip')
    // Nor is money held for a ride that could not begin.
    const promised = await ada.post<Problem>('/v1/promises', { provider: 'alipay' }, randomUUID())
    expect([promised.status, promised.body.code]).toEqual([409, 'rider_has_trip'])
    // The promise that was refused a bike is still good for another one.
    expect((await start(bob, (await newBike()).code, bobs)).status).toBe(201)
  })

  it('with another bike ends the reservation, without blame', async () => {
    const [kept, taken] = [await newBike(), await newBike()]
    const { body } = await reserve(ada, kept.code)
    await ago(body, 5 * minuteMs)
    await start(ada, taken.code, await ada.promise())
    expect(await stateOf(body)).toEqual({ state: 'cancelled', reason: 'other_bike', is_unused: false })
    expect(await isSeen(kept.bikeId)).toBe(true)
  })
})

describe('a bell', () => {
  const ring = (rider: RiderClient, code: string) => rider.post<RingView & Partial<Problem>>(`/v1/bikes/${code}/ring`)
  async function ringUntil(rider: RiderClient, code: string, { commandId }: RingView): Promise<string> {
    for (;;) {
      const { body } = await rider.get<RingView>(`/v1/bikes/${code}/ring/${commandId}`)
      if (body.state === 'done' || body.state === 'unknown' || body.state === 'expired') return body.state
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const silence = () => platform.db.query(`UPDATE rider_ring SET rung_at = rung_at - interval '1 hour'`)

  it('rings by the word of the lock, then not again for ten seconds, and only its rider may ask', async () => {
    const { number } = street1.bike
    const rung = await ring(ada, number)
    expect(rung.status).toBe(202)
    expect(await ringUntil(ada, number, rung.body)).toBe('done')
    expect((await bob.get(`/v1/bikes/${number}/ring/${rung.body.commandId}`)).status).toBe(404)
    expect((await ring(bob, number)).body.code).toBe('ring_too_often')
    await silence()
    await reserve(ada, number)
    expect((await ring(bob, number)).body.code).toBe('bike_reserved')
    expect((await ring(ada, number)).status).toBe(202)
    await cancel(ada)
    expect((await ring(ada, '0000')).body.code).toBe('bike_unknown')
  })

  it('is rung four times a minute by one rider, also in one and the same moment', async () => {
    const row: FleetBike[] = []
    while (row.length < 6) row.push(await newBike())
    // All six locks are quiet; they are heard again once each of them was asked for a sign of life.
    let asked = 0
    const { db, unlocking, reservations } = platform.rooms
    const rings = createRings({
      ...{ db, clock: platform.clock, logger: pino({ level: 'silent' }), reservedBy: reservations.reservedBy },
      unlocking: { issueBeep: unlocking.issueBeep, hasStamp: () => asked >= row.length },
      bikeByCode: (number) => {
        const bike = row.find((one) => one.number === number)
        return bike ? { ...bike, isInVan: false, isConnected: true } : null
      },
      requestStamp: () => {
        asked += 1
      },
    })
    const { riderId } = await me(ada)
    const rung = await Promise.all(row.map(({ number }) => rings.ring(asId<RiderId>(riderId), number)))
    const no = rung.filter(isRefusal)
    expect([rung.length - no.length, ...no.map(({ code }) => code)]).toEqual([
      mostRingsAMinute,
      ...['too_many_requests', 'too_many_requests'],
    ])
  })

  it('says so when the lock is silent', async () => {
    const { fleet } = platform.rooms
    const bike = await fleet.addBike({ lockId: 'kept-mute-lock', ...street })
    expect((await ring(ada, bike.number)).body.code).toBe('bike_silent')
  })

  it('makes way: an unlock does not wait for one that nobody has answered', async () => {
    await silence()
    const lockId = asId<LockId>(street1.lock.lockId)
    // Signed, counted, and lost in the air.
    const lost = await platform.db.transaction((tx) => platform.rooms.unlocking.issueBeep(tx, lockId))
    expect(lost.kind).toBe('issued')
    expect((await ring(bob, street1.bike.number)).body.code).toBe('lock_busy')
    const promiseId = await ada.promise()
    const trip = await ada.post<TripView>('/v1/trips', { bikeCode: street1.bike.code, promiseId }, randomUUID())
    expect(trip.body.state).toBe('unlocking')
    await ada.tripUntil(trip.body.tripId, ({ state }) => state === 'riding')
    const rows = await platform.db.query<{ state: string }>(
      `SELECT state FROM command WHERE lock_id = $1 AND op = 'beep' ORDER BY counter DESC LIMIT 1`,
      [lockId],
    )
    expect(rows.rows).toEqual([{ state: 'unknown' }])
    expect((await ring(bob, street1.bike.number)).body.code).toBe('bike_in_use')
    const rung = await ring(ada, street1.bike.number)
    expect(await ringUntil(ada, street1.bike.number, rung.body)).toBe('done')
  })
})

describe('the terms', () => {
  it('are public, and those that a bike would be rented on', async () => {
    const bike = await newBike()
    const { terms } = await byCode(ada, bike)
    const answer = await fetch(`${platform.url}/v1/terms`)
    expect((await answer.json()) as Terms).toEqual(terms)
  })
})
