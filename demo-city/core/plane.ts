/** Metres east and north of the city's centre. */
export type Point = readonly [x: number, y: number]

export type GeoPoint = { readonly lon: number; readonly lat: number }

export type Plane = {
  readonly toLonLat: (p: Point) => [lon: number, lat: number]
  readonly toPoint: (lon: number, lat: number) => Point
}

const earthRadiusM = 6_371_008.8
const radiansPerDegree = Math.PI / 180

/** A flat map that is true to scale within a few kilometres of `origin`; lon and lat are rounded to about 1 cm. */
export function planeAround(origin: GeoPoint): Plane {
  const metresPerLat = earthRadiusM * radiansPerDegree
  const metresPerLon = metresPerLat * Math.cos(origin.lat * radiansPerDegree)
  return {
    toLonLat: ([x, y]) => [round7(origin.lon + x / metresPerLon), round7(origin.lat + y / metresPerLat)],
    toPoint: (lon, lat) => [(lon - origin.lon) * metresPerLon, (lat - origin.lat) * metresPerLat],
  }
}

/** Straight-line distance in metres. */
export function metresBetween(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}

export function between(a: Point, b: Point, t: number): Point {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/** Distance from `p` to the segment a–b, in metres. */
export function distanceToSegmentM(p: Point, a: Point, b: Point): number {
  return metresBetween(p, between(a, b, footOn(p, a, b)))
}

/** Where on a–b the point nearest to `p` lies: 0 at a, 1 at b. */
export function footOn(p: Point, a: Point, b: Point): number {
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const lengthSquared = dx * dx + dy * dy
  if (lengthSquared === 0) return 0
  return Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / lengthSquared))
}

export function isInside(p: Point, ring: readonly Point[]): boolean {
  let inside = false
  let previous = ring[ring.length - 1]
  for (const corner of ring) {
    if (
      previous !== undefined &&
      corner[1] > p[1] !== previous[1] > p[1] &&
      p[0] < ((previous[0] - corner[0]) * (p[1] - corner[1])) / (previous[1] - corner[1]) + corner[0]
    ) {
      inside = !inside
    }
    previous = corner
  }
  return inside
}

function round7(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}
