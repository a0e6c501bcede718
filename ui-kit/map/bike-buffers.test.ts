import { describe, expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import { aimBuffers, type BikeMarks, makeBuffers, nearestRow, orderRows } from './bike-buffers.ts'

const origin = { x: mercatorX(4.7), y: mercatorY(52.3) }
const all = bikeStates.map(() => true)
const metreEast = 2 ** 32 / 40_075_016 / Math.cos((52.3 * Math.PI) / 180)

function marks(
  ...bikes: ReadonlyArray<{ east: number; heading?: number; state?: (typeof bikeStates)[number]; placed?: 0 | 1 }>
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

describe('a slide between two frames', () => {
  it('begins where the bike is on the screen now, not where the last frame said', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0 }), 1, true)
    aimBuffers(buffers, marks({ east: 10 }), 1, false)
    aimBuffers(buffers, marks({ east: 20 }), 0.5, false)
    expect(metres(buffers.from[0])).toBeCloseTo(5, 1)
    expect(metres(buffers.to[0])).toBeCloseTo(20, 1)
  })
  it('keeps centimetres three kilometres from its origin', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 3_000.05 }, { east: 3_000.12 }), 1, true)
    expect(metres(buffers.to[2]) - metres(buffers.to[0])).toBeCloseTo(0.07, 1)
  })
  it('turns the short way round', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0, heading: 250 }), 1, true)
    aimBuffers(buffers, marks({ east: 0, heading: 6 }), 1, false)
    aimBuffers(buffers, marks({ east: 0, heading: 6 }), 0.5, false)
    expect(Math.cos((buffers.turns[0] ?? 0) - 0)).toBeGreaterThan(0.99)
  })
  it('is left out for a bike that is new or was carried away', () => {
    const buffers = makeBuffers(4, origin)
    aimBuffers(buffers, marks({ east: 0 }), 1, true)
    aimBuffers(buffers, marks({ east: 2_000 }, { east: 50 }), 1, false)
    expect([buffers.from[0], buffers.from[2]]).toEqual([buffers.to[0], buffers.to[2]])
  })
})

describe('the drawing order', () => {
  it('puts alarms on top and leaves out hidden states and bikes without a place', () => {
    const buffers = makeBuffers(8, origin)
    const fleet = marks(
      { east: 0, state: 'alarm' },
      { east: 1, state: 'riding' },
      { east: 2, state: 'available', placed: 0 },
      { east: 3, state: 'available' },
      { east: 4, state: 'silent' },
    )
    aimBuffers(buffers, fleet, 1, true)
    orderRows(buffers, fleet, all)
    expect([...buffers.order.subarray(0, buffers.drawn)]).toEqual([3, 4, 1, 0])
    orderRows(
      buffers,
      fleet,
      bikeStates.map((state) => state !== 'silent'),
    )
    expect([...buffers.order.subarray(0, buffers.drawn)]).toEqual([3, 1, 0])
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
    orderRows(
      buffers,
      fleet,
      bikeStates.map((state) => state !== 'alarm'),
    )
    expect(nearestRow(buffers, fleet, at(10.3), 5 * metreEast)).toBe(1)
  })
})
