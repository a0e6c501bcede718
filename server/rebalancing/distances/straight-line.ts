import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Place } from '../core/street-matrix.ts'
import { metresPerDegree } from '../core/streets/node-grid.ts'
import { detourFactor, townMetresPerSecond } from '../core/streets/van-speeds.ts'
import { checkPlaces } from './check-places.ts'
import type { Distances } from './distances.ts'

/** A few milliseconds for the largest table: the server does other things between. */
const rowsPerTurn = 20

/** The last resort: straight lines, lengthened by the usual detour, at the usual speed. Knows no water and no one-way. */
export function straightLineDistances(): Distances {
  return {
    table: async (places) => {
      checkPlaces(places)
      const distanceM: number[] = []
      const driveS: number[] = []
      for (const [row, from] of places.entries()) {
        if (row % rowsPerTurn === 0) await nextTurn()
        for (const to of places) {
          const way = estimatedWay(from, to)
          distanceM.push(way.distanceM)
          driveS.push(way.driveS)
        }
      }
      return { distanceM, driveS, source: 'straight_line', note: 'Ways are straight lines times a usual detour.' }
    },
    close: async () => undefined,
  }
}

/** Whole metres and seconds. */
export function estimatedWay(from: Place, to: Place): { readonly distanceM: number; readonly driveS: number } {
  const eastDegrees = (to.lon - from.lon) * Math.cos(((from.lat + to.lat) * Math.PI) / 360)
  const wayM = detourFactor * metresPerDegree * Math.hypot(eastDegrees, to.lat - from.lat)
  return { distanceM: Math.round(wayM), driveS: Math.round(wayM / townMetresPerSecond) }
}
