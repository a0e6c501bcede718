import { booleanClockwise, circle } from '@turf/turf'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import type { Position } from '../../../contracts/units.ts'
import { onGrid } from './grid.ts'
import { readPolygons, readPosition } from './read-positions.ts'
import { readProperties } from './read-properties.ts'
import { allRings, type LonLat, problemAt, type Rings, type ZoneDraft } from './zone-draft.ts'

export const mostFeatures = 2_000
/** Of all features together: bounds the time that looking for crossings takes. */
const mostPositionsInAll = 100_000
const circleSteps = 64

export interface ReadZones {
  readonly drafts: readonly ZoneDraft[]
  readonly problems: readonly ZoneProblem[]
}

/**
 * A GeoJSON FeatureCollection, whoever wrote it, as zones: what cannot be read is a problem that names the place and
 * says what to do. Members that we do not know are passed over. `centre` is the city's, to notice exchanged coordinates.
 */
export function readZones(collection: unknown, centre: Position | null): ReadZones {
  const whole = { feature: 0, name: null }
  if (!isRecord(collection) || collection.type !== 'FeatureCollection' || !Array.isArray(collection.features)) {
    const sentence = 'This is no GeoJSON FeatureCollection: send an object with "type" and a list of "features".'
    return { drafts: [], problems: [problemAt(whole, 'not_geojson', sentence)] }
  }
  if (collection.features.length > mostFeatures) {
    const sentence = `There are ${collection.features.length} features; send at most ${mostFeatures} at once.`
    return { drafts: [], problems: [problemAt(whole, 'not_geojson', sentence)] }
  }
  const drafts: ZoneDraft[] = []
  const problems: ZoneProblem[] = []
  collection.features.forEach((feature: unknown, index) => {
    const read = readFeature(feature, index, centre)
    if (Array.isArray(read)) problems.push(...read)
    else drafts.push(read)
  })
  const positions = drafts
    .filter(({ radiusM }) => radiusM === null)
    .flatMap(allRings)
    .reduce((sum, ring) => sum + ring.length, 0)
  if (positions > mostPositionsInAll) {
    const sentence = `There are ${positions} positions in all; simplify the areas to ${mostPositionsInAll} at most.`
    return { drafts: [], problems: [problemAt(whole, 'not_geojson', sentence)] }
  }
  return { drafts, problems }
}

function readFeature(feature: unknown, index: number, centre: Position | null): ZoneDraft | ZoneProblem[] {
  const properties = isRecord(feature) && isRecord(feature.properties) ? feature.properties : {}
  const of = { feature: index, name: typeof properties.name === 'string' ? properties.name.slice(0, 80) : null }
  if (!isRecord(feature) || feature.type !== 'Feature' || !isRecord(feature.geometry)) {
    return [problemAt(of, 'not_geojson', 'This is no GeoJSON feature with a geometry: draw its area, or leave it out.')]
  }
  const { geometry } = feature
  const problems: ZoneProblem[] = []
  const report = (problem: ZoneProblem): void => void problems.push(problem)
  const isPoint = geometry.type === 'Point'
  const said = readProperties(properties, isPoint, of, report)
  if (isPoint) {
    const at = readPosition(geometry.coordinates, centre)
    if (typeof at === 'string') return [...problems, problemAt(of, 'not_geojson', at)]
    if (said === null || said.radiusM === null) return problems
    return { ...said, ...of, name: said.name, centre: at, polygons: [circleAround(at, said.radiusM)] }
  }
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') {
    const sentence = `A zone is a Polygon, a MultiPolygon or a Point with radiusM, not "${String(geometry.type)}".`
    return [...problems, problemAt(of, 'not_geojson', sentence)]
  }
  const coordinates = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const polygons = readPolygons(coordinates, centre, of, report)
  if (said === null || polygons === null || problems.length > 0) return problems
  return { ...said, ...of, name: said.name, centre: null, polygons }
}

/** A regular polygon of 64 corners, on the same grid as what is read. */
export function circleAround(at: LonLat, radiusM: number): Rings {
  const { coordinates } = circle([at[0], at[1]], radiusM, { steps: circleSteps, units: 'meters' }).geometry
  return facingOut(coordinates.map((ring) => ring.map(([lon = 0, lat = 0]): LonLat => [onGrid(lon), onGrid(lat)])))
}

/** Outer ring counter-clockwise, holes clockwise. */
export function facingOut(rings: Rings): Rings {
  return rings.map((ring, index) => {
    const isHole = index > 0
    return booleanClockwise(ring.map(([lon, lat]) => [lon, lat])) === isHole ? ring : [...ring].reverse()
  })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
