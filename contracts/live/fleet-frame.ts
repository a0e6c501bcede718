import { type BikeState, bikeStates } from './bike-states.ts'

/**
 * The live feed's binary frame (WebSocket /v1/staff/live), little-endian, columns so that each is one aligned typed array:
 * 24-byte header { u32 magic, u16 version, u16 kind, u32 count, u32 sequence, f64 city ms } then
 * u32 slot[], u32 x[], u32 y[] (Web Mercator × 2³², under 1 cm), u8 heading[] (1.4° steps), u8 state[].
 * A gap in `sequence` means: fetch a new snapshot.
 */
export interface FleetFrame {
  readonly sequence: number
  readonly cityMs: number
  readonly slots: Uint32Array
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
  readonly states: Uint8Array
}

const magic = 0x4d52575a // "ZWRM"
/** Counts with the meaning of a state's byte: a page of before an upgrade reads nothing rather than something else. */
const version = 2
const deltaKind = 1
const headerBytes = 24
const bytesPerBike = 14
export const maxFrameBikes = 200_000

export function encodeFleetFrame(frame: FleetFrame): ArrayBuffer {
  const n = frame.slots.length
  const buffer = new ArrayBuffer(headerBytes + n * bytesPerBike)
  const view = new DataView(buffer)
  view.setUint32(0, magic, true)
  view.setUint16(4, version, true)
  view.setUint16(6, deltaKind, true)
  view.setUint32(8, n, true)
  view.setUint32(12, frame.sequence, true)
  view.setFloat64(16, frame.cityMs, true)
  new Uint32Array(buffer, headerBytes, n).set(frame.slots)
  new Uint32Array(buffer, headerBytes + 4 * n, n).set(frame.x)
  new Uint32Array(buffer, headerBytes + 8 * n, n).set(frame.y)
  new Uint8Array(buffer, headerBytes + 12 * n, n).set(frame.headings)
  new Uint8Array(buffer, headerBytes + 13 * n, n).set(frame.states)
  return buffer
}

/** Null for anything that is not a whole frame of this version. The arrays are views into `buffer`. */
export function decodeFleetFrame(buffer: ArrayBuffer): FleetFrame | null {
  if (buffer.byteLength < headerBytes) return null
  const view = new DataView(buffer)
  if (view.getUint32(0, true) !== magic || view.getUint16(4, true) !== version) return null
  const n = view.getUint32(8, true)
  if (view.getUint16(6, true) !== deltaKind || n > maxFrameBikes) return null
  if (buffer.byteLength !== headerBytes + n * bytesPerBike) return null
  return {
    sequence: view.getUint32(12, true),
    cityMs: view.getFloat64(16, true),
    slots: new Uint32Array(buffer, headerBytes, n),
    x: new Uint32Array(buffer, headerBytes + 4 * n, n),
    y: new Uint32Array(buffer, headerBytes + 8 * n, n),
    headings: new Uint8Array(buffer, headerBytes + 12 * n, n),
    states: new Uint8Array(buffer, headerBytes + 13 * n, n),
  }
}

const span = 4_294_967_296

/** Longitude to Web Mercator × 2³². */
export const mercatorX = (lon: number): number => clampU32(((lon + 180) / 360) * span)
/** Latitude (±85) to Web Mercator × 2³², 0 in the north. */
export function mercatorY(lat: number): number {
  const s = Math.sin((lat * Math.PI) / 180)
  return clampU32((0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * span)
}
export const lonOfMercatorX = (x: number): number => (x / span) * 360 - 180
export const latOfMercatorY = (y: number): number =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / span))) * 180) / Math.PI

export const headingByte = (degrees: number): number => Math.round((((degrees % 360) + 360) % 360) / (360 / 256)) & 255
export const headingOfByte = (byte: number): number => byte * (360 / 256)
export const stateByte = (state: BikeState): number => bikeStates.indexOf(state)
export const stateOfByte = (byte: number): BikeState => bikeStates[byte] ?? 'available'

const clampU32 = (value: number) => Math.min(span - 1, Math.max(0, Math.round(value)))
