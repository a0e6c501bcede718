import type { Random } from '../../contracts/random.ts'
import type { CityShape } from './city-shape.ts'
import { uniform } from './draw.ts'
import { ringNearest } from './lattice.ts'
import type { Point } from './plane.ts'

export type AreaKind =
  | 'park'
  | 'cemetery'
  | 'allotments'
  | 'university'
  | 'hospital'
  | 'industrial'
  | 'zoo'
  | 'pedestrian'

export type Area = {
  readonly name: string
  readonly kind: AreaKind
  readonly outline: readonly Point[]
  readonly middle: Point
}

type Wish = readonly [kind: AreaKind, name: string, angle: number, from: number, to: number, wide: number]

/** Angles as fractions of a turn from east, radii as fractions of the city's radius, width in radians × radius. */
const wishes: readonly Wish[] = [
  ['park', 'Stadspark', 0.4, 0.44, 0.6, 0.3],
  ['park', 'Wilhelminatuin', 0.13, 0.2, 0.27, 0.12],
  ['park', 'Vlietpark', 0.93, 0.42, 0.56, 0.17],
  ['park', 'Oosterpark', 0.04, 0.52, 0.66, 0.2],
  ['park', 'Zuiderpark', 0.86, 0.64, 0.77, 0.22],
  ['park', 'Westerplas', 0.53, 0.7, 0.86, 0.3],
  ['park', 'Lage Bos', 0.24, 0.68, 0.88, 0.26],
  ['park', 'Begijnhof', 0.66, 0.075, 0.12, 0.05],
  ['park', 'Molenpark', 0.62, 0.46, 0.56, 0.14],
  ['cemetery', 'Noorderbegraafplaats', 0.31, 0.46, 0.54, 0.12],
  ['allotments', 'Volkstuinen De Ploeg', 0.47, 0.78, 0.9, 0.16],
  ['allotments', 'Volkstuinen Vlietzicht', 0.908, 0.72, 0.82, 0.12],
  ['university', 'Universiteit Waterstad', 0.35, 0.7, 0.84, 0.26],
  ['hospital', 'Vlietziekenhuis', 0.1, 0.68, 0.78, 0.15],
  ['industrial', 'Havenkwartier', 0.97, 0.76, 0.96, 0.3],
  ['industrial', 'Bedrijvenpark Zuid', 0.74, 0.72, 0.9, 0.24],
  ['zoo', 'Dierenpark De Fuut', 0.112, 0.44, 0.54, 0.15],
]

/** Areas fill whole blocks of the lattice, so that their edges are streets. */
export function layAreas(shape: CityShape, random: Random): readonly Area[] {
  const areas = wishes.map(([kind, name, turn, from, to, wide]) => {
    const angle = (turn + uniform(random, -0.008, 0.008)) * 2 * Math.PI
    const shrink = Math.min(1, shape.edgeRadiusM(angle) / (to * shape.radiusM))
    return fitArea(shape, kind, name, angle, [from * shrink, to * shrink], wide)
  })
  const market = Array.from({ length: 40 }, (_, i) => shape.at((shape.ringsM[0] ?? 50) - 5, (i / 40) * 2 * Math.PI))
  return [...areas, { name: 'Markt', kind: 'pedestrian', outline: market, middle: shape.at(0, 0) }]
}

function fitArea(
  shape: CityShape,
  kind: AreaKind,
  name: string,
  angle: number,
  [from, to]: readonly [number, number],
  wide: number,
): Area {
  const R = shape.radiusM
  const inner = ringNearest(shape, from * R)
  const outer = Math.max(inner + 1, ringNearest(shape, to * R))
  const step = shape.finest / (shape.sectors[inner] ?? 1)
  const spokeAt = (a: number): number =>
    Math.round((((a - shape.angleOf(0)) / (2 * Math.PI)) * shape.finest) / step) * step
  const half = wide / (from + to)
  const first = spokeAt(angle - half)
  const last = Math.max(first + step, spokeAt(angle + half))
  const steps = 24
  const arc = (ring: number): Point[] =>
    Array.from({ length: steps + 1 }, (_, i) => {
      const a = shape.angleOf(first) + ((shape.angleOf(last) - shape.angleOf(first)) * i) / steps
      return shape.at(shape.ringsM[ring] ?? R, a)
    })
  const middleR = ((shape.ringsM[inner] ?? 0) + (shape.ringsM[outer] ?? 0)) / 2
  return {
    name,
    kind,
    outline: [...arc(outer), ...arc(inner).reverse()],
    middle: shape.at(middleR, (shape.angleOf(first) + shape.angleOf(last)) / 2),
  }
}

/** A pond in the middle of a park: a wobbly disc that stays clear of the park's paths by its size. */
export function pondIn(area: Area, radiusM: number, random: Random): Point[] {
  const phase = uniform(random, 0, 6.28)
  return Array.from({ length: 36 }, (_, i): Point => {
    const a = (i / 36) * 2 * Math.PI
    const r = radiusM * (1 + 0.18 * Math.sin(2 * a + phase) + 0.12 * Math.sin(3 * a))
    return [area.middle[0] + r * 1.25 * Math.cos(a), area.middle[1] + r * 0.8 * Math.sin(a)]
  })
}

export function isGreen(kind: AreaKind): boolean {
  return kind === 'park' || kind === 'cemetery' || kind === 'allotments' || kind === 'zoo'
}
