import { Value } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import { CityStreet, DemoFaultDone, VirtualBike, VirtualBikes } from '../../contracts/http/demo.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { seededRandom } from '../../contracts/random.ts'
import { createLock } from '../body/lock-body.ts'
import { createAir } from '../radio/air.ts'
import { type Bike, listenToLock } from './bike.ts'
import { openControlServer } from './control-server.ts'
import { personaOf } from './core/personas.ts'
import { createTimerHeap } from './core/timer-heap.ts'
import type { Fleet } from './fleet.ts'
import { createStreetFaults } from './street-faults.ts'
import type { StreetMap } from './street-map.ts'
import { enterDeadSpot } from './street-mishaps.ts'
import { createStreetMood } from './street-mood.ts'

const morning = 1_790_000_000_000
const lon = 4.7
const lat = 52.3
/** One straight street of a kilometre. */
const map = {
  places: { centre: { lon, lat } },
  streets: {
    nodes: [
      [lon, lat],
      [lon, lat + 0.009],
    ],
  },
  positionOf: () => ({ lon, lat }),
  way: () => ({ nodes: [0, 1], lengthM: 1_000 }),
  along: (_way: unknown, metres: number, speedMps: number) => ({
    lon,
    lat: lat + metres * 9e-6,
    headingDeg: 0,
    speedMps,
  }),
} as unknown as StreetMap

let nowMs = morning
const heap = createTimerHeap()
const schedule = (atMs: number, act: () => void) => {
  const entry = heap.push(atMs, act)
  return () => heap.cancel(entry)
}
function pass(spanMs: number): void {
  const endMs = nowMs + spanMs
  for (let due = heap.popDue(endMs); due !== null; due = heap.popDue(endMs)) {
    nowMs = Math.max(nowMs, due.atMs)
    due.act?.()
  }
  nowMs = endMs
}

const clock = { nowMs: () => nowMs, speed: () => 1 }
const air = createAir({
  random: seededRandom('air'),
  nowMs: clock.nowMs,
  schedule,
  sink: (_id, _topic, _bytes, puback) => puback(),
})

const mood = createStreetMood(clock.nowMs)

function makeBike(index: number): Bike {
  const lockId = `zw-0000000${index}`
  const random = seededRandom(lockId)
  const lock = createLock({
    lockId,
    keys: { keyVersion: 1, commandKey: new Uint8Array(32) },
    random,
    nowMs: clock.nowMs,
    schedule,
    radio: air.radio(asId<LockId>(lockId)),
    position: { lon: lon + index * 0.0001, lat },
  })
  const bike: Bike = {
    lockId,
    number: `1000${index}`,
    code: `code000${index}`,
    persona: personaOf(random.split('persona')),
    random,
    lock,
    claimedBy: null,
    heldByCrew: null,
    handsOffTillMs: 0,
    mayOpenLateTillMs: 0,
    openAloneSinceMs: null,
    batteryPercent: 80,
    hasAntenna: true,
    isJammed: false,
    isKeptBroken: false,
    stopVirtualRide: null,
    messages: null,
    mood,
  }
  listenToLock(bike)
  return bike
}

let bikes: Bike[]
let control: Awaited<ReturnType<typeof openControlServer>>

beforeEach(async () => {
  bikes = [makeBike(0), makeBike(1)]
  const fleet: Fleet = {
    bikes,
    byNumber: (number) => bikes.find((bike) => bike.number === number) ?? null,
    nearest: () => null,
    connected: () => bikes.length,
    messages: () => ({ up: 0, down: 0 }),
    stop: () => undefined,
  }
  const surroundings = { map, schedule, clock, random: seededRandom('panel'), fleet: () => fleet }
  const faults = createStreetFaults(surroundings)
  control = await openControlServer({
    ...surroundings,
    mood,
    faults,
    state: () => ({ bikes: 2 }),
    street: () => ({
      mood: mood.view(),
      ...{ bikes: 2, connected: 2, riding: 0, tripsBegun: 0, vansOut: 0, bikesMoved: 0 },
      happened: faults.happened(),
      suffering: faults.suffering(),
    }),
  })
  pass(5_000)
})
afterEach(async () => {
  for (const { lock } of bikes) lock.destroy()
  await control.close()
})

const ask = async (path: string, act?: unknown) => {
  const response = await fetch(
    control.url + path,
    act === undefined ? {} : { method: 'POST', body: JSON.stringify(act) },
  )
  return { status: response.status, body: (await response.json()) as unknown }
}
const actOn = async (act: unknown) => Value.Parse(VirtualBike, (await ask('/bikes/10000/act', act)).body)

