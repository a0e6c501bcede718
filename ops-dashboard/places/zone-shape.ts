import type { ZoneFeature } from '../../contracts/http/zones.ts'

export type Ring = readonly (readonly [number, number])[]

/** The polygons of a zone, each as its rings, outline first; a point has none. */
export function polygonsOf({ geometry }: Pick<ZoneFeature, 'geometry'>): readonly (readonly Ring[])[] {
  switch (geometry.type) {
    case 'Polygon':
      return [geometry.coordinates as readonly Ring[]]
    case 'MultiPolygon':
      return geometry.coordinates as readonly (readonly Ring[])[]
    case 'Point':
      return []
  }
}

/** The middle of a zone's box, to look at it. */
export function centreOf(zone: Pick<ZoneFeature, 'geometry'>): { readonly lon: number; readonly lat: number } | null {
  if (zone.geometry.type === 'Point') {
    const [lon, lat] = zone.geometry.coordinates
    return { lon, lat }
  }
  const points = polygonsOf(zone).flatMap(([outline]) => outline ?? [])
  if (points.length === 0) return null
  const lons = points.map(([lon]) => lon)
  const lats = points.map(([, lat]) => lat)
  return { lon: (Math.min(...lons) + Math.max(...lons)) / 2, lat: (Math.min(...lats) + Math.max(...lats)) / 2 }
}

/** Of anything that a file may hold: only what can be drawn. Whether it is right, the server says. */
export function drawableFeatures(file: unknown): readonly ZoneFeature[] {
  const features = isObject(file) && Array.isArray(file.features) ? (file.features as unknown[]) : []
  return features.filter(isDrawable)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function isDrawable(value: unknown): value is ZoneFeature {
  if (!isObject(value) || !isObject(value.geometry)) return false
  const { type, coordinates } = value.geometry
  if (type === 'Point') return isPosition(coordinates)
  if (type === 'Polygon') return isRings(coordinates)
  return type === 'MultiPolygon' && Array.isArray(coordinates) && coordinates.every(isRings)
}

const isRings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((ring) => Array.isArray(ring) && ring.every(isPosition))
const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && isWithin(value[0], 180) && isWithin(value[1], 85)
const isWithin = (value: unknown, most: number): boolean =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most
