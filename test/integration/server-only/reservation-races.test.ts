import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReservationView } from '../../../contracts/http/reservations.ts'
import type { TripView } from '../../../contracts/http/trips.ts'
import type { Problem } from '../../../contracts/refusals.ts'
import { epochMs } from '../../../contracts/units.ts'
import type { FleetBike } from '../../../server/fleet/fleet-service.ts'
import { hello, record, telemetry } from '../../fixtures/lock-messages.ts'
import { logInRider, type RiderClient } from '../../fixtures/rider-client.ts'
import { openTestPlatform, type TestPlatform } from '../../fixtures/test-platform.ts'

const rounds = 40
const street = { lon: 5.12, lat: 52.09 }

let platform: TestPlatform
let ada: RiderClient
let bob: RiderClient
beforeAll(async () => {
  platform = await openTestPlatform()
  ada = await logInRider(platform.url, 'ada@example.org')
  bob = await logInRider(platform.url, 'bob@example.org')
})
afterAll(() => platform.close())

/** A bike whose lock was heard, but not lately enough to be asked: its trip waits and can be given up. */
async function newBike(lockId: string): Promise<FleetBike> {
  const { fleet } = platform.rooms
  const bike = await fleet.addBike({ lockId, ...street })
  const heard = epochMs(platform.clock.nowMs() - 17 * 60_000)
  fleet.listener.heard(bike.lockId, { kind: 'hello', body: hello() }, heard)
  const said = telemetry([record({ lo: street.lon, la: street.lat })])
  fleet.listener.heard(bike.lockId, { kind: 'tel', body: said }, heard)
  await fleet.tick()
  return bike
}

const reserve = (rider: RiderClient, bike: FleetBike) =>
  rider.post<ReservationView & Partial<Problem>>('/v1/reservations', { bike: bike.number }, randomUUID())
const start = (rider: RiderClient, bike: FleetBike, promiseId: string) =>
  rider.post<TripView & Partial<Problem>>('/v1/trips', { bikeCode: bike.code, promiseId }, randomUUID())
/** The limits are another test's: here nobody is blamed. */
const forget = () => platform.db.query('DELETE FROM reservation')
async function keptForSomebodyElse(): Promise<number> {
  const { rowCount } = await platform.db.query(
    `SELECT 1 FROM reservation r JOIN trip t USING (bike_id) WHERE r.state = 'open' AND t.rider_id <> r.rider_id
        AND t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`,
  )
  return rowCount
}

describe('two riders who want one bike at the same moment', () => {
  it('of whom both reserve it: one has it, the other is told', async () => {
    const bike = await newBike('kept-race-1')
    for (let round = 0; round < rounds; round += 1) {
      const both = await Promise.all([reserve(ada, bike), reserve(bob, bike)])
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
      expect(both.find(({ status }) => status === 409)?.body.code).toBe('bike_reserved')
      await forget()
    }
  })

  it(`of whom one reserves and one rides: never both, in ${rounds} tries`, async () => {
    const bike = await newBike('kept-race-2')
    let promiseId = await bob.promise()
    const won = { kept: 0, ridden: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const [kept, ridden] = await Promise.all([
        pause(randomInt(16)).then(() => reserve(ada, bike)),
        pause(randomInt(8)).then(() => start(bob, bike, promiseId)),
      ])
      expect(await keptForSomebodyElse()).toBe(0)
      expect([kept.status, ridden.status].sort()).toEqual([201, 409])
      if (ridden.status === 201) {
        won.ridden += 1
        expect(kept.body.code).toBe('bike_in_use')
        await bob.post(`/v1/trips/${ridden.body.tripId}/cancel`)
        promiseId = await bob.promise()
      } else {
        won.kept += 1
        expect(ridden.body.code).toBe('bike_reserved')
      }
      await forget()
    }
    expect(won.kept).toBeGreaterThan(0)
    expect(won.ridden).toBeGreaterThan(0)
  })
})

describe('one rider on two phones', () => {
  it('who reserves two bikes at once keeps one', async () => {
    const bikes = [await newBike('kept-race-3'), await newBike('kept-race-4')]
    for (let round = 0; round < rounds; round += 1) {
      const both = await Promise.all(bikes.map((bike) => reserve(ada, bike)))
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
      expect(both.find(({ status }) => status === 409)?.body.code).toBe('reservation_open')
      await forget()
    }
  })

  it('who takes the kept bike while it is taken back: it is used or it is cancelled, never both', async () => {
    const bike = await newBike('kept-race-5')
    const { db, reservations } = platform.rooms
    for (let round = 0; round < 10; round += 1) {
      const kept = await reserve(ada, bike)
      const promiseId = await ada.promise()
      const [ridden] = await Promise.all([
        start(ada, bike, promiseId),
        pause(randomInt(6)).then(() => db.transaction((tx) => reservations.takenBack(tx, [bike.bikeId], 'crew'))),
      ])
      const { rows } = await platform.db.query<{ state: string; trip_id: string | null }>(
        'SELECT state, trip_id FROM reservation WHERE reservation_id = $1',
        [kept.body.reservationId],
      )
      const isUsed = rows[0]?.state === 'used'
      expect(rows[0]).toEqual(
        isUsed ? { state: 'used', trip_id: ridden.body.tripId } : { state: 'cancelled', trip_id: null },
      )
      await ada.post(`/v1/trips/${ridden.body.tripId}/cancel`)
      await forget()
    }
  })
})
