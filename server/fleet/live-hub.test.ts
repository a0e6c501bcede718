import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { lonOfMercatorX, stateByte } from '../../contracts/live/fleet-frame.ts'
import { closeCodes } from '../../contracts/live/live-close.ts'
import { agedBit } from '../../contracts/live/live-frame.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { liveBike, movedTo, openReader } from '../../test/fixtures/live-bikes.ts'
import { silentAfterMs } from './core/bike-state.ts'
import type { FleetBike } from './fleet-service.ts'
import { createLiveHub, maxReaders, maxUnreadBytes } from './live-hub.ts'
import { maxWordsATick } from './live-reader.ts'

const start = 1_900_000_000_000
const lat = 52.1
const everything = JSON.stringify({ view: { box: [-180, -85, 180, 85], zoom: 15, follow: null } })
const boxView = (west: number, east: number, more: { zoom?: number; follow?: number } = {}) =>
  JSON.stringify({ view: { box: [west, 52, east, 52.2], zoom: more.zoom ?? 15, follow: more.follow ?? null } })

function openHub(bikes: FleetBike[]) {
  const world = { nowMs: start }
  const hub = createLiveHub({
    bikes: () => bikes,
    clock: { nowMs: () => epochMs(world.nowMs), realNowMs: () => realMs(world.nowMs), speed: () => 10 },
    logger: pino({ level: 'silent' }),
    centre: { lon: 5, lat: 52 },
    schedule: () => undefined,
    epoch: 7,
  })
  return Object.assign(hub, { world })
}

function joined(hub: ReturnType<typeof openHub>, view: string | null = everything) {
  const reader = openReader()
  const said = hub.join(reader)?.said ?? (() => undefined)
  if (view !== null) said(view)
  return Object.assign(reader, { said })
}
const bikeAt = (slot: number, lon: number | null) => liveBike(slot, lon === null ? null : { lon, lat }, start)

describe('a live frame', () => {
  it('holds everybody at first and then only who changed', () => {
    const bikes = [bikeAt(0, 5.1), bikeAt(1, 5.2), bikeAt(2, null)]
    const hub = openHub(bikes)
    const reader = joined(hub)
    expect([...(reader.newest('fill')?.slots ?? [])]).toEqual([0, 1])
    expect([...(reader.newest('states')?.states ?? [])]).toEqual([0, 0, 0].map(() => stateByte('available')))
    bikes[1] = bikeAt(1, 5.3)
    hub.tick()
    const frame = reader.newest('delta')
    expect([...(frame?.slots ?? [])]).toEqual([1])
    expect(lonOfMercatorX(frame?.x[0] ?? 0)).toBeCloseTo(5.3, 6)
    hub.tick()
    expect(reader.newest('delta')).toMatchObject({ cityMs: start, slots: new Uint32Array(), epoch: 7, roster: 3 })
  })

  it('tells of a bike that has become silent, though nothing was heard of it', () => {
    const hub = openHub([bikeAt(0, 5.1)])
    const reader = joined(hub)
    hub.world.nowMs += silentAfterMs + 1
    hub.tick()
    expect([...(reader.newest('delta')?.changedStates ?? [])]).toEqual([stateByte('silent') | agedBit])
  })

  it('has places within the view and a margin, and states of all', () => {
    const bikes = [bikeAt(0, 5.1), bikeAt(1, 5.2), bikeAt(2, 5.9)]
    const hub = openHub(bikes)
    const reader = joined(hub, boxView(5.0, 5.18))
    expect([...(reader.newest('fill')?.slots ?? [])]).toEqual([0, 1])
    for (const slot of [0, 1, 2]) bikes[slot] = { ...bikeAt(slot, 5.15 + slot), inService: false }
    hub.tick()
    expect([...(reader.newest('delta')?.slots ?? [])].sort()).toEqual([0, 1])
    expect([...(reader.newest('delta')?.changedSlots ?? [])]).toEqual([0, 1, 2])
  })

  it('tells of the one bike that is followed, wherever it is', () => {
    const bikes = [bikeAt(0, 5.1), bikeAt(1, 5.9)]
    const hub = openHub(bikes)
    const reader = joined(hub, boxView(5.0, 5.2, { follow: 1 }))
    bikes[1] = bikeAt(1, 5.95)
    hub.tick()
    expect([...(reader.newest('delta')?.slots ?? [])]).toEqual([])
    expect(lonOfMercatorX(reader.newest('fill')?.x[0] ?? 0)).toBeCloseTo(5.95, 6)
  })

  it('counts bikes by cell instead of placing them from far away, and only when counts change', () => {
    const bikes = [bikeAt(0, 5.1), bikeAt(1, 5.1), bikeAt(2, 5.4), bikeAt(3, null)]
    const hub = openHub(bikes)
    const reader = joined(hub, boxView(5, 6, { zoom: 12 }))
    const counts = reader.newest('counts')
    expect(counts?.x).toHaveLength(2)
    const totals = [0, 1].map((cell) => counts?.byState.slice(cell * bikeStates.length, (cell + 1) * bikeStates.length))
    expect(totals.map((cell) => cell?.[0]).sort()).toEqual([1, 2])
    bikes[0] = movedTo(bikes[0] as FleetBike, { lon: 5.1001, lat }, start)
    hub.tick()
    expect(reader.frames.filter(({ kind }) => kind === 'counts')).toHaveLength(1)
    expect(reader.newest('delta')?.slots).toHaveLength(0)
    bikes[0] = movedTo(bikes[0] as FleetBike, { lon: 5.4, lat }, start)
    hub.tick()
    expect(reader.frames.filter(({ kind }) => kind === 'counts')).toHaveLength(2)
  })

  it('tells within thirty ticks what was heard of bikes that stand', () => {
    const bikes = [bikeAt(0, 5.1), bikeAt(1, 5.2)]
    const hub = openHub(bikes)
    const reader = joined(hub)
    for (let i = 0; i < 31; i++) hub.tick()
    bikes[1] = movedTo(bikes[1] as FleetBike, { lon: 5.2, lat }, start + 5_000)
    reader.frames.length = 0
    hub.world.nowMs += 8_000
    for (let i = 0; i < 30; i++) hub.tick()
    const told = reader.frames.filter((frame) => frame.kind === 'vitals')
    expect(told.map((frame) => [...frame.slots, ...frame.heardAgoS, ...frame.charges])).toEqual([[1, 3, 50]])
  })
})

