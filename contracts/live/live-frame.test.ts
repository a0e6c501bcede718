import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeStates } from './bike-states.ts'
import { decodeLiveFrame, encodeLiveFrame, type LiveFrame } from './live-frame.ts'

const u32 = fc.integer({ min: 0, max: 4_294_967_295 })
const byte = fc.integer({ min: 0, max: 255 })
const words = (length: number) =>
  fc.array(u32, { minLength: length, maxLength: length }).map((all) => Uint32Array.from(all))
const bytes = (length: number) =>
  fc.array(byte, { minLength: length, maxLength: length }).map((all) => Uint8Array.from(all))
const head = { epoch: u32, sequence: u32, cityMs: fc.integer({ min: 0, max: 4_102_444_800_000 }), roster: u32 }
const box = fc.record({ west: u32, north: u32, east: u32, south: u32 })
const placed = (n: number) => ({ slots: words(n), x: words(n), y: words(n), headings: bytes(n) })
const sizes = fc.tuple(fc.nat(40), fc.nat(20))

const frames: fc.Arbitrary<LiveFrame> = sizes.chain(([n, m]) =>
  fc.oneof(
    fc.record({
      kind: fc.constant('delta' as const),
      ...head,
      ...placed(n),
      changedSlots: words(m),
      changedStates: bytes(m),
    }),
    fc.record({ kind: fc.constant('fill' as const), ...head, ...placed(n), area: box, known: box }),
    fc.record({ kind: fc.constant('states' as const), ...head, states: bytes(n) }),
    fc.record({
      kind: fc.constant('vitals' as const),
      ...head,
      slots: words(n),
      heardAgoS: words(n),
      charges: bytes(n),
    }),
    fc.record({
      ...{ kind: fc.constant('counts' as const), ...head, resolution: fc.nat(15), x: words(n), y: words(n) },
      byState: words(n * bikeStates.length),
    }),
    fc.record({ kind: fc.constant('totals' as const), ...head, byState: words(bikeStates.length) }),
  ),
)

describe('a live frame', () => {
  it('comes back from its bytes as it went in', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeLiveFrame(encodeLiveFrame(frame))).toEqual(frame)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused when a byte is missing or one too many', () => {
    fc.assert(
      fc.property(frames, fc.nat(13), (frame, surplus) => {
        const buffer = encodeLiveFrame(frame)
        expect(decodeLiveFrame(buffer.slice(0, buffer.byteLength - 1))).toBeNull()
        const longer = new Uint8Array(buffer.byteLength + 1 + surplus)
        longer.set(new Uint8Array(buffer))
        expect(decodeLiveFrame(longer.buffer)).toBeNull()
      }),
    )
  })

  it('is refused, not thrown at, whatever the bytes, its head right or wrong', () => {
    const start = new Uint8Array(encodeLiveFrame({ kind: 'states', ...emptyHead, states: new Uint8Array() })).slice(
      0,
      6,
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.boolean(), (noise, isOurs) => {
        const given = Uint8Array.from(noise)
        if (isOurs) given.set(start.subarray(0, given.length))
        expect(() => decodeLiveFrame(given.buffer)).not.toThrow()
        if (!isOurs) expect(decodeLiveFrame(given.buffer)).toBeNull()
      }),
    )
  })

  it('tells of a moved bike in 13 bytes, of a changed state in 5', () => {
    const delta = (n: number, m: number) =>
      encodeLiveFrame({
        ...{ kind: 'delta', ...emptyHead, slots: new Uint32Array(n), x: new Uint32Array(n), y: new Uint32Array(n) },
        ...{ headings: new Uint8Array(n), changedSlots: new Uint32Array(m), changedStates: new Uint8Array(m) },
      }).byteLength
    expect(delta(1_000, 0) - delta(0, 0)).toBe(13_000)
    expect(delta(0, 1_000) - delta(0, 0)).toBe(5_000)
  })

  it('of another version or kind, or with a count that cannot be, is refused', () => {
    const whole = encodeLiveFrame({ kind: 'states', ...emptyHead, states: new Uint8Array(3) })
    for (const [offset, value] of [
      [0, 0],
      [4, 2],
      [6, 0],
      [6, 7],
      [28, 200],
      [31, 255],
    ] as const) {
      const bytesOf = new Uint8Array(whole.slice(0))
      bytesOf[offset] = value
      expect(decodeLiveFrame(bytesOf.buffer), `byte ${offset}`).toBeNull()
    }
  })
})

const emptyHead = { epoch: 1, sequence: 1, cityMs: 0, roster: 0 }
