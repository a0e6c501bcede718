import type { StreetsFile } from '../../../demo-city/city-files.ts'
import { readStreets } from '../../../demo-city/read-city.ts'
import type { RoadEdges } from '../core/streets/road-edges.ts'
import { cityClassKmh } from '../core/streets/van-speeds.ts'
import { DistancesFault } from './distances.ts'

/** The streets of the made city, all open in both directions. Throws `DistancesFault` `bad_file`. */
export function readCityStreets(path: string): RoadEdges {
  try {
    return cityRoads(readStreets(path))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DistancesFault('bad_file', `the city's streets ${path} cannot be used: ${reason}`, cause)
  }
}

export function cityRoads({ nodes, edges }: Pick<StreetsFile, 'nodes' | 'edges'>): RoadEdges {
  return {
    nodes,
    from: Int32Array.from(edges, ([from]) => from),
    to: Int32Array.from(edges, ([, to]) => to),
    lengthM: Float64Array.from(edges, ([, , lengthM]) => lengthM),
    kmh: Float64Array.from(edges, ([, , , streetClass]) => cityClassKmh[streetClass]),
    isOneWay: new Uint8Array(edges.length),
  }
}
