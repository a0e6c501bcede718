import { type BikeState, bikeStates } from './bike-states.ts'

const span = 4_294_967_296

/** What the numbers in a live frame (live-frame.ts) mean. Longitude to Web Mercator × 2³². */
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
