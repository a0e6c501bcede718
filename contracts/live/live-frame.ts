import { bikeStates } from './bike-states.ts'
import type { MercatorBox } from './mercator-box.ts'

/**
 * The binary frames of WebSocket /v1/staff/live, version 3, little-endian, columns so that each is one aligned typed
 * array. A header of 40 bytes { u32 magic, u16 version, u16 kind, u32 epoch, u32 sequence, f64 city ms, u32 roster,
 * u32 n, u32 m, u32 extra }, then the columns of the kind, those of 32 bits first:
 * 1 delta   n × { u32 slot, u32 x, u32 y, u8 heading }, m × { u32 slot, u8 state }   13 bytes a moved bike
 * 2 fill    two boxes of 4 × u32, n × { u32 slot, u32 x, u32 y, u8 heading }
 * 3 states  n × u8 state, by slot
 * 4 vitals  n × { u32 slot, u32 seconds since heard, u8 charge }
 * 5 counts  n × { u32 x, u32 y, 9 × u32 bikes of each state }, extra = H3 resolution
 * 6 totals  9 × u32 bikes of each state
 * x, y: Web Mercator × 2³²; a state's highest bit says that the bike was not heard for too long (aged).
 */
export type LiveFrame = DeltaFrame | FillFrame | StatesFrame | VitalsFrame | CountsFrame | TotalsFrame

export interface FrameHead {
  /** Of the hub that sends: another one means another server, whose sequence says nothing. */
  readonly epoch: number
  /** The hub's tick. Deltas come one for each; one that is missing was missed. */
  readonly sequence: number
  readonly cityMs: number
  /** Bikes that the hub knows: with another number than one's own, one lacks somebody. */
  readonly roster: number
}

export interface PlacedColumns {
  readonly slots: Uint32Array
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
}

/** What changed in a tick: places of bikes within the reader's area, states of all bikes. */
export interface DeltaFrame extends FrameHead, PlacedColumns {
  readonly kind: 'delta'
  readonly changedSlots: Uint32Array
  readonly changedStates: Uint8Array
}
/** Every bike that is in `area` and not in `known`: others that were seen there have gone. */
export interface FillFrame extends FrameHead, PlacedColumns {
  readonly kind: 'fill'
  readonly area: MercatorBox
  readonly known: MercatorBox
}
/** The state of every slot; the sequence goes on from here. */
export interface StatesFrame extends FrameHead {
  readonly kind: 'states'
  readonly states: Uint8Array
}
export interface VitalsFrame extends FrameHead {
  readonly kind: 'vitals'
  readonly slots: Uint32Array
  /** `neverHeard` when it was not. */
  readonly heardAgoS: Uint32Array
  /** Percent; `noCharge` when it is not known. */
  readonly charges: Uint8Array
}
/** Bikes by H3 cell, all of the city; the place is the cell's middle. */
export interface CountsFrame extends FrameHead {
  readonly kind: 'counts'
  readonly resolution: number
  readonly x: Uint32Array
  readonly y: Uint32Array
  /** Of each cell so many numbers as there are states, in their order. */
  readonly byState: Uint32Array
}
export interface TotalsFrame extends FrameHead {
  readonly kind: 'totals'
  readonly byState: Uint32Array
}

/** In a column of states: no bike has this slot. */
export const noBike = 255
export const agedBit = 0x80
export const neverHeard = 0xffff_ffff
export const noCharge = 255
/** Longer columns are refused before anything is allocated for them. */
export const maxFrameBikes = 400_000

const magic = 0x4d52575a // "ZWRM"
const version = 3
const headBytes = 40
const kinds = ['delta', 'fill', 'states', 'vitals', 'counts', 'totals'] as const
const states = bikeStates.length

/** Words (32 bits) and bytes after the head, for `n` and `m` of its counts. */
const sizeOf: Readonly<Record<LiveFrame['kind'], (n: number, m: number) => readonly [words: number, bytes: number]>> = {
  delta: (n, m) => [3 * n + m, n + m],
  fill: (n) => [8 + 3 * n, n],
  states: (n) => [0, n],
  vitals: (n) => [2 * n, n],
  counts: (n) => [(2 + states) * n, 0],
  totals: () => [states, 0],
}

