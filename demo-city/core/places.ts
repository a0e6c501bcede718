import type { NamedPlace, PlacesFile, StreetsFile } from '../city-files.ts'
import { generatorVersion } from '../generator-version.ts'
import { buildRouter } from '../routing.ts'
import type { CityPlan } from './city-plan.ts'
import { spotPoint } from './city-shape.ts'
import { landmarks, neighbourhoods, parkCapacity } from './districts.ts'
import { type GeoPoint, type Point, planeAround } from './plane.ts'

const peoplePerM2 = 1 / 45
const parkWeight = 25
const outlineSteps = 120

/** Who lives, works and goes out where: weights come from the floor area of the houses nearest to each node. */
export function findPlaces(plan: CityPlan, streets: StreetsFile, origin: GeoPoint): PlacesFile {
  const plane = planeAround(origin)
  const { nearestNode } = buildRouter(streets)
  const nodeNear = (p: Point): number => nearestNode(...plane.toLonLat(p))
  const people = { home: new Map<number, number>(), work: new Map<number, number>() }
  for (const building of plan.buildings) {
    const node = nodeNear(building.middle)
    const count = building.areaM2 * (building.heightM / 3.1) * peoplePerM2
    people[building.use].set(node, (people[building.use].get(node) ?? 0) + count)
  }

  const at = (turn: number, out: number): Point => spotPoint(plan.shape, turn, out)
  const named = (name: string, kind: NamedPlace['kind'], middle: Point, weight: number): NamedPlace => {
    const [lon, lat] = plane.toLonLat(middle)
    return { name, kind, lon, lat, nodeIndex: nodeNear(middle), weight }
  }
  const leisure = [
    ...landmarks.map((mark) =>
      named(mark.name, mark.kind, landmarkPoint(plan, mark.name, at(mark.turn, mark.out)), mark.weight),
    ),
    ...plan.areas
      .filter(({ kind }) => kind === 'park')
      .map((area) => named(area.name, 'park', area.middle, parkWeight)),
  ]
  const taken = new Set<number>()
  const hotspots = leisure.flatMap(({ name, nodeIndex }) => {
    const capacity = landmarks.find((mark) => mark.name === name)?.capacity ?? parkCapacity[name] ?? 0
    const node = streets.nodes[nodeIndex]
    if (capacity === 0 || node === undefined || taken.has(nodeIndex)) return []
    taken.add(nodeIndex)
    return [{ name, lon: node[0], lat: node[1], nodeIndex, capacity }]
  })
  return {
    version: generatorVersion,
    seed: streets.seed,
    centre: { ...origin },
    homes: sorted(people.home),
    work: sorted(people.work),
    leisure,
    hotspots,
    neighbourhoods: neighbourhoods.map(({ name, turn, out }) => {
      const [lon, lat] = plane.toLonLat(at(turn, out))
      return { name, lon, lat }
    }),
    serviceArea: { type: 'Polygon', coordinates: [cityEdge(plan, 1.035).map((p) => plane.toLonLat(p))] },
  }
}

/** The city's edge, `factor` times its radius out, counter-clockwise and closed. */
export function cityEdge(plan: CityPlan, factor: number): Point[] {
  const ring = Array.from({ length: outlineSteps }, (_, i) => {
    const angle = (2 * Math.PI * i) / outlineSteps
    return plan.shape.at(plan.shape.edgeRadiusM(angle) * factor, angle)
  })
  return [...ring, ring[0] as Point]
}

/** Areas and stations stand where the plan put them, not where the table of landmarks would. */
export function landmarkPoint(plan: CityPlan, name: string, wished: Point): Point {
  const area = plan.areas.find((candidate) => candidate.name === name)
  if (area) return area.middle
  const rail = plan.corridors.find(({ corridor }) => corridor.kind === 'rail')
  if (!name.startsWith('Station ') || rail === undefined) return wished
  let best = wished
  let bestM = Number.POSITIVE_INFINITY
  for (let s = 0; s < rail.lengthM; s += 20) {
    const p = rail.beside(s, 0)
    const gap = Math.hypot(p[0] - wished[0], p[1] - wished[1])
    if (gap < bestM) [best, bestM] = [p, gap]
  }
  return best
}

function sorted(weights: ReadonlyMap<number, number>): [number, number][] {
  return [...weights].sort(([a], [b]) => a - b).map(([node, weight]) => [node, Math.round(weight * 10) / 10])
}
