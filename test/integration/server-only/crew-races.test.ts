import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PromiseView } from '../../../contracts/http/payments.ts'
import type { TripView } from '../../../contracts/http/trips.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import { epochMs } from '../../../contracts/units.ts'
import type { FleetBike } from '../../../server/fleet/fleet-service.ts'
import { openPgDatabase } from '../../../server/platform/pg-database.ts'
import { hello, record, telemetry } from '../../fixtures/lock-messages.ts'
import { insertCrew, type PublishedRoute, publishNight } from '../../fixtures/published-night.ts'
import { logInRider, type RiderClient } from '../../fixtures/rider-client.ts'
import { openTestPlatform, type TestPlatform } from '../../fixtures/test-platform.ts'

const rounds = 60
const street = { lon: 5.12, lat: 52.09 }

let platform: TestPlatform
let rider: RiderClient
let crews: readonly string[]

beforeAll(async () => {
  platform = await openTestPlatform()
  crews = await Promise.all(['Anna', 'Bram'].map((name) => insertCrew(platform.db, name, platform.clock.nowMs())))
})
beforeEach(async () => {
  // Without a promise or a ride of an earlier test.
  rider = await logInRider(platform.url, `racer-${randomUUID().slice(0, 8)}@example.org`)
})
afterAll(() => platform.close())

/** A bike whose lock was heard, but not lately enough to be asked: its trip waits and can be given up. */
async function newBike(lockId: string): Promise<FleetBike> {
  const { fleet } = platform.rooms
  const bike = await fleet.addBike({ lockId, ...street })
  const heard = epochMs(platform.clock.nowMs() - 17 * 60_000)
  fleet.listener.heard(bike.lockId, { kind: 'hello', body: hello() }, heard)
  fleet.listener.heard(
    bike.lockId,
    { kind: 'tel', body: telemetry([record({ lo: street.lon, la: street.lat })]) },
    heard,
  )
  await fleet.tick()
  return bike
}

let nights = 0
async function publish(...takes: readonly (readonly FleetBike[])[]): Promise<readonly PublishedRoute[]> {
  nights += 1
  return publishNight(platform.db, {
    ...{ nowMs: platform.clock.nowMs(), depotId: `depot-${nights}` },
    vans: takes.map((bikes) => ({ stops: [{ kind: 'strays', take: bikes.map((bike) => bike.bikeId) }] })),
  })
}

const start = (bike: FleetBike, promiseId: string) =>
  rider.post<TripView & { code?: string }>('/v1/trips', { bikeCode: bike.code, promiseId }, randomUUID())
const claim = (crewId: string, { routeId }: PublishedRoute) => platform.rooms.crew.claim(crewId, routeId, randomUUID())
const act = (crewId: string, { routeId }: PublishedRoute, said: object) =>
  platform.rooms.crew.acts(crewId, [
    {
      ...{ actId: randomUUID(), routeId, atMs: platform.clock.nowMs(), lon: null, lat: null, stopId: null },
      ...said,
    } as never,
  ])

async function inTwoHands(): Promise<number> {
  const { rowCount } = await platform.db.query(
    `SELECT 1 FROM bike_custody JOIN trip USING (bike_id)
      WHERE trip.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`,
  )
  return rowCount
}

