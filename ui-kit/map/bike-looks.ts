import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'
import type { Theme } from './map-engine.ts'

/** Colour per state, the values of tokens.css. Shape differs too: colour is never the only sign. */
const colours: Readonly<Record<BikeState, readonly [light: string, dark: string]>> = {
  available: ['#0f7a55', '#3ddc97'],
  out_of_service: ['#6b7280', '#9aa4b2'],
  silent: ['#6b7280', '#9aa4b2'],
  with_crew: ['#9d174d', '#f472b6'],
  unlocking: ['#7c3aed', '#b794ff'],
  riding: ['#1d4ed8', '#6ea0ff'],
  paused: ['#0e7490', '#52cfe6'],
  low_battery: ['#b45309', '#ffb454'],
  alarm: ['#c81e1e', '#ff6b6b'],
}

export const colourOf = (state: BikeState, theme: Theme): string => colours[state][theme === 'light' ? 0 : 1]

/** `vec3` per state in drawing order, for the shader's table. */
export function colourTable(theme: Theme): Float32Array {
  const table = bikeStates.flatMap((state) => channelsOf(colourOf(state, theme)))
  return new Float32Array(table)
}

/** Outline of the marks, and the glyph cut into them. */
export const outlineOf = (theme: Theme): Float32Array =>
  new Float32Array(channelsOf(theme === 'light' ? '#ffffff' : '#0b100f'))

const channelsOf = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
