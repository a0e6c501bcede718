import type { Position } from '../../../contracts/units.ts'

type LonLat = readonly [number, number]
type Rings = readonly (readonly LonLat[])[]

export interface Area {
  readonly polygons: readonly Rings[]
}
/** Where bikes may be left: inside one of the service areas (anywhere, when there is none), outside of all no-parking. */
export interface ParkingRules {
  readonly service: readonly Area[]
  readonly noParking: readonly Area[]
}

/** Metres of a degree of latitude on the mean Earth radius. */
const metresPerDegree = 111_195

/**
 * How far a place lies beyond the nearest line that it must not be beyond, metres: out of the service area, or into a
 * no-parking area. 0: it may be left there.
 */
export function metresOutside(at: Position, { service, noParking }: ParkingRules): number {
  const isOut = service.length > 0 && !service.some((area) => isInside(at, area))
  const out = isOut ? Math.min(...service.map((area) => metresToLine(at, area))) : 0
  const into = noParking.map((area) => (isInside(at, area) ? metresToLine(at, area) : 0))
  return Math.max(out, ...into)
}

/** Even-odd: holes are outside. */
function isInside({ lon, lat }: Position, { polygons }: Area): boolean {
  return polygons.some((rings) => {
    let inside = false
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i += 1) {
        const a = ring[i - 1] as LonLat
        const b = ring[i] as LonLat
        if (a[1] > lat !== b[1] > lat && lon < a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside
      }
    }
    return inside
  })
}

/** On a flat map around the place: exact enough for distances that are compared with the accuracy of a fix. */
function metresToLine({ lon, lat }: Position, { polygons }: Area): number {
  const east = metresPerDegree * Math.cos((lat * Math.PI) / 180)
  let best = Number.POSITIVE_INFINITY
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i += 1) {
        const a = ring[i - 1] as LonLat
        const b = ring[i] as LonLat
        const ax = (a[0] - lon) * east
        const ay = (a[1] - lat) * metresPerDegree
        const dx = (b[0] - a[0]) * east
        const dy = (b[1] - a[1]) * metresPerDegree
        const length = dx * dx + dy * dy
        const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length))
        const x = ax + along * dx
        const y = ay + along * dy
        best = Math.min(best, x * x + y * y)
      }
    }
  }
  return Math.sqrt(best)
}
