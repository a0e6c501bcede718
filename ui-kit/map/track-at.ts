import type { MapPoint } from './map-point.ts'

/** Where something was at a moment. */
export interface TrackPoint extends MapPoint {
  readonly atMs: number
}

export interface TrackMoment {
  readonly dot: MapPoint
  /** Points from the beginning up to the dot, the dot the last of them. */
  readonly passed: readonly MapPoint[]
}

/** The place on a track at a moment, straight between two reports; before its begin the first point, after it the last. */
export function trackAt(points: readonly TrackPoint[], atMs: number): TrackMoment | null {
  const [first] = points
  if (first === undefined) return null
  const next = firstAfter(points, atMs)
  const before = points[next - 1]
  if (before === undefined) return { dot: first, passed: [first] }
  const after = points[next]
  if (after === undefined) return { dot: before, passed: points }
  const share = (atMs - before.atMs) / (after.atMs - before.atMs)
  const dot = {
    lon: before.lon + (after.lon - before.lon) * share,
    lat: before.lat + (after.lat - before.lat) * share,
  }
  return { dot, passed: [...points.slice(0, next), dot] }
}

/** Index of the first point later than a moment; points are in the order of time. */
function firstAfter(points: readonly TrackPoint[], atMs: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle] as TrackPoint).atMs <= atMs) low = middle + 1
    else high = middle
  }
  return low
}