describe('the panel', () => {
  it('shows the bikes that nobody of the city uses, nearest first', async () => {
    const { body } = await ask(`/bikes?lon=${lon + 0.0001}&lat=${lat}`)
    expect(Value.Parse(VirtualBikes, body).bikes.map(({ number }) => number)).toEqual(['10001', '10000'])
    const [first] = bikes
    if (first) first.claimedBy = 4
    const later = await ask(`/bikes?lon=${lon}&lat=${lat}`)
    expect(Value.Parse(VirtualBikes, later.body).bikes.map(({ number }) => number)).toEqual(['10001'])
  })

  it('rides an open bike along the street, until somebody pushes the lever', async () => {
    expect((await actOn({ act: 'ride', on: true })).riding).toBe(false)
    bikes[0]?.lock.forceOpen()
    pass(1_000)
    expect(await actOn({ act: 'ride', on: true })).toMatchObject({ riding: true, lever: 'up' })
    pass(60_000)
    const moved = Value.Parse(VirtualBike, (await ask('/bikes/10000')).body)
    expect(moved.lat).toBeGreaterThan(lat + 0.001)
    await actOn({ act: 'push_lever' })
    pass(5_000)
    expect((await ask('/bikes/10000')).body).toMatchObject({ riding: false, lever: 'down', bolt: 'locked' })
  })

  it('does not leave a bike without reception for ever by looking at it just then', async () => {
    const bike = present(bikes[0], 'a first bike')
    enterDeadSpot({ schedule, nowMs: clock.nowMs }, bike)
    await ask('/bikes/10000')
    pass(9 * 60_000)
    expect(bike.hasAntenna, 'a person may hold it there').toBe(false)
    pass(2 * 60_000)
    expect(bike.hasAntenna).toBe(true)
  })

  it('keeps the newest messages of a bike that a person looks at, and riders away from it', async () => {
    expect(bikes[0]?.messages).toBeNull()
    await ask('/bikes/10000')
    expect(bikes[1]?.messages).toBeNull()
    await actOn({ act: 'reboot' })
    pass(20_000)
    const { log } = Value.Parse(VirtualBike, (await ask('/bikes/10000')).body)
    expect(log.some(({ line }) => line.startsWith('↑ hello'))).toBe(true)
    pass(4 * 3_600_000)
    expect(Value.Parse(VirtualBike, (await ask('/bikes/10000')).body).log).toHaveLength(20)
    await actOn({ act: 'antenna', on: false })
    expect(bikes[0]?.handsOffTillMs).toBe(nowMs + 600_000)
  })

  it('says no to what it does not know', async () => {
    const statuses = await Promise.all([
      ask('/bikes/10000/act', { act: 'fly' }),
      ask('/bikes/99999'),
      ask('/bikes?lon=north'),
      ask('/somewhere'),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([400, 404, 400, 404])
    expect(await ask('/state')).toMatchObject({ status: 200, body: { bikes: 2 } })
  })
})

describe('the desk of the demo', () => {
  const street = async () => Value.Parse(CityStreet, (await ask('/street')).body)
  const strike = async (order: unknown) => Value.Parse(DemoFaultDone, (await ask('/faults', order)).body).numbers
  const connect = () => {
    for (const { lock } of bikes) lock.setAntenna(true)
    pass(60_000)
  }

  it('makes weather and a rush, which ends by itself', async () => {
    await ask('/mood', { weather: 'rain', rushMinutes: 10 })
    expect((await street()).mood).toEqual({ weather: 'rain', faultRate: 'usual', rushTillMs: nowMs + 600_000 })
    expect(mood.factors().departures).toBe(1.5)
    pass(600_000)
    expect((await street()).mood).toEqual({ weather: 'rain', faultRate: 'usual', rushTillMs: null })
    await ask('/mood', { weather: 'fair', rushMinutes: 5 })
    await ask('/mood', { rushMinutes: 0 })
    expect((await street()).mood).toEqual({ weather: 'fair', faultRate: 'usual', rushTillMs: null })
  })

  it('breaks the bikes that it is told to, as many as there are, and heals them all', async () => {
    connect()
    expect(await strike({ kind: 'flat_battery', number: '10001' })).toEqual(['10001'])
    expect(bikes[1]?.batteryPercent).toBe(4)
    expect(await strike({ kind: 'jam', bikes: 50 })).toHaveLength(2)
    expect(bikes.map((bike) => bike.isJammed)).toEqual([true, true])
    expect(await strike({ kind: 'forced', number: '10000' })).toEqual(['10000'])
    pass(5_000)
    expect(bikes[0]?.lock.boltPosition()).toBe('open')
    expect(await street()).toMatchObject({ suffering: 2, happened: { jam: 2, flat_battery: 1, forced: 1, theft: 0 } })

    expect((await ask('/heal', {})).body).toEqual({ healed: 2 })
    pass(5_000)
    expect(bikes.map((bike) => [bike.isJammed, bike.isKeptBroken])).toEqual([
      [false, false],
      [false, false],
    ])
    expect(bikes[1]?.batteryPercent).toBe(97)
    expect(bikes[0]?.lock.boltPosition()).toBe('closed')
    expect((await street()).suffering).toBe(0)
  })

  it('lets a thief carry a locked bike off until it is healed', async () => {
    connect()
    await strike({ kind: 'theft', number: '10000' })
    pass(30_000)
    const carriedTo = bikes[0]?.lock.whereabouts()
    expect(carriedTo?.lat).toBeGreaterThan(lat + 0.001)
    expect(bikes[0]?.lock.boltPosition()).toBe('closed')
    await ask('/heal', {})
    pass(30_000)
    expect(bikes[0]?.lock.whereabouts()).toMatchObject({ lat: carriedTo?.lat, speedMps: 0 })
  })

  it('says no to what cannot be', async () => {
    const statuses = await Promise.all([
      ask('/mood', { weather: 'meteors' }),
      ask('/mood', { rushMinutes: 100_000 }),
      ask('/faults', { kind: 'jam', bikes: 0 }),
      ask('/heal'),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400, 404])
    expect(await strike({ kind: 'jam', number: '9999' })).toEqual([])
  })
})
