import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { checkPlaces } from './check-places.ts'
import { type Distances, DistancesFault } from './distances.ts'
import { openStreetSearch } from './street-search.ts'
import type { FoundWays, StreetsSource } from './street-search-messages.ts'

/** More places than this share without a street near: they are of another city than the streets. */
const maxUnplacedShare = 0.5

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
      const distanceM = Array.from(ways.distanceM)
      // A turn for the rest of the server between two arrays of up to four million numbers.
      await nextTurn()
      return { distanceM, driveS: Array.from(ways.driveS), source: 'streets', ...(note === '' ? {} : { note }) }
    },
    close: () => search.close(),
  }
}

function noteOf({ far, unplaced }: FoundWays, attribution: string | null): string {
  const off = far - unplaced
  return [
    ...(off > 0 ? [`${off} ${off === 1 ? 'place is' : 'places are'} more than 250 m from any street.`] : []),
    ...(unplaced > 0 ? [`${unplaced} lie outside the streets: straight lines times a usual detour for them.`] : []),
    ...(attribution === null ? [] : [`Streets: ${attribution}.`]),
  ].join(' ')
}