export function encodeLiveFrame(frame: LiveFrame): ArrayBuffer {
  const [n, m, extra, words, bytes] = partsOf(frame)
  const wordBytes = 4 * words.reduce((sum, column) => sum + column.length, 0)
  const buffer = new ArrayBuffer(headBytes + wordBytes + bytes.reduce((sum, column) => sum + column.length, 0))
  const view = new DataView(buffer)
  view.setUint32(0, magic, true)
  view.setUint16(4, version, true)
  view.setUint16(6, kinds.indexOf(frame.kind) + 1, true)
  view.setUint32(8, frame.epoch, true)
  view.setUint32(12, frame.sequence, true)
  view.setFloat64(16, frame.cityMs, true)
  view.setUint32(24, frame.roster, true)
  view.setUint32(28, n, true)
  view.setUint32(32, m, true)
  view.setUint32(36, extra, true)
  let place = headBytes
  for (const column of words) {
    new Uint32Array(buffer, place, column.length).set(column)
    place += 4 * column.length
  }
  for (const column of bytes) {
    new Uint8Array(buffer, place, column.length).set(column)
    place += column.length
  }
  return buffer
}

type Parts = readonly [
  n: number,
  m: number,
  extra: number,
  words: readonly ArrayLike<number>[],
  bytes: readonly ArrayLike<number>[],
]

function partsOf(frame: LiveFrame): Parts {
  switch (frame.kind) {
    case 'delta': {
      const { slots, x, y, headings, changedSlots, changedStates } = frame
      return [slots.length, changedSlots.length, 0, [slots, x, y, changedSlots], [headings, changedStates]]
    }
    case 'fill': {
      const { slots, x, y, headings, area, known } = frame
      return [slots.length, 0, 0, [[...sidesOf(area), ...sidesOf(known)], slots, x, y], [headings]]
    }
    case 'states':
      return [frame.states.length, 0, 0, [], [frame.states]]
    case 'vitals':
      return [frame.slots.length, 0, 0, [frame.slots, frame.heardAgoS], [frame.charges]]
    case 'counts':
      return [frame.x.length, 0, frame.resolution, [frame.x, frame.y, frame.byState], []]
    case 'totals':
      return [0, 0, 0, [frame.byState], []]
  }
}

const sidesOf = (box: MercatorBox) => [box.west, box.north, box.east, box.south]

/** Null for anything that is not a whole frame of this version. The arrays are views into `buffer`. */
export function decodeLiveFrame(buffer: ArrayBuffer): LiveFrame | null {
  if (buffer.byteLength < headBytes) return null
  const view = new DataView(buffer)
  const kind = kinds[view.getUint16(6, true) - 1]
  if (view.getUint32(0, true) !== magic || view.getUint16(4, true) !== version || kind === undefined) return null
  const [n, m, extra] = [view.getUint32(28, true), view.getUint32(32, true), view.getUint32(36, true)]
  if (n > maxFrameBikes || m > maxFrameBikes) return null
  const [words, bytes] = sizeOf[kind](n, m)
  if (buffer.byteLength !== headBytes + 4 * words + bytes) return null
  const head: FrameHead = {
    epoch: view.getUint32(8, true),
    sequence: view.getUint32(12, true),
    cityMs: view.getFloat64(16, true),
    roster: view.getUint32(24, true),
  }
  let place = headBytes
  const takeWords = (length: number) => {
    const column = new Uint32Array(buffer, place, length)
    place += 4 * length
    return column
  }
  const takeBytes = (length: number) => {
    const column = new Uint8Array(buffer, place, length)
    place += length
    return column
  }
  const placed = () => ({ slots: takeWords(n), x: takeWords(n), y: takeWords(n) })
  switch (kind) {
    case 'delta': {
      const moved = placed()
      const changedSlots = takeWords(m)
      return { kind, ...head, ...moved, changedSlots, headings: takeBytes(n), changedStates: takeBytes(m) }
    }
    case 'fill': {
      const [area, known] = [boxOf(takeWords(4)), boxOf(takeWords(4))]
      return { kind, ...head, area, known, ...placed(), headings: takeBytes(n) }
    }
    case 'states':
      return { kind, ...head, states: takeBytes(n) }
    case 'vitals':
      return { kind, ...head, slots: takeWords(n), heardAgoS: takeWords(n), charges: takeBytes(n) }
    case 'counts':
      return { kind, ...head, resolution: extra, x: takeWords(n), y: takeWords(n), byState: takeWords(states * n) }
    case 'totals':
      return { kind, ...head, byState: takeWords(states) }
  }
}

const boxOf = ([west = 0, north = 0, east = 0, south = 0]: Uint32Array): MercatorBox => ({ west, north, east, south })
