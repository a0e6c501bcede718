import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CrewAct, CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { applyActs } from './apply-acts.ts'
import { meaningOfScan, onShiftOf, stopAtHand, sumOfNight } from './stop-at-hand.ts'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const routeId = id(1)
const bike = (n: number, over: Partial<CrewBike> = {}): CrewBike => ({
  bikeId: id(100 + n),
  number: `1000${n}`,
  code: `codeOfBike${n}`,
  batteryPercent: 60,
  lon: 4.7,
  lat: 52.3,
  lastHeardAt: 1_795_298_400_000,
  reasons: ['idle'],
  isBroken: false,
  state: 'planned',
  ...over,
})
const stop = (n: number, over: Partial<CrewStop> = {}): CrewStop => ({
  stopId: id(10 + n),
  kind: 'strays',
  name: `Kade ${n}`,
  lon: 4.7,
  lat: 52.3,
  arriveAt: 1_795_298_400_000,
  legM: 1_000,
  state: 'planned',
  take: [],
  give: 0,
  given: 0,
  giveBroken: 0,
  ...over,
})
const route: CrewRoute = {
  routeId,
  night: '2026-11-21',
  vanName: 'Van 1',
  capacity: 3,
  state: 'claimed',
  crewName: 'Sam',
  isMine: true,
  revision: 1,
  startsAt: 1_795_298_400_000,
  endsAt: 1_795_327_200_000,
  depot: { name: 'Depot', lon: 4.7, lat: 52.3 },
  stops: [
    stop(1, { take: [bike(1), bike(2)] }),
    stop(2, { kind: 'hotspot', take: [bike(3)], give: 2 }),
    stop(3, { kind: 'depot' }),
  ],
  load: [],
}
let made = 0
const act = (deed: Partial<CrewAct> & Pick<CrewAct, 'act'>): CrewAct =>
  ({ actId: id(1_000 + made++), routeId, atMs: 1_795_298_400_000, lon: null, lat: null, ...deed }) as CrewAct
const load = (n: number, at = 1) => act({ act: 'load', bike: `1000${n}`, stopId: id(10 + at) })
const unload = (n: number, at = 2) => act({ act: 'unload', bike: `1000${n}`, stopId: id(10 + at) })
const bikeAt = (seen: CrewRoute, n: number) =>
  seen.stops.flatMap((one) => one.take).find((one) => one.bikeId === id(100 + n))

const deed = fc.oneof(
  fc.record({
    act: fc.constantFrom('load', 'unload', 'not_found', 'blocked', 'broken'),
    bike: fc.constantFrom('10001', '10002', '10003', '10009', 'codeOfBike1', 'codeOfBike2'),
    stopId: fc.constantFrom(id(11), id(12), id(13), null),
  }),
  fc.record({ act: fc.constantFrom('finish_stop', 'skip_stop'), stopId: fc.constantFrom(id(11), id(12), id(13)) }),
)
const deeds = fc.array(deed, { maxLength: 14 }).map((list) => list.map((one) => act(one as never)))

