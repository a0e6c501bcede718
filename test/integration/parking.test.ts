import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Terms } from '../../contracts/http/bikes.ts'
import type { PublicZones } from '../../contracts/http/city-zones.ts'
import type { ParkingAdvice } from '../../contracts/http/parking.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import type { Position } from '../../contracts/units.ts'
import { metresOutside } from '../../server/alarms/core/outside-zones.ts'
import { nearestAllowed, parkingPlaceAt } from '../../server/city/parking-place.ts'
import { type DeskRide, type DeskTrips, openDeskTrips } from '../fixtures/desk-trips.ts'
import type { RiderClient } from '../fixtures/rider-client.ts'
import type { StreetLock } from '../fixtures/street-lock.ts'

const citySpeed = 24
/** Three minutes are 22 s. */
const freeExitSpeed = 8
/** Where locks of a test are put down; the middle of the service area. */
const home = { lon: 4.726, lat: 52.3585 }
/** Metres east and north of it. */
const off = (eastM: number, northM: number): Position => ({
  lon: home.lon + eastM / 67_900,
  lat: home.lat + northM / 111_195,
})
const square = (at: Position, halfM: number) => {
  const [x, y] = [halfM / 67_900, halfM / 111_195]
  const corners = [
    [at.lon - x, at.lat - y],
    [at.lon + x, at.lat - y],
    [at.lon + x, at.lat + y],
    [at.lon - x, at.lat + y],
    [at.lon - x, at.lat - y],
  ]
  return { type: 'Polygon', coordinates: [corners] }
}
const bridge = off(-600, 0)
const station = off(600, 0)
const full = off(0, -600)
const beyond = off(0, 1_400)
const zones = [
  [square(home, 1_000), { kind: 'service_area', name: 'Everywhere' }],
  [square(bridge, 100), { kind: 'no_parking', name: 'Old bridge' }],
  [
    { type: 'Point', coordinates: [station.lon, station.lat] },
    { ...hotspot('Station', 20), radiusM: 40 },
  ],
  [
    { type: 'Point', coordinates: [full.lon, full.lat] },
    { ...hotspot('Market', 0), radiusM: 40 },
  ],
].map(([geometry, properties]) => ({ type: 'Feature', geometry, properties }))
function hotspot(name: string, capacity: number) {
  return { kind: 'hotspot', name, capacity }
}

let desk: DeskTrips
beforeAll(async () => {
  desk = await openDeskTrips()
  // A lock says where it is every 15 s of its ride: nobody waits for that.
  desk.platform.clock.setSpeed(citySpeed)
  const imported = await desk.platform.rooms.zones.importZones(
    { collection: { type: 'FeatureCollection', features: zones }, mode: 'add', dryRun: false },
    { staffId: null, centre: home },
  )
  expect(imported).toMatchObject({ done: true, problems: [] })
})
afterAll(() => desk?.end())
/** Whatever was done: no money came out of nothing, and ours is the provider's. */
afterEach(async () => {
  const { atProvider, inBooks, sums } = await desk.money()
  expect(inBooks).toBe(atProvider)
  expect(sums.every((sum) => sum === 0)).toBe(true)
})

const shadow = (street: StreetLock) => desk.platform.rooms.fleet.shadowOf(asId<LockId>(street.bike.lockId))

/** The bike is rolled there and stands; its receiver sees the open sky, and the platform has heard where it is. */
function rollTo(street: StreetLock, at: Position): void {
  street.lock.setSky('open')
  street.lock.setPosition({ ...at, headingDeg: 0, speedMps: 0 })
}
const heardAt = async (street: StreetLock, at: Position): Promise<void> => {
  for (;;) {
    const known = shadow(street).position
    if (known && Math.hypot((known.lon - at.lon) * 67_900, (known.lat - at.lat) * 111_195) < 30) return
    await pause(20)
  }
}

/** What must be over within minutes of the city has more of them here. */
async function atSpeed<T>(speed: number, work: () => Promise<T>): Promise<T> {
  desk.platform.clock.setSpeed(speed)
  try {
    return await work()
  } finally {
    desk.platform.clock.setSpeed(citySpeed)
  }
}

