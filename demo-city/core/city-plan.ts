import { seededRandom } from '../../contracts/random.ts'
import { type Building, buildHouses } from './buildings.ts'
import { type CityShape, shapeCity } from './city-shape.ts'
import type { Measured } from './corridor.ts'
import { cutByCorridor } from './cut-by-corridor.ts'
import { type Area, isGreen, layAreas, pondIn } from './land-use.ts'
import { layLattice, ringNearest } from './lattice.ts'
import { distanceToSegmentM, isInside, type Point } from './plane.ts'
import { nameStreets } from './street-names.ts'
import { pointOf, type Street, type StreetPlan } from './street-plan.ts'
import { tidyStreets } from './tidy-streets.ts'
import { layWaterways } from './waterways.ts'

/** The whole city in metres around its centre; a value, made from a seed and nothing else. */
export type CityPlan = {
  readonly shape: CityShape
  readonly corridors: readonly Measured[]
  readonly areas: readonly Area[]
  readonly ponds: readonly { readonly name: string; readonly outline: readonly Point[] }[]
  readonly streets: StreetPlan
  readonly buildings: readonly Building[]
}

/** Radius in metres: 3300 for the demo, as little as 900 for tests. */
export function planCity(seed: number, radiusM: number, onStep: (step: string) => void = () => undefined): CityPlan {
  const shape = shapeCity(seed, radiusM)
  const areas = layAreas(shape, seededRandom(seed, 'areas'))
  const parks = areas.filter(({ kind }) => isGreen(kind))
  const corridors = layWaterways(shape, seededRandom(seed, 'water'))
  const ponds = parks
    .filter(({ name }) => pondRadius[name] !== undefined)
    .map((park) => ({
      name: park.name === 'Westerplas' ? 'Westerplas' : `Vijver ${park.name}`,
      outline: pondIn(park, (pondRadius[park.name] ?? 0) * radiusM, seededRandom(seed, park.name)),
    }))
    .filter(({ outline }) => outline.every((p) => corridors.every(({ locate }) => locate(p) === null)))
  onStep('shape, water and parks')

  const majors = { ringRoad: ringNearest(shape, radiusM * 0.62), innerRing: ringNearest(shape, radiusM * 0.27) }
  const lattice = layLattice(
    shape,
    majors,
    parks.map(({ outline }) => outline),
    seededRandom(seed, 'lattice'),
    nameStreets(seededRandom(seed, 'names')),
  )
  const isBuildable = (p: Point): boolean => Math.hypot(p[0], p[1]) < shape.edgeRadiusM(Math.atan2(p[1], p[0])) * 1.02
  let cut: StreetPlan = { nodes: lattice.nodes, streets: dryStreets(lattice, ponds) }
  corridors.forEach((corridor, i) => {
    cut = cutByCorridor(cut, corridor, { earlier: corridors.slice(0, i), later: corridors.slice(i + 1) }, isBuildable)
  })
  const streets = tidyStreets({ nodes: cut.nodes, streets: cut.streets.flatMap((s) => keepDry(cut, s, corridors)) })
  onStep(`${streets.streets.length} streets`)

  const isWet = (p: Point, marginM: number): boolean =>
    corridors.some((corridor) => {
      const station = corridor.locate(p)
      return station !== null && Math.abs(station.sideM) < corridor.corridor.halfWidthM + marginM
    }) || ponds.some(({ outline }) => isInside(p, outline))
  const buildings = buildHouses(shape, streets, areas, isWet, seededRandom(seed, 'houses'))
  onStep(`${buildings.length} buildings`)
  return { shape, corridors, areas, ponds, streets, buildings }
}

const pondRadius: Readonly<Record<string, number>> = {
  Stadspark: 0.03,
  Westerplas: 0.05,
  'Lage Bos': 0.025,
  Zuiderpark: 0.025,
  Oosterpark: 0.02,
}
const pathToPondM = 6

/** Paths stop where a pond lies. */
function dryStreets(plan: StreetPlan, ponds: CityPlan['ponds']): readonly Street[] {
  return plan.streets.flatMap((street) =>
    splitWhere(plan, street, (a, b) =>
      ponds.every(({ outline }) => {
        const touches = outline.some((p) => distanceToSegmentM(p, a, b) < pathToPondM)
        return !touches && !isInside(a, outline) && !isInside(b, outline)
      }),
    ),
  )
}

/** The last word on wet feet: whatever the cutting left in the water without being a bridge goes. */
function keepDry(plan: StreetPlan, street: Street, corridors: readonly Measured[]): Street[] {
  if (street.isBridge) return [street]
  return splitWhere(plan, street, (a, b) =>
    corridors.every(({ corridor, locate }) => {
      if (corridor.kind === 'rail') return true
      for (let i = 0; i <= 10; i++) {
        const station = locate([a[0] + ((b[0] - a[0]) * i) / 10, a[1] + ((b[1] - a[1]) * i) / 10])
        if (station !== null && Math.abs(station.sideM) < corridor.halfWidthM + 1) return false
      }
      return true
    }),
  )
}

function splitWhere(plan: StreetPlan, street: Street, isKept: (a: Point, b: Point) => boolean): Street[] {
  const pieces: number[][] = [[]]
  street.nodes.forEach((node, i) => {
    const previous = street.nodes[i - 1]
    if (previous !== undefined && !isKept(pointOf(plan, previous), pointOf(plan, node))) pieces.push([])
    pieces.at(-1)?.push(node)
  })
  if (pieces.length === 1) return [street]
  return pieces.filter((nodes) => nodes.length > 1).map((nodes) => ({ ...street, nodes }))
}