describe('what the crew sees', () => {
  it('is the same before and after the server has counted in the first of its acts', () => {
    fc.assert(
      fc.property(deeds, fc.nat(14), (acts, confirmed) => {
        const serverNow = applyActs(route, acts.slice(0, confirmed))
        expect(applyActs(serverNow, acts.slice(confirmed))).toEqual(applyActs(route, acts))
      }),
    )
  })
  it('has each bike in the van once, and none there that is put down', () => {
    fc.assert(
      fc.property(deeds, (acts) => {
        const seen = applyActs(route, acts)
        const ids = seen.load.map((one) => one.bikeId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(seen.load.every((one) => one.state === 'loaded')).toBe(true)
        const listed = seen.stops.flatMap((one) => one.take).filter((one) => one.state === 'loaded')
        expect(listed.every((one) => ids.includes(one.bikeId))).toBe(true)
      }),
    )
  })
  it('leaves the acts of another route alone', () => {
    expect(applyActs(route, [{ ...load(1), routeId: id(2) }])).toEqual(route)
  })
})

describe('a bike', () => {
  it('is loaded by its number or by the code of its sticker, once', () => {
    const scanned = act({ act: 'load', bike: 'codeOfBike1', stopId: id(11) })
    const seen = applyActs(route, [load(1), scanned])
    expect(seen.load.map((one) => one.number)).toEqual(['10001'])
    expect(bikeAt(seen, 1)?.state).toBe('loaded')
  })
  it('that is put down counts at the stop where it was put down', () => {
    const seen = applyActs(route, [load(1), unload(1)])
    expect(seen.load).toEqual([])
    expect(seen.stops.map((one) => one.given)).toEqual([0, 1, 0])
    expect(bikeAt(seen, 1)?.state).toBe('left')
  })
  it('that is broken is in the van for the workshop, and counts nowhere as put down', () => {
    const seen = applyActs(route, [act({ act: 'broken', bike: '10001', stopId: id(11) })])
    expect(seen.load).toMatchObject([{ number: '10001', isBroken: true, state: 'loaded' }])
    const down = applyActs(seen, [unload(1, 3)])
    expect(down.stops.map((one) => one.given)).toEqual([0, 0, 0])
    expect(sumOfNight(down)).toMatchObject({ loaded: 1, putDown: 1, broken: 1, inVan: 0 })
  })
  it('that no list has is listed where it was taken', () => {
    const seen = applyActs(route, [act({ act: 'load', bike: '10009', stopId: id(11) })])
    expect(seen.stops[0]?.take.at(-1)).toMatchObject({ number: '10009', state: 'loaded' })
    expect(seen.load).toHaveLength(1)
  })
  it('in the van cannot be missing', () => {
    const seen = applyActs(route, [load(1), act({ act: 'not_found', bike: '10001', stopId: id(11) })])
    expect(bikeAt(seen, 1)?.state).toBe('loaded')
  })
})

describe('the stop at hand', () => {
  it('is the first that is to be done', () => {
    expect(stopAtHand(route, null)?.name).toBe('Kade 1')
    const done = applyActs(route, [act({ act: 'finish_stop', stopId: id(11) })])
    expect(stopAtHand(done, null)?.name).toBe('Kade 2')
  })
  it('stays when a new plan puts another one before it', () => {
    const replanned = { ...route, stops: [stop(9), ...route.stops] }
    expect(stopAtHand(replanned, id(11))?.name).toBe('Kade 1')
  })
  it('is nothing when all are behind the crew', () => {
    const all = route.stops.map((one) => act({ act: 'skip_stop', stopId: one.stopId, reason: 'other' }))
    expect(stopAtHand(applyActs(route, all), null)).toBeNull()
  })
})

describe('the end of a shift with bikes in the van', () => {
  const ended = applyActs(route, [load(1), load(2), act({ act: 'end_shift' })])
  it('leaves them in the van, on a route that is no longer driven', () => {
    expect(onShiftOf(route)).toBe(route)
    expect(onShiftOf(ended)).toBeNull()
    expect(ended.load.map(({ number }) => number)).toEqual(['10001', '10002'])
  })
  it('lets them be put down wherever the van is', () => {
    const putDown = (n: number) => act({ act: 'unload', bike: `1000${n}`, stopId: null })
    expect(applyActs(ended, [putDown(2), putDown(1)])).toMatchObject({ state: 'done', load: [] })
  })
})

describe('a scan', () => {
  const at = (seen: CrewRoute, n: number) => seen.stops[n - 1] as CrewStop
  it('of a listed bike loads it', () => {
    expect(meaningOfScan(route, at(route, 1), 'codeOfBike1')).toMatchObject({ kind: 'load', bike: { number: '10001' } })
  })
  it('of a bike of the van puts it down where bikes are wanted, and asks elsewhere', () => {
    const seen = applyActs(route, [load(1)])
    expect(meaningOfScan(seen, at(seen, 2), '10001').kind).toBe('unload')
    expect(meaningOfScan(seen, at(seen, 1), '10001').kind).toBe('ask_unload')
  })
  it('of a broken bike is put down at the depot only', () => {
    const seen = applyActs(route, [act({ act: 'broken', bike: '10001', stopId: id(11) })])
    expect(meaningOfScan(seen, at(seen, 2), '10001').kind).toBe('ask_unload')
    expect(meaningOfScan(seen, at(seen, 3), '10001').kind).toBe('unload')
  })
  it('of a bike that is planned elsewhere or nowhere asks first', () => {
    expect(meaningOfScan(route, at(route, 1), '10003')).toMatchObject({
      kind: 'ask_load',
      plannedAt: { name: 'Kade 2' },
    })
    expect(meaningOfScan(route, at(route, 1), '10009')).toEqual({ kind: 'ask_load', bike: null, plannedAt: null })
  })
  it('loads nothing into a full van', () => {
    const seen = applyActs(route, [load(1), load(2), load(3, 2)])
    expect(meaningOfScan(seen, at(seen, 2), '10009')).toEqual({ kind: 'van_full' })
  })
})
