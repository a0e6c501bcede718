import { assert } from '../contracts/assert.ts'
import { distanceM } from '../contracts/units.ts'
import type { StreetsFile } from './city-files.ts'

/** `headingDeg` clockwise from north, in [0, 360). */
export type PlaceOnRoute = { readonly lon: number; readonly lat: number; readonly headingDeg: number }

/**
 * Where someone is who has gone `metres` along a route; before the start and past the end they stand at it.
 * `routeNodes` are node indices, at least one.
 */
export function pointAlong(
  streets: Pick<StreetsFile, 'nodes'>,
  routeNodes: readonly number[],
  metres: number,
): PlaceOnRoute {
  assert(routeNodes.length > 0, 'a route has at least one node')
  let left = Math.max(0, metres)
  let headingDeg = 0
  for (let i = 0; i + 1 < routeNodes.length; i++) {
    const [lonA, latA] = nodeAt(streets, routeNodes[i])
    const [lonB, latB] = nodeAt(streets, routeNodes[i + 1])
    const lengthM = distanceM({ lon: lonA, lat: latA }, { lon: lonB, lat: latB })
    headingDeg = headingOf(lonA, latA, lonB, latB)
    if (left <= lengthM) {
      const t = lengthM === 0 ? 0 : left / lengthM
      return { lon: lonA + (lonB - lonA) * t, lat: latA + (latB - latA) * t, headingDeg }
    }
    left -= lengthM
  }
  const [lon, lat] = nodeAt(streets, routeNodes[routeNodes.length - 1])
  return { lon, lat, headingDeg }
}

function nodeAt({ nodes }: Pick<StreetsFile, 'nodes'>, index: number | undefined): readonly [number, number] {
  const node = index === undefined ? undefined : nodes[index]
  assert(node !== undefined, `the street graph has a node ${index}`)
  return node
}

function headingOf(lonA: number, latA: number, lonB: number, latB: number): number {
  const east = (lonB - lonA) * Math.cos((((latA + latB) / 2) * Math.PI) / 180)
  const north = latB - latA
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360
}
