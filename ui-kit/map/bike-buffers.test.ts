import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import {
  aimBuffers,
  type BikeBuffers,
  type BikeMarks,
  makeBuffers,
  nearestRow,
  orderRows,
  rebaseBuffers,
  rowsPerBlock,
  type ShownRows,
} from './bike-buffers.ts'

const origin = { x: mercatorX(4.7), y: mercatorY(52.3) }
const all: ShownRows = { states: bikeStates.map(() => true), mask: null, selected: -1 }
const metreEast = 2 ** 32 / 40_075_016 / Math.cos((52.3 * Math.PI) / 180)

function marks(
  ...bikes: ReadonlyArray<{ east: number; heading?: number; state?: (typeof bikeStates)[number]; placed?: 0 | 1 | 2 }>
): BikeMarks {
  return {
    count: bikes.length,
    x: Uint32Array.from(bikes, ({ east }) => Math.round(origin.x + east * metreEast)),
    y: Uint32Array.from(bikes, () => origin.y),
    headings: Uint8Array.from(bikes, ({ heading = 0 }) => heading),
    states: Uint8Array.from(bikes, ({ state = 'available' }) => stateByte(state)),
    placed: Uint8Array.from(bikes, ({ placed = 1 }) => placed),
  }
}
const metres = (offset: number | undefined) => ((offset ?? Number.NaN) * 2 ** 12) / metreEast
/** What the card is told of a row: where from, where to (metres east), when; old and new heading. */
const rowOf = ({ floats, bytes }: BikeBuffers, row: number) => ({
  from: metres(floats[row * 6]),
  to: metres(floats[row * 6 + 2]),
  startS: floats[row * 6 + 4] as number,
  headings: [bytes[row * 24 + 20], bytes[row * 24 + 21]],
})

describe('a slide between two frames', () => {
  it('begins where the bike is on the screen now, not where the last frame said', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0 }), 0, true)
    aimBuffers(buffers, marks({ east: 10 }), 10, false)
    aimBuffers(buffers, marks({ east: 20 }), 10.5, false)
    expect(rowOf(buffers, 0).from).toBeCloseTo(5, 1)
    expect(rowOf(buffers, 0).to).toBeCloseTo(20, 1)
    expect(rowOf(buffers, 0).startS).toBe(10.5)
  })
  it('goes no further than the last word', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0 }), 0, true)
    aimBuffers(buffers, marks({ east: 10 }), 10, false)
    aimBuffers(buffers, marks({ east: 12 }), 60, false)
    expect(rowOf(buffers, 0).from).toBeCloseTo(10, 1)
  })
  it('keeps centimetres three kilometres from its origin', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 3_000.05 }, { east: 3_000.12 }), 1, true)
    expect(rowOf(buffers, 1).to - rowOf(buffers, 0).to).toBeCloseTo(0.07, 1)
  })
  it('turns the short way round', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0, heading: 250 }), 0, true)
    aimBuffers(buffers, marks({ east: 0, heading: 6 }), 10, false)
    aimBuffers(buffers, marks({ east: 1, heading: 6 }), 10.5, false)
    expect(rowOf(buffers, 0).headings).toEqual([0, 6])
  })
  it('is left out for a bike that is new, was carried away or comes into view', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0 }, { east: 0, placed: 2 }), 1, true)
    aimBuffers(buffers, marks({ east: 2_000 }, { east: 5 }, { east: 50 }), 1, false)
    for (const row of [0, 1, 2]) expect(rowOf(buffers, row).from).toBe(rowOf(buffers, row).to)
  })
  it('of one bike touches no other, and leaves the drawing order', () => {
    const buffers = makeBuffers(3 * rowsPerBlock, origin)
    const many = (east: number) =>
      marks(...Array.from({ length: 2 * rowsPerBlock }, (_, row) => ({ east: row === 5 ? east : 0 })))
    aimBuffers(buffers, many(0), 1, true)
    buffers.dirty.fill(0)
    const before = buffers.floats.slice(6 * 6)
    expect(aimBuffers(buffers, many(4), 2, false)).toBe(false)
    expect([...buffers.dirty]).toEqual([1, 0, 0])
    expect(buffers.floats.slice(6 * 6)).toEqual(before)
    expect(aimBuffers(buffers, { ...many(4), states: new Uint8Array(2 * rowsPerBlock).fill(5) }, 3, false)).toBe(true)
  })
  it('is over when the clock begins anew', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0 }), 0, true)
    aimBuffers(buffers, marks({ east: 10 }), 10, false)
    rebaseBuffers(buffers)
    expect(rowOf(buffers, 0).from).toBe(rowOf(buffers, 0).to)
  })
  it('ends at the newest place whatever came before', () => {
    const step = fc.record({
      east: fc.integer({ min: -20, max: 20 }),
      heading: fc.nat(255),
      after: fc.double({ min: 0.01, max: 3, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const buffers = makeBuffers(1, origin)
        let nowS = 0
        for (const { east, heading, after } of steps) {
          nowS += after
          aimBuffers(buffers, marks({ east, heading }), nowS, false)
        }
        const last = steps.at(-1)
        expect(rowOf(buffers, 0).to).toBeCloseTo(last?.east ?? 0, 0)
        expect(rowOf(buffers, 0).headings[1]).toBe(last?.heading)
        expect(rowOf(buffers, 0).startS).toBeLessThanOrEqual(nowS + 0.001)
      }),
    )
  })
})

describe('the drawing order', () => {
  const fleet = marks(
    { east: 0, state: 'alarm' },
    { east: 1, state: 'riding' },
    { east: 2, state: 'available', placed: 0 },
    { east: 3, state: 'available' },
    { east: 4, state: 'silent' },
  )
  const ordered = (shown: Partial<ShownRows>) => {
    const buffers = makeBuffers(8, origin)
    aimBuffers(buffers, fleet, 1, true)
    orderRows(buffers, fleet, { ...all, ...shown })
    return [...buffers.order.subarray(0, buffers.drawn)]
  }
  it('puts alarms on top and leaves out hidden states and bikes without a place', () => {
    expect(ordered({})).toEqual([3, 4, 1, 0])
    expect(ordered({ states: bikeStates.map((state) => state !== 'silent') })).toEqual([3, 1, 0])
  })
  it('leaves out what a mask hides, but never the selected bike, which is on top of all', () => {
    expect(ordered({ mask: Uint8Array.of(1, 0, 1, 1, 0) })).toEqual([3, 0])
    expect(ordered({ mask: new Uint8Array(5), selected: 3 })).toEqual([3])
    expect(ordered({ selected: 2 })).toEqual([3, 4, 1, 0])
  })
})

describe('picking', () => {
  const fleet = marks({ east: 0 }, { east: 10 }, { east: 10.4, state: 'alarm' })
  const buffers = makeBuffers(4, origin)
  aimBuffers(buffers, fleet, 1, true)
  orderRows(buffers, fleet, all)
  const at = (east: number) => ({ x: origin.x + east * metreEast, y: origin.y })
  it('takes the nearest bike within reach', () => {
    expect(nearestRow(buffers, fleet, at(1), 5 * metreEast)).toBe(0)
    expect(nearestRow(buffers, fleet, at(10.3), 5 * metreEast)).toBe(2)
  })
  it('takes none out of reach, and none that is hidden', () => {
    expect(nearestRow(buffers, fleet, at(100), 5 * metreEast)).toBeNull()
    orderRows(buffers, fleet, { ...all, states: bikeStates.map((state) => state !== 'alarm') })
    expect(nearestRow(buffers, fleet, at(10.3), 5 * metreEast)).toBe(1)
  })
})
