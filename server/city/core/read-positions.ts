import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { distanceM, type Position } from '../../../contracts/units.ts'
import { onGrid } from './grid.ts'
import { type LonLat, problemAt, type Rings } from './zone-draft.ts'

export const mostPositions = 5_000
const mostRings = 50
const mostPolygons = 50
/** A place so far from the city which would be near with its numbers exchanged, has them exchanged. */
const farFromCityM = 100_000
const largestLat = 85

interface Of {
  readonly feature: number
  readonly name: string | null
}

/** `[longitude, latitude]`; an altitude is dropped. Else a sentence that says what is wrong. */
export function readPosition(value: unknown, centre: Position | null): LonLat | string {
  if (!Array.isArray(value) || value.length < 2 || !value.every((number) => Number.isFinite(number))) {
    return 'A position is [longitude, latitude] in degrees: two numbers.'
  }
  const [lon, lat] = value as [number, number]
  if (Math.abs(lon) > 180 || Math.abs(lat) > largestLat) {
    const hint =
      Math.abs(lon) <= largestLat && Math.abs(lat) <= 180 ? ' It looks exchanged: longitude comes first.' : ''
    return `[${lon}, ${lat}] is not on the map.${hint}`
  }
  if (centre !== null && isExchanged(lon, lat, centre)) {
    const farKm = Math.round(distanceM({ lon, lat }, centre) / 1_000)
    return `[${lon}, ${lat}] lies ${farKm} km from the city; [${lat}, ${lon}] would be in it. Longitude comes first.`
  }
  return [onGrid(lon), onGrid(lat)]
}

function isExchanged(lon: number, lat: number, centre: Position): boolean {
  if (distanceM({ lon, lat }, centre) <= farFromCityM || Math.abs(lon) > largestLat) return false
  return distanceM({ lon: lat, lat: lon }, centre) <= farFromCityM
}

/** Coordinates of a MultiPolygon; null when something was reported. As they were given: not yet turned. */
export function readPolygons(
  value: unknown,
  centre: Position | null,
  of: Of,
  report: (problem: ZoneProblem) => void,
): readonly Rings[] | null {
  const bad = (sentence: string): null => {
    report(problemAt(of, 'not_geojson', sentence))
    return null
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > mostPolygons) {
    return bad(`A MultiPolygon has 1 to ${mostPolygons} polygons.`)
  }
  const polygons: Rings[] = []
  let ringsBefore = 0
  for (const rings of value as unknown[]) {
    if (!Array.isArray(rings) || rings.length === 0 || rings.length > mostRings) {
      return bad(`A polygon has an outer ring and at most ${mostRings - 1} holes.`)
    }
    const read = rings.map((ring, index) => readRing(ring, ringsBefore + index, centre, of, report))
    if (read.some((ring) => ring === null)) return null
    polygons.push(read.filter((ring) => ring !== null))
    ringsBefore += rings.length
  }
  return polygons
}

function readRing(
  value: unknown,
  ring: number,
  centre: Position | null,
  of: Of,
  report: (problem: ZoneProblem) => void,
): readonly LonLat[] | null {
  if (!Array.isArray(value) || value.length < 4 || value.length > mostPositions) {
    const sentence = `A ring has 4 to ${mostPositions} positions, the last one the same as the first.`
    report(problemAt(of, 'not_geojson', sentence, { ring }))
    return null
  }
  const positions: LonLat[] = []
  for (const [vertex, position] of (value as unknown[]).entries()) {
    const read = readPosition(position, centre)
    if (typeof read === 'string') {
      // One of a ring is enough: the others are wrong in the same way.
      report(problemAt(of, 'not_geojson', read, { ring, vertex }))
      return null
    }
    positions.push(read)
  }
  const [first, last] = [positions[0], positions.at(-1)]
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) {
    const sentence = `The ring is open: repeat its first position [${first.join(', ')}] at the end.`
    report(problemAt(of, 'ring_open', sentence, { ring, vertex: positions.length - 1, at: last }))
    return null
  }
  return positions
}
