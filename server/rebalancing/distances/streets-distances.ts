import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { checkPlaces } from './check-places.ts'
import { type Distances, DistancesFault } from './distances.ts'
import { openStreetSearch } from './street-search.ts'
import type { FoundWays, StreetsSource } from './street-search-messages.ts'

/** More places than this share without a street near: they are of another city than the streets. */
const maxUnplacedShare = 0.5

/** Some milliseconds. */
const numbersPerTurn = 200_000

/** Ways along streets that we hold ourselves, searched in a thread of its own. */
export function streetsDistances(source: StreetsSource, logger: Logger): Distances {
  const search = openStreetSearch(source, logger)
  return {
    table: async (places) => {
      checkPlaces(places)
      const { ways, attribution } = await search.ways(places)
      if (ways.unplaced > maxUnplacedShare * places.length) {
        throw new DistancesFault('outside', `${ways.unplaced} of ${places.length} places lie outside the streets`)
      }
      const note = noteOf(ways, attribution)
      const distanceM = await plainNumbers(ways.distanceM)
      const driveS = await plainNumbers(ways.driveS)
      return { distanceM, driveS, source: 'streets', ...(note === '' ? {} : { note }) }
    },
    close: () => search.close(),
  }
}

/** Up to four million numbers, with turns for the rest of the server between. */
async function plainNumbers(column: Float64Array): Promise<number[]> {
  const numbers = new Array<number>(column.length)
  for (let k = 0; k < column.length; k++) {
    if (k % numbersPerTurn === numbersPerTurn - 1) await nextTurn()
    numbers[k] = column[k] as number
  }
  return numbers
}

function noteOf({ far, unplaced }: FoundWays, attribution: string | null): string {
  const off = far - unplaced
  return [
    ...(off > 0 ? [`${off} ${off === 1 ? 'place is' : 'places are'} more than 250 m from any street.`] : []),
    ...(unplaced > 0 ? [`${unplaced} lie outside the streets: straight lines times a usual detour for them.`] : []),
    ...(attribution === null ? [] : [`Streets: ${attribution}.`]),
  ].join(' ')
}
