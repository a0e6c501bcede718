import { Value } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VirtualBike, VirtualBikes } from '../../contracts/http/demo.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { seededRandom } from '../../contracts/random.ts'
import { createLock } from '../body/lock-body.ts'
import { createAir } from '../radio/air.ts'
import { type Bike, listenToLock } from './bike.ts'
import { openControlServer } from './control-server.ts'
import { personaOf } from './core/personas.ts'
import { createTimerHeap } from './core/timer-heap.ts'
import type { Fleet } from './fleet.ts'
import type { StreetMap } from './street-map.ts'

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
    stopVirtualRide: null,
    messages: null,
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
  control = await openControlServer({
    map,
    schedule,
    clock,
    random: seededRandom('panel'),
    fleet: () => fleet,
    state: () => ({ bikes: 2 }),
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
