import fc from 'fast-check'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import type { LiveFrame } from '../../contracts/live/live-frame.ts'
import { isInBox, type MercatorBox, widened } from '../../contracts/live/mercator-box.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { bikeState } from '../../server/fleet/core/bike-state.ts'
import type { FleetBike } from '../../server/fleet/fleet-service.ts'
import { createLiveHub, maxUnreadBytes } from '../../server/fleet/live-hub.ts'
import { applyFrame, type FleetTable, tableOfSnapshot } from '../../ui-kit/live/fleet-table.ts'
import { liveBike, movedTo, openReader } from '../fixtures/live-bikes.ts'

const start = 1_900_000_000_000
const everywhere = [-180, -85, 180, 85] as const

/** A city that lives, its hub, and one desk that follows it over a line that may fail in every way. */
function openStory(count: number) {
  const bikes: FleetBike[] = Array.from({ length: count }, (_, slot) =>
    liveBike(slot, slot % 5 === 4 ? null : { lon: 4.6 + (slot % 7) * 0.03, lat: 52.3 + (slot % 3) * 0.03 }, start),
  )
  const world = { nowMs: start }
  const open = (epoch: number) =>
    createLiveHub({
      ...{ bikes: () => bikes, centre: { lon: 4.7, lat: 52.3 }, epoch, schedule: () => undefined },
      clock: { nowMs: () => epochMs(world.nowMs), realNowMs: () => realMs(world.nowMs), speed: () => 1 },
      logger: pino({ level: 'silent' }),
    })
  let hub = open(1)
  let reader = openReader()
  let joined = hub.join(reader)
  let table: FleetTable = tableOfSnapshot(hub.snapshot())
  let area: MercatorBox | null = null
  let read = 0
  let snapshots = 0

  function take(frame: LiveFrame): void {
    if (applyFrame(table, frame) !== 'gap') return
    table = tableOfSnapshot(hub.snapshot())
    snapshots += 1
  }
  const readAll = () => {
    for (; read < reader.frames.length; read++) take(reader.frames[read] as LiveFrame)
  }
  const connect = () => {
    reader = openReader()
    joined = hub.join(reader)
    read = 0
    area = null
  }

  return {
    move: (slot: number, lon: number, lat: number) => {
      bikes[slot % bikes.length] = movedTo(bikes[slot % bikes.length] as FleetBike, { lon, lat }, world.nowMs)
    },
    serve: (slot: number, inService: boolean) => {
      bikes[slot % bikes.length] = { ...(bikes[slot % bikes.length] as FleetBike), inService }
    },
    add: () => {
      bikes.push(liveBike(bikes.length + 3, { lon: 4.65, lat: 52.31 }, world.nowMs))
    },
    pass: (ms: number) => {
      world.nowMs += ms
    },
    look: (box: readonly [number, number, number, number], zoom: number) => {
      joined?.said(JSON.stringify({ view: { box, zoom, follow: null } }))
      const [west, south, east, north] = box
      const seen = { west: mercatorX(west), east: mercatorX(east), north: mercatorY(north), south: mercatorY(south) }
      area = zoom < 13 ? null : widened(seen, 0.3)
      readAll()
    },
    lookAway: () => {
      joined?.said(JSON.stringify({ view: null }))
      area = null
      readAll()
    },
    jam: (isJammed: boolean) => {
      reader.unread = isJammed ? maxUnreadBytes + 1 : 0
    },
    lose: () => {
      // a line that swallows what was under way
      joined?.left()
      connect()
    },
    restart: () => {
      hub.stop()
      hub = open(hub.snapshot().epoch + 1)
      connect()
    },
    /** A second of which nothing arrives. */
    swallow: () => {
      hub.tick()
      read = reader.frames.length
    },
    tick: () => {
      hub.tick()
      if (reader.ended !== null) connect()
      readAll()
    },
    expectTruth: () => {
      const truth = new Map(bikes.map((bike) => [bike.slot, bike]))
      expect([...table.slots].sort()).toEqual([...truth.keys()].sort())
      for (let row = 0; row < table.count; row++) {
        const bike = truth.get(table.slots[row] as number) as FleetBike
        expect(table.states[row]).toBe(stateByte(bikeState(bike, epochMs(world.nowMs))))
        const { position } = bike.shadow
        const [x, y] = position === null ? [0, 0] : [mercatorX(position.lon), mercatorY(position.lat)]
        const isThere = area !== null && position !== null && isInBox(area, x, y)
        const isSeen =
          area !== null && table.placed[row] === 1 && isInBox(area, table.x[row] as number, table.y[row] as number)
        expect(isSeen).toBe(isThere)
        if (isThere) expect([table.x[row], table.y[row]]).toEqual([x, y])
      }
    },
    snapshots: () => snapshots,
  }
}

type Story = ReturnType<typeof openStory>
const lon = fc.integer({ min: 0, max: 60 }).map((step) => 4.5 + step * 0.01)
const lat = fc.integer({ min: 0, max: 40 }).map((step) => 52.2 + step * 0.01)
const box = fc
  .tuple(lon, lat, lon, lat)
  .map(([a, b, c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)] as const)
const step: fc.Arbitrary<(story: Story) => void> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(40), lon, lat).map(
      ([slot, x, y]) =>
        (story: Story) =>
          story.move(slot, x, y),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(40), fc.boolean()).map(
      ([slot, on]) =>
        (story: Story) =>
          story.serve(slot, on),
    ),
  },
  { weight: 5, arbitrary: fc.constant((story: Story) => story.tick()) },
  {
    weight: 4,
    arbitrary: fc.tuple(box, fc.constantFrom(11, 12.5, 13, 15)).map(
      ([view, zoom]) =>
        (story: Story) =>
          story.look(view, zoom),
    ),
  },
  { weight: 2, arbitrary: fc.boolean().map((on) => (story: Story) => story.jam(on)) },
  { weight: 1, arbitrary: fc.constant((story: Story) => story.add()) },
  { weight: 1, arbitrary: fc.constant((story: Story) => story.pass(700_000)) },
  { weight: 1, arbitrary: fc.constant((story: Story) => story.lookAway()) },
  { weight: 1, arbitrary: fc.constant((story: Story) => story.lose()) },
  { weight: 1, arbitrary: fc.constant((story: Story) => story.restart()) },
  { weight: 1, arbitrary: fc.constant((story: Story) => story.swallow()) },
)

it('a desk shows the truth within its view, and everybody in their state, after whatever moves, looks, jams, losses and restarts', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), box, (steps, view) => {
      const story = openStory(20)
      for (const act of steps) act(story)
      story.jam(false)
      story.look(view, 15)
      // what a jam held back, then one whole second after it; a lost frame is noticed by the next, and its snapshot read
      for (let tick = 0; tick < 3; tick++) story.tick()
      story.expectTruth()
    }),
    { numRuns: 400 },
  )
})

it('a desk that looks on without trouble fetches no second snapshot', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), lon, lat, box), { maxLength: 30 }), (moves) => {
      const story = openStory(20)
      story.look(everywhere, 15)
      for (const [slot, x, y, view] of moves) {
        story.move(slot, x, y)
        story.look(view, 14)
        story.tick()
        story.expectTruth()
      }
      expect(story.snapshots()).toBe(0)
    }),
    { numRuns: 100 },
  )
})
