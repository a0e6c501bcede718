import { join } from 'node:path'
import type { Position } from '../../contracts/units.ts'
import type { CityFile, PlacesFile, StreetsFile } from '../../demo-city/city-files.ts'
import { pointAlong } from '../../demo-city/point-along.ts'
import { readCity, readPlaces, readStreets } from '../../demo-city/read-city.ts'
import { buildRouter } from '../../demo-city/routing.ts'
import type { Whereabouts } from '../body/gnss.ts'

export interface Way {
  readonly nodes: readonly number[]
  readonly lengthM: number
}

/** The city on the ground: ways for bikes, and where people want to go. */
export interface StreetMap {
  readonly places: PlacesFile
  readonly streets: StreetsFile
  readonly timeZone: CityFile['timeZone']
  /** Null only for a street graph that is not connected. */
  way(from: Position, toNode: number): Way | null
  /** To the street node nearest to a place. */
  wayTo(from: Position, to: Position): Way | null
  /** Where someone is who has gone `metres` of the way at `speedMps`. */
  along(way: Way, metres: number, speedMps: number): Whereabouts
  positionOf(node: number): Position
}

/** Reads a folder of `demo-city/make-city.ts`. Throws if it is missing or of another form. */
export function readStreetMap(cityFolder: string): StreetMap {
  const streets = readStreets(join(cityFolder, 'streets.json'))
  const places = readPlaces(join(cityFolder, 'places.json'))
  const { timeZone } = readCity(cityFolder)
  const router = buildRouter(streets)
  return {
    streets,
    places,
    timeZone,
    way: ({ lon, lat }, toNode) => router.route(router.nearestNode(lon, lat), toNode),
    wayTo: (from, to) => router.route(router.nearestNode(from.lon, from.lat), router.nearestNode(to.lon, to.lat)),
    along: (way, metres, speedMps) => ({ ...pointAlong(streets, way.nodes, metres), speedMps }),
    positionOf: (node) => {
      const [lon, lat] = streets.nodes[node] ?? [places.centre.lon, places.centre.lat]
      return { lon, lat }
    },
  }
}
