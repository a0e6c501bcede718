import type { Feature, Geometry, Position } from 'geojson'
import { seededRandom } from '../../contracts/random.ts'
import type { StreetClass } from '../city-files.ts'
import type { CityPlan } from './city-plan.ts'
import { primarySpokes, spotPoint } from './city-shape.ts'
import { type Measured, stripRings } from './corridor.ts'
import { landmarks, neighbourhoods, parkNamesZh } from './districts.ts'
import { cityEdge, landmarkPoint } from './places.ts'
import { type GeoPoint, type Point, planeAround } from './plane.ts'
import { pointOf } from './street-plan.ts'
import { countryFactor } from './waterways.ts'

export const layerNames = ['earth', 'landuse', 'water', 'roads', 'buildings', 'places', 'pois'] as const
export type LayerName = (typeof layerNames)[number]
/** `min_zoom` is the first zoom at which a feature is drawn; the other names are those of the Protomaps v4 schema. */
export type MapFeature = Feature<
  Geometry,
  Readonly<Record<string, string | number | boolean>> & { readonly min_zoom: number }
>
export type MapLayers = Readonly<Record<LayerName, readonly MapFeature[]>>

const roadKinds: Readonly<Record<StreetClass, readonly [kind: string, detail: string, minZoom: number]>> = {
  primary: ['major_road', 'primary', 8],
  secondary: ['major_road', 'secondary', 11],
  residential: ['minor_road', 'residential', 12],
  quay: ['minor_road', 'residential', 12],
  path: ['path', 'cycleway', 13],
}
const smallestAtZoom13M2 = 170
const ditchSpacingM = 130

/** The city as features in the Protomaps v4 schema, ready to be cut into tiles. */
export function mapLayers(plan: CityPlan, cityName: string, cityNameZh: string, origin: GeoPoint): MapLayers {
  const { toLonLat } = planeAround(origin)
  const positions = (points: readonly Point[]): Position[] => points.map((p) => toLonLat(p))
  const polygon = (rings: readonly (readonly Point[])[]): Geometry => ({
    type: 'Polygon',
    coordinates: rings.map((ring) => positions([...ring, ring[0] as Point])),
  })
  const line = (points: readonly Point[]): Geometry => ({ type: 'LineString', coordinates: positions(points) })
  const point = (p: Point): Geometry => ({ type: 'Point', coordinates: toLonLat(p) })
  const at = (turn: number, out: number): Point => spotPoint(plan.shape, turn, out)
  const waters = plan.corridors.filter(({ corridor }) => corridor.kind !== 'rail')

  return {
    earth: [feature(polygon([cityEdge(plan, 1.3).slice(0, -1)]), { kind: 'earth', min_zoom: 0 })],
    landuse: [
      feature(polygon([cityEdge(plan, 1.035).slice(0, -1)]), { kind: 'residential', min_zoom: 0 }),
      ...plan.areas.map(({ name, kind, outline }) => feature(polygon([outline]), { kind, name, min_zoom: 9 })),
      ...meadows(plan).map(({ outline, kind }) => feature(polygon([outline]), { kind, min_zoom: 10 })),
    ],
    water: [
      ...waters.map((w) =>
        feature(polygon(stripRings(w)), { kind: 'water', min_zoom: w.corridor.kind === 'river' ? 0 : 11 }),
      ),
      ...waters.map((w) => feature(line(middleOf(w)), { kind: 'river', name: w.corridor.name, min_zoom: 12 })),
      ...plan.ponds.map(({ name, outline }) => feature(polygon([outline]), { kind: 'lake', name, min_zoom: 11 })),
      ...ditches(plan).map((ditch) => feature(line(ditch), { kind: 'stream', min_zoom: 13 })),
    ],
    roads: [
      ...plan.streets.streets.map((street) => {
        const [kind, kind_detail, min_zoom] = roadKinds[street.class]
        const bridge = street.isBridge ? { is_bridge: true } : {}
        const points = street.nodes.map((node) => pointOf(plan.streets, node))
        return feature(line(points), { kind, kind_detail, name: street.name, min_zoom, ...bridge })
      }),
      ...countryRoads(plan).map(({ points, name, isBridge }) => {
        const bridge = isBridge ? { is_bridge: true } : {}
        return feature(line(points), { kind: 'major_road', kind_detail: 'primary', name, min_zoom: 8, ...bridge })
      }),
      ...plan.corridors
        .filter(({ corridor }) => corridor.kind === 'rail')
        .map((rail) => feature(line(middleOf(rail)), { kind: 'rail', kind_detail: 'rail', min_zoom: 9 })),
    ],
    buildings: plan.buildings.map(({ corners, heightM, areaM2 }) =>
      feature(polygon([corners]), {
        kind: 'building',
        height: heightM,
        min_zoom: areaM2 > smallestAtZoom13M2 ? 13 : 14,
      }),
    ),
    places: [
      feature(point([0, 0]), {
        kind: 'locality',
        kind_detail: 'city',
        name: cityName,
        'name:zh': cityNameZh,
        population_rank: 10,
        sort_key: 0,
        min_zoom: 5,
      }),
      ...neighbourhoods.map(({ name, zh, turn, out }) =>
        feature(point(at(turn, out)), { kind: 'neighbourhood', name, 'name:zh': zh, sort_key: 1, min_zoom: 12 }),
      ),
    ],
    pois: [
      ...landmarks.map(({ name, zh, kind, turn, out }) =>
        feature(point(landmarkPoint(plan, name, at(turn, out))), { kind, name, 'name:zh': zh, min_zoom: 13 }),
      ),
      ...plan.areas
        .filter(({ kind }) => kind === 'park')
        .map(({ name, middle }) =>
          feature(point(middle), { kind: 'park', name, 'name:zh': parkNamesZh[name] ?? name, min_zoom: 13 }),
        ),
    ],
  }
}

