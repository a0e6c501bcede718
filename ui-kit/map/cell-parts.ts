import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'
import { latOfMercatorY, lonOfMercatorX } from '../../contracts/live/fleet-frame.ts'
import type { MapPoint } from './map-point.ts'

/** Bikes by cell as the server counts them: middles in Web Mercator × 2³², of each cell one number a state. */
export interface CellMarks {
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly byState: Uint32Array
}

/** What a person wants to know of a place from afar. */
export type CellPart = 'available' | 'in_use' | 'trouble' | 'rest'
export const cellParts: readonly CellPart[] = ['available', 'in_use', 'trouble', 'rest']

const partOf: Readonly<Record<BikeState, CellPart>> = {
  available: 'available',
  unlocking: 'in_use',
  riding: 'in_use',
  paused: 'in_use',
  alarm: 'trouble',
  low_battery: 'trouble',
  silent: 'trouble',
  out_of_service: 'rest',
  with_crew: 'rest',
}

export interface ShownCell extends MapPoint {
  readonly total: number
  readonly parts: Readonly<Record<CellPart, number>>
}

/** Cells with a bike in a state that is shown, the fullest last: it is drawn on top. */
export function cellsOf(marks: CellMarks, shown: readonly boolean[]): readonly ShownCell[] {
  const cells: ShownCell[] = []
  for (let cell = 0; cell < marks.x.length; cell++) {
    const parts = { available: 0, in_use: 0, trouble: 0, rest: 0 }
    let total = 0
    bikeStates.forEach((state, at) => {
      const bikes = shown[at] === true ? (marks.byState[cell * bikeStates.length + at] as number) : 0
      parts[partOf[state]] += bikes
      total += bikes
    })
    if (total === 0) continue
    const place = { lon: lonOfMercatorX(marks.x[cell] as number), lat: latOfMercatorY(marks.y[cell] as number) }
    cells.push({ ...place, total, parts })
  }
  return cells.sort((a, b) => a.total - b.total)
}
