import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { asId, type BikeCode, type BikeId, type BikeNumber, type LockId } from '../../contracts/ids.ts'
import { decodeFleetFrame, lonOfMercatorX, stateOfByte } from '../../contracts/live/fleet-frame.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { silentAfterMs } from './core/bike-state.ts'
import { unheardLock } from './core/lock-shadow.ts'
import type { FleetBike } from './fleet-service.ts'
import { createLiveHub, type LiveReader, maxReaders, maxUnreadBytes } from './live-hub.ts'

const start = 1_900_000_000_000
const position = { lon: 5.1, lat: 52.1, accuracyM: 4, headingDeg: 90, speedMps: 0, bootId: 1, uptimeMs: 1 }

function bikeAt(slot: number, lon: number | null): FleetBike {
  return {
    ...{ slot, bikeId: asId<BikeId>(`id-${slot}`), lockId: asId<LockId>(`lock-${slot}`), model: 'city' },
    ...{ number: asId<BikeNumber>('10014'), code: asId<BikeCode>('code') },
    ...{ trip: null, inService: true, blockingAlarms: 0, custody: null },
    shadow: {
      ...unheardLock,
      ...{ bolt: 'locked', soc: 50, lastHeardAtMs: epochMs(start) },
      position: lon === null ? null : { ...position, lon },
    },
  }
}

function openHub(bikes: FleetBike[]) {
  const world = { nowMs: start }
  const hub = createLiveHub({
    bikes: () => bikes,
    clock: { nowMs: () => epochMs(world.nowMs), realNowMs: () => realMs(world.nowMs), speed: () => 10 },
    logger: pino({ level: 'silent' }),
    centre: { lon: 5, lat: 52 },
    schedule: () => undefined,
  })
  return Object.assign(hub, { world })
}

function openReader() {
  const frames: ArrayBuffer[] = []
  const reader = {
    ...{ bufferedAmount: 0, terminated: false, frames },
    send: (frame: ArrayBuffer) => void frames.push(frame),
    terminate: () => {
      reader.terminated = true
    },
    newest: () => decodeFleetFrame(frames.at(-1) ?? new ArrayBuffer(0)),
  }
  return reader satisfies LiveReader & { newest(): unknown }
}

describe('a live frame', () => {
  it('holds everybody at first and then only who changed', () => {
    const bikes = [bikeAt(0, 5.1), bikeAt(1, 5.2), bikeAt(2, null)]
    const hub = openHub(bikes)
    const reader = openReader()
    hub.join(reader)
    hub.tick()
    expect([...(reader.newest()?.slots ?? [])]).toEqual([0, 1])
    bikes[1] = bikeAt(1, 5.3)
    hub.tick()
    const frame = reader.newest()
    expect([...(frame?.slots ?? [])]).toEqual([1])
    expect(lonOfMercatorX(frame?.x[0] ?? 0)).toBeCloseTo(5.3, 6)
    hub.tick()
    expect(reader.newest()).toMatchObject({ sequence: 3, cityMs: start, slots: new Uint32Array() })
  })

  it('tells of a bike that has become silent, though nothing was heard of it', () => {
    const hub = openHub([bikeAt(0, 5.1)])
    const reader = openReader()
    hub.join(reader)
    hub.tick()
    hub.world.nowMs += silentAfterMs + 1
    hub.tick()
    expect(stateOfByte(reader.newest()?.states[0] ?? 0)).toBe('silent')
  })
})

describe('a snapshot', () => {
  it('joins the frames that come after it, also for who comes late', () => {
    const bikes = [bikeAt(0, 5.1)]
    const hub = openHub(bikes)
    hub.join(openReader())
    hub.tick()
    const late = openReader()
    hub.join(late)
    const snapshot = hub.snapshot()
    expect(snapshot).toMatchObject({
      sequence: 1,
      cityTime: start,
      citySpeed: 10,
      bikes: [{ slot: 0, state: 'available' }],
    })
    bikes[0] = bikeAt(0, 5.4)
    hub.tick()
    expect(late.newest()?.sequence).toBe(snapshot.sequence + 1)
  })
})

describe('a reader', () => {
  it('that is slow gets no frame until it has read, and sees the gap', () => {
    const hub = openHub([bikeAt(0, 5.1)])
    const reader = openReader()
    hub.join(reader)
    hub.tick()
    reader.bufferedAmount = maxUnreadBytes + 1
    hub.tick()
    hub.tick()
    reader.bufferedAmount = 0
    hub.tick()
    expect(reader.frames.map((frame) => decodeFleetFrame(frame)?.sequence)).toEqual([1, 4])
  })

  it('that never reads is dropped', () => {
    const hub = openHub([bikeAt(0, 5.1)])
    const reader = openReader()
    reader.bufferedAmount = maxUnreadBytes + 1
    hub.join(reader)
    for (let i = 0; i < 30; i++) hub.tick()
    expect(reader.terminated).toBe(true)
  })

  it('is one of a bounded number', () => {
    const hub = openHub([])
    for (let i = 0; i < maxReaders; i++) expect(hub.join(openReader())).not.toBeNull()
    expect(hub.join(openReader())).toBeNull()
  })
})