function feature(geometry: Geometry, properties: MapFeature['properties']): MapFeature {
  return { type: 'Feature', geometry, properties }
}

function middleOf({ beside, lengthM }: Measured): Point[] {
  const count = Math.ceil(lengthM / 30)
  return Array.from({ length: count + 1 }, (_, i) => beside(((lengthM * i) / count) * 0.99999, 0))
}

/** Main roads go on into the country beyond the last house. They are drawn, but no bike is routed there. */
function countryRoads({ shape, streets, corridors }: CityPlan): CountryRoad[] {
  const isWet = (p: Point): boolean =>
    corridors.some(({ corridor, locate }) => corridor.kind !== 'rail' && locate(p) !== null)
  return streets.streets.flatMap((street) => {
    const last = street.nodes.at(-1)
    if (street.class !== 'primary' || last === undefined || street.isBridge) return []
    const end = pointOf(streets, last)
    const spoke = nearestPrimarySpoke(shape, end)
    if (spoke === null) return []
    const roads: CountryRoad[] = []
    let previous = end
    for (let r = spoke.r + 40; r < shape.radiusM * countryFactor * 0.9; r += 40) {
      const point = shape.at(r, spoke.angle)
      const isBridge = isWet(point) || isWet(previous)
      const open = roads.at(-1)
      if (open?.isBridge === isBridge) open.points.push(point)
      else roads.push({ points: [previous, point], name: street.name, isBridge })
      previous = point
    }
    return roads
  })
}

type CountryRoad = { readonly points: Point[]; readonly name: string; readonly isBridge: boolean }

/** The spoke that ends exactly here at the edge of the city, if any. */
function nearestPrimarySpoke(shape: CityPlan['shape'], end: Point): { r: number; angle: number } | null {
  for (let spoke = 0; spoke < shape.finest; spoke += shape.finest / primarySpokes) {
    const angle = shape.angleOf(spoke)
    for (const r of shape.ringsM) {
      const p = shape.at(r, angle)
      if (r > shape.edgeRadiusM(angle) * 0.9 && Math.hypot(p[0] - end[0], p[1] - end[1]) < 2) return { r, angle }
    }
  }
  return null
}

/** Fields of another green and a few woods, so that the country is not one flat colour. */
function meadows({ shape, corridors }: CityPlan): { outline: Point[]; kind: 'grass' | 'wood' }[] {
  const random = seededRandom(shape.finest, 'meadows')
  const far = shape.radiusM * 2.3
  const fields: { outline: Point[]; kind: 'grass' | 'wood' }[] = []
  for (let y = -far; y < far; y += ditchSpacingM * 3) {
    for (let x = -far; x < far; x += 480) {
      const wideM = 480 * random.pick([1, 1, 2])
      const kind = random.chance(0.12) ? 'wood' : 'grass'
      const skew = ([px, py]: Point): Point => [px + py * 0.25, py - px * 0.12]
      const outline = (
        [
          [x, y],
          [x + wideM, y],
          [x + wideM, y + ditchSpacingM * 3],
          [x, y + ditchSpacingM * 3],
        ] as const
      ).map(skew)
      const isClear = [...outline, skew([x + wideM / 2, y + ditchSpacingM * 1.5])].every((p) => {
        const isOutside = Math.hypot(p[0], p[1]) > shape.edgeRadiusM(Math.atan2(p[1], p[0])) * 1.1
        return isOutside && corridors.every(({ locate }) => locate(p) === null)
      })
      if (random.chance(0.3) && isClear) fields.push({ outline, kind })
    }
  }
  return fields
}

/** Straight ditches between the meadows around the city. */
function ditches({ shape }: CityPlan): Point[][] {
  const far = shape.radiusM * 1.6
  const lines: Point[][] = []
  for (let y = -far; y < far; y += ditchSpacingM) {
    let open: Point[] = []
    for (let x = -far; x < far; x += 60) {
      const p: Point = [x + y * 0.25, y - x * 0.12]
      const r = Math.hypot(p[0], p[1])
      const isMeadow = r < far && r > shape.edgeRadiusM(Math.atan2(p[1], p[0])) * 1.12
      const isGap = Math.floor(x / 840) % 2 === 0 && Math.floor(y / ditchSpacingM) % 3 === 0
      if (isMeadow && !isGap) open.push(p)
      else {
        if (open.length > 2) lines.push([open[0] as Point, open.at(-1) as Point])
        open = []
      }
    }
    if (open.length > 2) lines.push([open[0] as Point, open.at(-1) as Point])
  }
  return lines
}
