import { latOfMercatorY, lonOfMercatorX } from '../../contracts/live/fleet-frame.ts'
import type { BikeMarks } from './bike-buffers.ts'

export interface MapPoint {
  readonly lon: number
  readonly lat: number
}

/** Degrees. */
export interface MapBox {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export interface MapView {
  readonly box: MapBox
  readonly zoom: number
}

/** Where a row of marks is, as people's degrees; null while nobody knows. */
export const pointOfRow = (marks: BikeMarks, row: number): MapPoint | null =>
  marks.placed[row] === 1
    ? { lon: lonOfMercatorX(marks.x[row] as number), lat: latOfMercatorY(marks.y[row] as number) }
    : null