/** In a fast city a lock soon counts as silent, and has little time to open: where a machine is busy a rider tries again. */
async function opened<T>(ride: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ride()
    } catch (fault) {
      if (tried === mostOpenings) throw fault
      await pause(betweenOpeningsMs)
    }
  }
}
const mostOpenings = 10
const betweenOpeningsMs = 300

const begin = (rider: RiderClient, street: StreetLock): Promise<string> =>
  opened(async () => {
    const promiseId = await rider.promise()
    const order = { bikeCode: street.bike.code, promiseId }
    const started = await rider.post<TripView>('/v1/trips', order, randomUUID())
    expect(started.status).toBe(201)
    await rider.tripUntil(started.body.tripId, ({ state }) => state === 'riding')
    return started.body.tripId
  })

const close = async ({ street, rider, tripId }: DeskRide): Promise<TripView> => {
  street.lock.pushLever()
  return rider.tripUntil(tripId, ({ state }) => state === 'charged')
}
const linesOf = (trip: TripView) => trip.price.lines.map(({ key, amount }) => [key, amount])
const adviceOf = async ({ rider, tripId }: DeskRide): Promise<ParkingAdvice> =>
  (await rider.get<ParkingAdvice>(`/v1/trips/${tripId}/parking`)).body

/** A ride that was ridden to a place and is still open. */
async function riddenTo(at: Position, ride?: DeskRide): Promise<DeskRide> {
  const one = ride ?? (await opened(desk.riding))
  rollTo(one.street, at)
  await heardAt(one.street, at)
  return one
}
describe('where one may park', () => {
  it('is for everybody, with what it costs and earns, as GeoJSON that may be kept', async () => {
    const box = 'west=4.70&south=52.34&east=4.75&north=52.38'
    const answer = await fetch(`${desk.platform.url}/v1/zones?${box}`)
    expect(answer.headers.get('content-type')).toContain('application/geo+json')
    const { features, fees, currency } = (await answer.json()) as PublicZones
    expect({ fees, currency }).toEqual({ fees: { outsideArea: 500, noParking: 800 }, currency: 'CNY' })
    const terms = (await (await fetch(`${desk.platform.url}/v1/terms`)).json()) as Terms
    expect(terms).toMatchObject({ wrongPlaceFee: fees.outsideArea, noParkingFee: fees.noParking })
    expect(features.map(({ properties: { kind, name, reward } }) => [kind, name, reward])).toEqual([
      ['service_area', 'Everywhere', undefined],
      ['no_parking', 'Old bridge', undefined],
      ['hotspot', 'Market', 0],
      ['hotspot', 'Station', 100],
    ])
    const again = await fetch(`${desk.platform.url}/v1/zones?${box}`, {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    })
    expect([again.status, await again.text()]).toEqual([304, ''])
    for (const wrong of ['west=4.7&south=52.3&east=5.3&north=52.4', 'west=4.8&south=52.3&east=4.7&north=52.4']) {
      const refused = await fetch(`${desk.platform.url}/v1/zones?${wrong}`)
      // Read to its end: an answer that nobody reads keeps its connection.
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([400, 'bad_request'])
    }
  })
})

