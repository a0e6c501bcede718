import { minHeap, popLowest, push } from '../../server/rebalancing/core/streets/min-heap.ts'
import type { DocklessTrip } from './read-trips.ts'

/** Bikes of a thinned fleet by index, in metres on a plane. */
export interface Standing {
  readonly x: Float64Array
  readonly y: Float64Array
}

export interface Replayed {
  readonly served: number
  /** Index of each trip that found no bike. */
  readonly lost: readonly number[]
  /** Whether the bike was ridden at all. */
  readonly ridden: Uint8Array
}

/** Degrees to metres on a plane: exact enough within one city. */
export interface Plane {
  readonly x: (lon: number) => number
  readonly y: (lat: number) => number
}

const metresPerDegree = 111_194.93

export function planeAt(lat: number): Plane {
  const perLon = metresPerDegree * Math.cos((lat * Math.PI) / 180)
  return { x: (lon) => lon * perLon, y: (lat) => lat * metresPerDegree }
}

/** A rider walks so far to a bike. */
export const walkM = 200

/**
 * Replays a day: each trip takes the nearest bike within 200 m of its start, which stands at the trip's end from the
 * trip's end on; a trip without one is lost (planner.md, section 7).
 *
 * @param trips by start
 */
export function replay(standing: Standing, trips: readonly DocklessTrip[], plane: Plane): Replayed {
  const x = standing.x.slice()
  const y = standing.y.slice()
  const ridden = new Uint8Array(x.length)
  const cells = new Map<number, number[]>()
  const cellOf = (px: number, py: number): number => Math.floor(px / walkM) * 1_000_003 + Math.floor(py / walkM)
  const put = (bike: number): void => {
    const key = cellOf(x[bike] as number, y[bike] as number)
    const cell = cells.get(key)
    if (cell) cell.push(bike)
    else cells.set(key, [bike])
  }
  for (let bike = 0; bike < x.length; bike++) put(bike)

  const takeNearest = (px: number, py: number): number => {
    let best = -1
    let bestM = walkM
    let bestCell: number[] = []
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const cell = cells.get(cellOf(px + dx * walkM, py + dy * walkM))
        for (const bike of cell ?? []) {
          const gapM = Math.hypot((x[bike] as number) - px, (y[bike] as number) - py)
          if (gapM > bestM || (gapM === bestM && best >= 0 && bike > best)) continue
          best = bike
          bestM = gapM
          bestCell = cell as number[]
        }
      }
    }
    if (best >= 0) bestCell.splice(bestCell.indexOf(best), 1)
    return best
  }

  /** Bikes by the time at which they stand again. */
  const underWay = minHeap(x.length)
  const hasLanded = (nowS: number): boolean =>
    underWay.size > 0 && (underWay.keys[underWay.items[0] as number] as number) <= nowS
  const lost: number[] = []
  let served = 0
  trips.forEach((trip, index) => {
    while (hasLanded(trip.startS)) put(popLowest(underWay))
    const bike = takeNearest(plane.x(trip.startLon), plane.y(trip.startLat))
    if (bike < 0) {
      lost.push(index)
      return
    }
    served++
    ridden[bike] = 1
    x[bike] = plane.x(trip.endLon)
    y[bike] = plane.y(trip.endLat)
    push(underWay, bike, trip.endS)
  })
  return { served, lost, ridden }
}
