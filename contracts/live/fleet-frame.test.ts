import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeStates } from './bike-states.ts'
import {
  decodeFleetFrame,
  encodeFleetFrame,
  type FleetFrame,
  headingByte,
  headingOfByte,
  latOfMercatorY,
  lonOfMercatorX,
  mercatorX,
  mercatorY,
  stateByte,
  stateOfByte,
} from './fleet-frame.ts'

const u32 = fc.integer({ min: 0, max: 4_294_967_295 })
const byte = fc.integer({ min: 0, max: 255 })
const bikes = fc.array(fc.record({ slot: u32, x: u32, y: u32, heading: byte, state: byte }), { maxLength: 60 })

const frames: fc.Arbitrary<FleetFrame> = fc
  .record({ bikes, sequence: u32, cityMs: fc.integer({ min: 0, max: 4_102_444_800_000 }) })
  .map(({ bikes: rows, sequence, cityMs }) => ({
    sequence,
    cityMs,
    slots: Uint32Array.from(rows, (row) => row.slot),
    x: Uint32Array.from(rows, (row) => row.x),
    y: Uint32Array.from(rows, (row) => row.y),
    headings: Uint8Array.from(rows, (row) => row.heading),
    states: Uint8Array.from(rows, (row) => row.state),
  }))

describe('a live frame', () => {
  it('comes back from its bytes as it went in', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFleetFrame(encodeFleetFrame(frame))).toEqual(frame)
      }),
    )
  })

  it('is 24 bytes and 14 a bike, and nothing else is taken for one', () => {
    fc.assert(
      fc.property(frames, fc.nat(13), (frame, surplus) => {
        const buffer = encodeFleetFrame(frame)
        expect(buffer.byteLength).toBe(24 + 14 * frame.slots.length)
        expect(decodeFleetFrame(buffer.slice(0, buffer.byteLength - 1))).toBeNull()
        const longer = new Uint8Array(buffer.byteLength + 1 + surplus)
        longer.set(new Uint8Array(buffer))
        expect(decodeFleetFrame(longer.buffer)).toBeNull()
      }),
    )
  })

  it('is refused, not thrown at, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(decodeFleetFrame(Uint8Array.from(bytes).buffer)).toBeNull()
      }),
    )
  })

  it('of another version or kind, or with a count that cannot be, is refused', () => {
    const whole = encodeFleetFrame({
      ...{ sequence: 1, cityMs: 0, slots: new Uint32Array(1), x: new Uint32Array(1), y: new Uint32Array(1) },
      ...{ headings: new Uint8Array(1), states: new Uint8Array(1) },
    })
    for (const [offset, value] of [
      [0, 0],
      [4, 1],
      [6, 2],
      [8, 200],
      [11, 255],
    ] as const) {
      const bytes = new Uint8Array(whole.slice(0))
      bytes[offset] = value
      expect(decodeFleetFrame(bytes.buffer), `byte ${offset}`).toBeNull()
    }
  })
})

describe('a position in a frame', () => {
  it('is exact to a centimetre anywhere a bike may be', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -85, max: 85, noNaN: true }),
        (lon, lat) => {
          const metresPerDegree = 111_320
          const east = Math.abs(lonOfMercatorX(mercatorX(lon)) - lon) * metresPerDegree
          const north = Math.abs(latOfMercatorY(mercatorY(lat)) - lat) * metresPerDegree
          expect(Math.max(east, north)).toBeLessThan(0.01)
        },
      ),
    )
  })

  it('north is up: y falls with the latitude', () => {
    expect(mercatorY(60)).toBeLessThan(mercatorY(50))
    expect(mercatorX(5)).toBeGreaterThan(mercatorX(4))
    expect([mercatorX(-200), mercatorX(200)]).toEqual([0, 4_294_967_295])
  })
})

describe('a byte of a frame', () => {
  it('keeps a heading to 0.71 degrees, round the circle', () => {
    fc.assert(
      fc.property(fc.double({ min: -720, max: 720, noNaN: true }), (degrees) => {
        const off = Math.abs(headingOfByte(headingByte(degrees)) - (((degrees % 360) + 360) % 360))
        expect(Math.min(off, 360 - off)).toBeLessThan(0.71)
      }),
    )
  })

  it('names every state, and takes an unknown one for an available bike', () => {
    for (const state of bikeStates) expect(stateOfByte(stateByte(state))).toBe(state)
    expect(stateOfByte(200)).toBe('available')
  })
})