describe('closing the lock', () => {
  it('outside of the area costs a fee, told before; moved right in time it goes back by itself, and moving was free', async () => {
    const ride = await riddenTo(beyond)
    const told = await adviceOf(ride)
    expect(told).toMatchObject({ verdict: 'outside_area', zoneName: 'Everywhere', feeMinor: 500, rewardMinor: 0 })
    expect(told.better).toMatchObject({ kind: 'allowed', name: null })
    expect(told.better?.distanceM).toBeGreaterThan(400)
    expect(told.better?.distanceM).toBeLessThan(450)

    const wrong = await close(ride)
    expect(linesOf(wrong).at(-1)).toEqual(['wrong_place', 500])
    expect(wrong.payment.captured).toBe(wrong.price.total)
    expect(wrong.parking).toMatchObject({ verdict: 'outside_area', feeMinor: 500, cleared: false })
    expect(wrong.parking?.clearableUntil).toBeGreaterThan(wrong.cityTime)

    const again: DeskRide = { ...ride, tripId: await begin(ride.rider, ride.street) }
    await riddenTo(off(0, 900), again)
    const right = await close(again)
    expect(right.parking).toMatchObject({ verdict: 'fine', feeMinor: 0 })
    expect(right.price).toMatchObject({ total: 0 })
    expect(linesOf(right).at(-1)?.[0]).toBe('put_right')
    const cleared = await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.refunded === 500)
    expect(cleared.parking).toMatchObject({ feeMinor: 500, cleared: true })
    expect(linesOf(cleared).slice(-2)).toEqual([
      ['wrong_place', 500],
      ['put_right', -500],
    ])
    const receipt = await desk.receiptOf(ride.tripId)
    expect(receipt.lines.map(({ key }) => key)).toContain('wrong_place')
    expect(receipt.corrections).toMatchObject([{ kind: 'refund', amount: 500 }])

    const third: DeskRide = { ...ride, tripId: await begin(ride.rider, ride.street) }
    const last = await close(third)
    expect(last.price.total).toBeGreaterThan(0)
    await desk.settledAtProvider()
    expect((await ride.rider.get<TripView>(`/v1/trips/${ride.tripId}`)).body.payment.refunded).toBe(500)
  })

  it('where parking is not allowed costs its own fee, a try that ends wrong again none more, and support may drop it', async () => {
    const ride = await riddenTo(bridge)
    expect(await adviceOf(ride)).toMatchObject({ verdict: 'no_parking', zoneName: 'Old bridge', feeMinor: 800 })
    const wrong = await close(ride)
    expect(linesOf(wrong).at(-1)).toEqual(['no_parking', 800])
    const again = { ...ride, tripId: await begin(ride.rider, ride.street) }
    const still = await close(again)
    expect(still.parking).toMatchObject({ verdict: 'no_parking', feeMinor: 0, clearableUntil: null })
    expect(linesOf(still).map(([key]) => key)).not.toContain('no_parking')

    const expectedTotal = wrong.price.total - 800
    await desk.act(desk.support, ride.tripId, 'reprice', { waived: ['no_parking'], expectedTotal })
    const waived = await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.refunded === 800)
    expect(linesOf(waived).at(-1)).toEqual(['waived_no_parking', -800])
    expect(waived.parking).toMatchObject({ feeMinor: 0, clearableUntil: null })
  })

  it('outside, ended free in time, leaves nothing to put right: the next ride is a ride', async () => {
    const ride = await atSpeed(freeExitSpeed, async () => {
      const one = await riddenTo(beyond)
      expect(linesOf(await close(one)).at(-1)).toEqual(['wrong_place', 500])
      return one
    })
    const exit = await ride.rider.post(`/v1/trips/${ride.tripId}/free-exit`, { reason: 'brakes' })
    expect(exit.status).toBe(200)
    const free = await ride.rider.tripUntil(ride.tripId, ({ price }) => price.total === 0)
    expect(free.parking).toMatchObject({ feeMinor: 0, clearableUntil: null })
    const again = { ...ride, tripId: await begin(ride.rider, ride.street) }
    const still = await close(again)
    expect(still.parking).toMatchObject({ verdict: 'outside_area', feeMinor: 500 })
    expect(linesOf(still).at(-1)).toEqual(['wrong_place', 500])
  })

  it('costs nothing where the lock cannot say well enough where it is', async () => {
    const edge = await riddenTo(off(0, 1_004))
    expect(await close(edge)).toMatchObject({
      parking: { verdict: expect.stringMatching(/fine|not_known/), feeMinor: 0 },
    })
    const tunnel = await riddenTo(beyond)
    tunnel.street.lock.setSky('none')
    tunnel.street.lock.setPosition({ ...beyond, headingDeg: 0, speedMps: 0 })
    const from = desk.platform.clock.nowMs()
    while (desk.platform.clock.nowMs() < from + 61_000) await pause(200)
    expect(await close(tunnel)).toMatchObject({ parking: { verdict: 'not_known', feeMinor: 0 } })
  }, 60_000)

  it('by a poor fix is looked at again, and a better one only makes it cheaper', async () => {
    const ride = await riddenTo(off(0, 1_060))
    const wrong = await close(ride)
    expect(wrong.parking).toMatchObject({ verdict: 'outside_area', feeMinor: 500 })
    await desk.platform.db.query(
      `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, accuracy_m, speed_mps, soc, bolt)
       VALUES ($1, 1, 990000, $2, $2, ST_SetSRID(ST_MakePoint($3, $4), 4326), 1, 0, 80, 'locked')`,
      [ride.street.bike.lockId, new Date((wrong.endedAt ?? 0) + 20_000), home.lon, off(0, 990).lat],
    )
    const milder = await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.refunded === 500)
    expect(milder.parking).toMatchObject({ verdict: 'fine', feeMinor: 0, clearableUntil: null })
    expect(linesOf(milder).map(([key]) => key)).not.toContain('wrong_place')
  }, 60_000)

  it('at a hotspot with room is worth something, once; at a full one or from round the corner nothing', async () => {
    const ride = await riddenTo(station)
    expect(await adviceOf(ride)).toMatchObject({ verdict: 'hotspot', zoneName: 'Station', rewardMinor: 100 })
    const rewarded = await close(ride)
    expect(rewarded.parking).toMatchObject({ verdict: 'hotspot', rewardMinor: 100 })
    expect(linesOf(rewarded).at(-1)).toEqual(['hotspot_reward', -100])
    const next: DeskRide = { ...ride, tripId: await begin(ride.rider, ride.street) }
    expect((await close(next)).parking).toMatchObject({ verdict: 'hotspot', rewardMinor: 0 })
    const crowded = await riddenTo(full)
    expect(await close(crowded)).toMatchObject({ parking: { verdict: 'hotspot', rewardMinor: 0, zoneName: 'Market' } })
  })

  it('is for the eyes of its rider only', async () => {
    const ride = await opened(desk.riding)
    const other = await opened(desk.riding)
    const answer = await other.rider.get(`/v1/trips/${ride.tripId}/parking`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    await Promise.all([close(ride), close(other)])
  })

  it('tells nothing of where the bike is now by an old ride of which no place is kept', async () => {
    const ride = await riddenTo(station)
    await close(ride)
    const nobody = { verdict: 'not_known', zoneName: null, placeAt: null, accuracyM: null, better: null, feeMinor: 0 }
    for (const state of ['charged', 'cancelled', 'failed']) {
      await desk.platform.db.query('UPDATE trip SET parking = NULL, state = $2 WHERE trip_id = $1', [
        ride.tripId,
        state,
      ])
      expect(await adviceOf(ride)).toMatchObject(nobody)
    }
  })
})

describe('outside', () => {
  it('is the same for the fee and for the alarm', async () => {
    const { db, rooms, clock } = desk.platform
    const { features } = await rooms.zones.collectionAt(null)
    const areas = (kind: string) =>
      features.flatMap(({ geometry, properties }) =>
        properties.kind === kind && geometry.type === 'Polygon' ? [{ polygons: [geometry.coordinates] }] : [],
      )
    const rules = { service: areas('service_area'), noParking: areas('no_parking') }
    for (const at of [home, beyond, bridge, off(0, 1_020), off(-1_500, 1_700), off(-650, 60), station]) {
      const { outside, noParking } = await parkingPlaceAt(db, clock.nowMs(), at)
      const metres = Math.max(outside?.metres ?? 0, noParking?.metres ?? 0)
      expect(Math.abs(metres - metresOutside(at, rules))).toBeLessThan(1 + metres / 100)
    }
    const near = await nearestAllowed(db, clock.nowMs(), bridge)
    expect(near?.metres).toBeGreaterThan(100)
    expect(near?.metres).toBeLessThan(140)
  })
})
