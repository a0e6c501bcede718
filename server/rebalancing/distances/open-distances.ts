import type { Logger } from 'pino'
import { type Distances, DistancesFault } from './distances.ts'
import { osrmDistances } from './osrm-distances.ts'
import { straightLineDistances } from './straight-line.ts'
import { streetsDistances } from './streets-distances.ts'

export interface DistancesOptions {
  /** Base address of a service that speaks OSRM's table API: `https://host`, or with a path in front of `/table`. */
  readonly osrmUrl?: string | undefined
  /** What `npm run import-streets` made. */
  readonly roadFile?: string | undefined
  /** `streets.json` of the made city. */
  readonly cityStreetsFile?: string | undefined
  readonly logger: Logger
}

/**
 * The first that is given and works: the OSRM service, the road file, the made city's streets, straight lines. When one
 * fails, a line is logged, the next is asked, and the table's note says so; the first is asked again by the next table.
 */
export function openDistances({ osrmUrl, roadFile, cityStreetsFile, logger }: DistancesOptions): Distances {
  const given: readonly Distances[] = [
    ...(osrmUrl ? [osrmDistances(osrmUrl, logger)] : []),
    ...(roadFile ? [streetsDistances({ kind: 'road_file', path: roadFile }, logger)] : []),
    ...(cityStreetsFile ? [streetsDistances({ kind: 'city_streets', path: cityStreetsFile }, logger)] : []),
    straightLineDistances(),
  ]
  return {
    table: async (places) => {
      const failures: string[] = []
      for (const [rank, distances] of given.entries()) {
        try {
          const table = await distances.table(places)
          const note = [...failures, ...(table.note === undefined ? [] : [table.note])].join(' ')
          return note === '' ? table : { ...table, note }
        } catch (error) {
          // The last one fails only for a table that none of them would take.
          if (!(error instanceof DistancesFault) || error.code === 'too_many' || rank === given.length - 1) throw error
          logger.warn(
            { err: error, code: error.code, places: places.length },
            'distances failed, the next source is asked',
          )
          failures.push(asSentence(error.message))
        }
      }
      throw new DistancesFault('service', 'no source of distances is left')
    },
    close: async () => {
      await Promise.all(given.map((distances) => distances.close()))
    },
  }
}

const asSentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