/** Resolves when some statement waits for a row that another transaction holds. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rowCount } = await platform.db.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    if (rowCount > 0) return
    await pause(5)
  }
}

describe('a rider and a crew who want one bike at the same moment', () => {
  it(`never both get it, in ${rounds} tries`, async () => {
    const bike = await newBike('race-lock-1')
    const [route] = await publish([bike])
    let promiseId = await rider.promise()
    const won = { rider: 0, crew: 0, nobody: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const [started, claimed] = await Promise.all([
        pause(randomInt(12)).then(() => start(bike, promiseId)),
        pause(randomInt(12)).then(() => claim(crews[0]!, route!)),
      ])
      expect(isRefusal(claimed)).toBe(false)
      expect(await inTwoHands()).toBe(0)
      const kept = (await platform.db.query('SELECT 1 FROM bike_custody')).rowCount
      if (started.status === 201) {
        won.rider += 1
        expect(kept).toBe(0)
        await rider.post(`/v1/trips/${started.body.tripId}/cancel`)
        promiseId = await rider.promise()
        // It was struck off the list: put it back for the next try.
        await platform.db.query(
          `INSERT INTO route_bike (stop_id, bike_id, is_broken, state, value, reasons) VALUES ($1, $2, false, 'planned', 1, '[]')`,
          [route!.stopIds[0], bike.bikeId],
        )
      } else {
        expect(started).toMatchObject({ status: 409, body: { code: 'bike_being_moved' } })
        won.crew += 1
        expect(kept).toBe(1)
        // The promise is as free as it was.
        const promise = await rider.get<PromiseView>(`/v1/promises/${promiseId}`)
        expect(promise.body).toMatchObject({ state: 'held', tripId: null })
      }
      await act(crews[0]!, route!, { act: 'hand_over' })
    }
    expect(won.rider).toBeGreaterThan(0)
    expect(won.crew).toBeGreaterThan(0)
  })

  it('the crew is first: the rider waits for it and is told', async () => {
    const bike = await newBike('race-lock-2')
    const [route] = await publish([bike])
    const promiseId = await rider.promise()
    const crewsOwn = openPgDatabase({ kind: 'server', connectionString: platform.db.connectionString!, max: 1 })
    let started: ReturnType<typeof start> | undefined
    await crewsOwn.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM bike WHERE bike_id = $1 FOR UPDATE', [bike.bikeId])
      started = start(bike, promiseId)
      await somebodyWaits()
      await tx.query(`INSERT INTO bike_custody VALUES ($1, $2, 'claimed', false, $3)`, [
        ...[bike.bikeId, route!.routeId, new Date()],
      ])
    })
    expect(await started).toMatchObject({ status: 409, body: { code: 'bike_being_moved' } })
    await platform.db.query('DELETE FROM bike_custody')
    await platform.rooms.fleet.tick()
    const again = await start(bike, promiseId)
    expect(again.status).toBe(201)
    await rider.post(`/v1/trips/${again.body.tripId}/cancel`)
    await crewsOwn.close()
  })

  it('the rider is first: the claim waits for the trip and leaves the bike out', async () => {
    const bike = await newBike('race-lock-3')
    const [route] = await publish([bike])
    const started = await start(bike, await rider.promise())
    const ridersOwn = openPgDatabase({ kind: 'server', connectionString: platform.db.connectionString!, max: 1 })
    let claimed: ReturnType<typeof claim> | undefined
    await ridersOwn.transaction(async (tx) => {
      // As the foreign key of a trip's row does.
      await tx.query('SELECT 1 FROM bike WHERE bike_id = $1 FOR KEY SHARE', [bike.bikeId])
      claimed = claim(crews[0]!, route!)
      await somebodyWaits()
    })
    expect(await claimed).toMatchObject({ stops: [{ take: [] }] })
    expect(await inTwoHands()).toBe(0)
    await rider.post(`/v1/trips/${started.body.tripId}/cancel`)
    await act(crews[0]!, route!, { act: 'end_shift' })
    await ridersOwn.close()
  })
})

describe('two crews', () => {
  it('who claim one route at once: one has it and the other is told whose it is', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [route] = await publish([])
      const answers = await Promise.all(crews.map((crewId) => claim(crewId, route!)))
      expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1)
      expect(answers.find(isRefusal)).toMatchObject({ code: 'route_taken', detail: expect.stringMatching(/Anna|Bram/) })
      for (const crewId of crews) await act(crewId, route!, { act: 'end_shift' })
    }
  })

  it('of whom one claims two routes at once gets one', async () => {
    const routes = await publish([], [])
    const answers = await Promise.all(routes.map((route) => claim(crews[0]!, route)))
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1)
    expect(answers.find(isRefusal)).toMatchObject({ code: 'one_route_at_a_time' })
    for (const route of routes) await act(crews[0]!, route, { act: 'end_shift' })
  })

  it('who scan the same bikes at once: each bike is in one van', async () => {
    const bikes = await Promise.all(Array.from({ length: 20 }, (_, i) => newBike(`race-both-${i}`)))
    const routes = await publish([], [])
    for (const [i, crewId] of crews.entries()) {
      await claim(crewId, routes[i]!)
      await platform.db.query('UPDATE van_route SET capacity = 8 WHERE route_id = $1', [routes[i]!.routeId])
    }
    const loads = crews.flatMap((crewId, i) =>
      (i === 0 ? bikes : bikes.toReversed()).map((bike) =>
        act(crewId, routes[i]!, { act: 'load', bike: bike.number, stopId: routes[i]!.stopIds[0] }),
      ),
    )
    const codes = (await Promise.all(loads)).map(({ results }) => results[0]?.code ?? 'applied')
    expect(codes.filter((code) => code === 'applied')).toHaveLength(16)
    expect(new Set(codes)).toEqual(new Set(['applied', 'bike_with_crew', 'van_full']))
    const { rows } = await platform.db.query<{ count: number }>(
      `SELECT count(*) AS count FROM bike_custody WHERE state = 'in_van' GROUP BY route_id`,
    )
    expect(rows).toEqual([{ count: 8 }, { count: 8 }])
    expect((await platform.db.query('SELECT 1 FROM bike_move WHERE left_at IS NULL')).rowCount).toBe(16)
  })

  it('and one batch sent twice at the same time is applied once', async () => {
    const bike = await newBike('race-twice')
    const [route] = await publish([bike])
    const crewId = await insertCrew(platform.db, 'Carla', platform.clock.nowMs())
    await claim(crewId, route!)
    const actId = randomUUID()
    const same = () => act(crewId, route!, { act: 'load', bike: bike.number, stopId: route!.stopIds[0], actId })
    const outcomes = (await Promise.all([same(), same(), same()])).map(({ results }) => results[0]?.outcome)
    expect(outcomes.sort()).toEqual(['applied', 'repeated', 'repeated'])
    expect((await platform.db.query('SELECT 1 FROM bike_move WHERE bike_id = $1', [bike.bikeId])).rowCount).toBe(1)
  })
})
