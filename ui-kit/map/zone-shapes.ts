import type { PublicZoneFeature } from '../../contracts/http/city-zones.ts'
import type { ZoneGeometry } from '../../contracts/http/zones.ts'

type LonLat = [number, number]
type Polygonal = Exclude<ZoneGeometry, { type: 'Point' }>

const metresPerDegree = 111_195
const circleSteps = 48
/** The whole map, as far as Mercator goes: its edge is never seen. */
const world: LonLat[] = [
  [-180, -85],
  [180, -85],
  [180, 85],
  [-180, 85],
  [-180, -85],
]

/** The shape of a zone; a point with a radius is the circle that it stands for. */
export function circleAround({ geometry, properties: { radiusM = 0 } }: PublicZoneFeature): Polygonal {
  if (geometry.type !== 'Point') return geometry
  const [lon, lat] = geometry.coordinates
  const high = radiusM / metresPerDegree
  const wide = high / Math.cos((lat * Math.PI) / 180)
  const ring = Array.from({ length: circleSteps + 1 }, (_, step): LonLat => {
    const angle = (2 * Math.PI * (step % circleSteps)) / circleSteps
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)]
  })
  return { type: 'Polygon', coordinates: [ring] }
}

/** All the world but these areas; their holes are outside again. */
export function outsideOf(areas: readonly Polygonal[]): Polygonal {
  const polygons = areas.flatMap(polygonsOf)
  const outer = polygons.flatMap(([ring]) => (ring === undefined ? [] : [ring]))
  const holes = polygons.flatMap((rings) => rings.slice(1))
  return { type: 'MultiPolygon', coordinates: [[world, ...outer], ...holes.map((hole) => [hole])] }
}

/** Where its mark stands: the middle of the box around its largest part. */
export function middleOf(area: Polygonal): LonLat {
  const boxes = polygonsOf(area).map(([ring = []]) => {
    const lons = ring.map(([lon]) => lon)
    const lats = ring.map(([, lat]) => lat)
    return { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) }
  })
  const sizeOf = ({ west, east, south, north }: (typeof boxes)[number]) => (east - west) * (north - south)
  const [largest] = boxes.sort((a, b) => sizeOf(b) - sizeOf(a))
  return largest === undefined ? [0, 0] : [(largest.west + largest.east) / 2, (largest.south + largest.north) / 2]
}

const polygonsOf = (area: Polygonal): LonLat[][][] => (area.type === 'Polygon' ? [area.coordinates] : area.coordinates)