describe('a snapshot', () => {
  it('joins the frames that come after it, also for who comes late', () => {
    const bikes = [bikeAt(0, 5.1)]
    const hub = openHub(bikes)
    joined(hub)
    hub.tick()
    const late = joined(hub)
    const snapshot = hub.snapshot()
    expect(snapshot).toMatchObject({
      epoch: 7,
      cityTime: start,
      citySpeed: 10,
      slots: [0],
      states: [0],
      numbers: ['10000'],
    })
    bikes[0] = bikeAt(0, 5.4)
    hub.tick()
    expect(late.newest('delta')?.sequence).toBe(snapshot.sequence + 1)
  })
})

describe('a reader', () => {
  it('hears nothing of places before it has said what it looks at, nor after it looks away', () => {
    const hub = openHub([bikeAt(0, 5.1)])
    const reader = joined(hub, null)
    for (let i = 0; i < 5; i++) hub.tick()
    expect(new Set(reader.frames.map(({ kind }) => kind))).toEqual(new Set(['totals']))
    reader.said(everything)
    reader.said(JSON.stringify({ view: null }))
    reader.frames.length = 0
    for (let i = 0; i < 5; i++) hub.tick()
    expect(new Set(reader.frames.map(({ kind }) => kind))).toEqual(new Set(['totals']))
  })

  it('that is slow gets nothing until it has read, and then the newest, all of it', () => {
    const bikes = [bikeAt(0, 5.1)]
    const hub = openHub(bikes)
    const reader = joined(hub)
    reader.unread = maxUnreadBytes + 1
    reader.frames.length = 0
    bikes[0] = bikeAt(0, 5.2)
    hub.tick()
    hub.tell({ kind: 'zones' })
    bikes[0] = bikeAt(0, 5.3)
    hub.tick()
    expect([reader.frames, reader.texts]).toEqual([[], []])
    reader.unread = 0
    hub.tick()
    expect(reader.texts).toEqual(['{"kind":"again"}'])
    expect(reader.frames.map(({ kind }) => kind)).toEqual(['states', 'fill'])
    expect(lonOfMercatorX(reader.newest('fill')?.x[0] ?? 0)).toBeCloseTo(5.3, 6)
    hub.tick()
    expect(reader.newest('delta')?.sequence).toBe((reader.newest('states')?.sequence ?? 0) + 1)
  })

  it('that never reads is cut off', () => {
    const hub = openHub([bikeAt(0, 5.1)])
    const reader = joined(hub)
    reader.unread = maxUnreadBytes + 1
    for (let i = 0; i < 30; i++) hub.tick()
    expect(reader.ended).toBe('terminated')
  })

  it('that says what is no view, or too much, is closed with the reason', () => {
    const hub = openHub([])
    for (const word of [
      '',
      '{',
      '{"view":{}}',
      '{"view":null,"more":1}',
      JSON.stringify({ view: { box: [5, 52, 4, 53], zoom: 15, follow: null } }),
      JSON.stringify({ view: { box: [5, 52, 6, 91], zoom: 15, follow: null } }),
      JSON.stringify({ view: { box: [5, 52, 6, 53], zoom: 15, follow: -1 } }),
    ]) {
      expect(joined(hub, word).ended, word).toEqual({ code: closeCodes.notUnderstood, reason: 'no view' })
    }
    const eager = joined(hub)
    for (let i = 0; i < maxWordsATick; i++) eager.said(everything)
    expect(eager.ended).toEqual({ code: closeCodes.notUnderstood, reason: 'too many views' })
  })

  it('is one of a bounded number', () => {
    const hub = openHub([])
    for (let i = 0; i < maxReaders; i++) expect(hub.join(openReader())).not.toBeNull()
    expect(hub.join(openReader())).toBeNull()
  })

  it('whose session has ended is closed, one whose session cannot be looked up is not', async () => {
    const hub = openHub([])
    const asked: string[] = []
    const ended = openReader(async () => {
      asked.push('ended')
      return 'session_ended'
    })
    const unknown = openReader(async () => {
      asked.push('unknown')
      throw new Error('the database is away')
    })
    hub.join(ended)
    hub.join(unknown)
    for (let i = 0; i < 10; i++) hub.tick()
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked.sort()).toEqual(['ended', 'unknown'])
    expect([ended.ended, unknown.ended]).toEqual([{ code: closeCodes.sessionEnded, reason: 'session_ended' }, null])
  })

  it('is told that the server stops', () => {
    const hub = openHub([])
    const reader = joined(hub)
    hub.stop()
    expect(reader.ended).toMatchObject({ code: closeCodes.goingAway })
    expect(hub.join(openReader())).toBeNull()
  })
})
