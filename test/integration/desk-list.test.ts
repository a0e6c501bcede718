import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetAlarms, FleetTrips, Found } from '../../contracts/http/desk.ts'
import { type DeskRide, type DeskTrips, openDeskTrips } from '../fixtures/desk-trips.ts'

let desk: DeskTrips
let ended: DeskRide
let riding: DeskRide
beforeAll(async () => {
  desk = await openDeskTrips()
  ended = await desk.charged()
  riding = await desk.riding()
})
afterAll(() => desk?.end())

const find = async (q: string) => (await desk.viewer.get<Found>(`/v1/staff/find?q=${encodeURIComponent(q)}`)).body.hits

describe('a search of the desk', () => {
  it('finds a bike by its number as printed, its code, the address on its sticker, its lock', async () => {
    const { bikeId, number, code, lockId } = ended.street.bike
    const bike = [{ kind: 'bike', bikeId, bikeNumber: number, tripId: null }]
    const printed = number.replace(/\B(?=(\d{3})+$)/g, ' ')
    for (const name of [number, printed, code, `https://ride.example/b/${code}`, lockId, bikeId]) {
      expect(await find(name), name).toEqual(bike)
    }
  })

  it('finds a trip by its id and by the number of its receipt', async () => {
    const { bikeId, number } = ended.street.bike
    const trip = [{ kind: 'trip', bikeId, bikeNumber: number, tripId: ended.tripId }]
    const receipt = await desk.receiptOf(ended.tripId)
    expect(await find(ended.tripId)).toEqual(trip)
    expect(await find(receipt.number)).toEqual(trip)
  })

  it('finds nothing for a name of nothing, and refuses what is no search', async () => {
    expect(await find(randomUUID())).toEqual([])
    expect(await find('9999-999999')).toEqual([])
    expect(await find('Hoofdstraat?')).toEqual([])
    expect(await desk.viewer.get('/v1/staff/find?q=a')).toMatchObject({ status: 400 })
    expect(await desk.viewer.get(`/v1/staff/find?q=${'a'.repeat(300)}`)).toMatchObject({ status: 400 })
  })
})

describe('the list of bikes', () => {
  it('is told since when a bike is ridden, and of no ride that is over', async () => {
    const { slot, since } = (await desk.viewer.get<FleetTrips>('/v1/staff/fleet/trips')).body
    const slotOf = (bikeId: string) => desk.platform.rooms.fleet.bikes().find((bike) => bike.bikeId === bikeId)?.slot
    expect(slot).toEqual([slotOf(riding.street.bike.bikeId)])
    expect(since[0]).toBeGreaterThan(desk.platform.clock.nowMs() / 1_000 - 600)
    expect(since[0]).toBeLessThanOrEqual(desk.platform.clock.nowMs() / 1_000)
  })

  it('is told which bikes have open alarms, the newest first', async () => {
    const raise = (bikeId: string, kind: string, state: string, minutesAgo: number) =>
      desk.platform.db.query(
        `INSERT INTO alarm (alarm_id, kind, bike_id, cause_key, state, severity, blocks_rental, raised_at, last_seen_at,
                            snoozed_until, detail)
         VALUES ($1::uuid, $2::text, $3::uuid, $1::uuid::text, $4::text, 'warning', false, $5::timestamptz, $5::timestamptz,
                 CASE WHEN $4 = 'snoozed' THEN $5::timestamptz END, '{}')`,
        [randomUUID(), kind, bikeId, state, new Date(desk.platform.clock.nowMs() - minutesAgo * 60_000)],
      )
    const [one, two] = [ended.street.bike.bikeId, riding.street.bike.bikeId]
    await raise(one, 'lost', 'open', 9)
    await raise(two, 'fallen', 'open', 3)
    await raise(two, 'silent', 'acknowledged', 2)
    await raise(one, 'low_battery', 'snoozed', 1)
    const { kinds, alarms } = (await desk.viewer.get<FleetAlarms>('/v1/staff/fleet/alarms')).body
    const numbers = new Map(desk.platform.rooms.fleet.bikes().map((bike) => [bike.slot, bike.bikeId as string]))
    const told = alarms.map(({ slot, kind }) => [numbers.get(slot), kinds[kind]])
    expect(told.filter(([, kind]) => kind === 'lost' || kind === 'fallen')).toEqual([
      [two, 'fallen'],
      [one, 'lost'],
    ])
    expect(kinds).not.toContain('silent')
    expect(kinds).not.toContain('low_battery')
  })
})
