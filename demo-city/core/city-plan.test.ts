import Value from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { distanceM } from '../../contracts/units.ts'
import { defaultCentre, PlacesFile, StreetsFile } from '../city-files.ts'
import { type CityPlan, planCity } from './city-plan.ts'
import { findPlaces } from './places.ts'
import { isInside, type Point } from './plane.ts'
import { streetGraph } from './street-graph.ts'
import { pointOf } from './street-plan.ts'

const cities = [
  { seed: 1, radiusM: 3_300 },
  { seed: 2, radiusM: 1_100 },
  { seed: 7, radiusM: 1_100 },
  { seed: 4_294_967_295, radiusM: 1_700 },
]

describe.each(cities)('city of seed $seed and radius $radiusM m', ({ seed, radiusM }) => {
  const plan = planCity(seed, radiusM)
  const graph = streetGraph(plan.streets, seed, defaultCentre)

  test('every place can be reached from every other', () => {
    const reached = reachableFrom(0, graph)
    expect(reached.size).toBe(graph.nodes.length)
  })

  test('its graph obeys its own schema and every edge joins two different nodes that exist', () => {
    expect([...Value.Errors(StreetsFile, graph)]).toEqual([])
    for (const [from, to, , , name] of graph.edges) {
      expect(from).not.toBe(to)
      expect(graph.nodes[from]).toBeDefined()
      expect(graph.nodes[to]).toBeDefined()
      expect(graph.names[name]).toBeDefined()
    }
  })

  test('every edge is as long as the great circle between its ends', () => {
    for (const [from, to, lengthM] of graph.edges) {
      const [lonA, latA] = graph.nodes[from] as [number, number]
      const [lonB, latB] = graph.nodes[to] as [number, number]
      const exactM = distanceM({ lon: lonA, lat: latA }, { lon: lonB, lat: latB })
      expect(Math.abs(lengthM - exactM)).toBeLessThanOrEqual(0.01 * exactM)
      expect(lengthM).toBeGreaterThan(1)
    }
  })

  test('no street lies in water unless it is a bridge, not even partly', () => {
    const wet: string[] = []
    for (const street of plan.streets.streets) {
      if (street.isBridge) continue
      for (const p of alongStreet(plan, street.nodes)) if (isInWater(plan, p)) wet.push(`${street.name} at ${p}`)
    }
    expect(wet).toEqual([])
  })

  test('a bridge starts and ends on dry land, and there is water under it', () => {
    const bridges = plan.streets.streets.filter(({ isBridge }) => isBridge)
    expect(bridges.length).toBeGreaterThan(10)
    for (const { nodes } of bridges) {
      const ends = nodes.map((node) => pointOf(plan.streets, node))
      expect(ends.some((p) => isInWater(plan, p))).toBe(false)
      expect([...alongStreet(plan, nodes)].some((p) => isInWater(plan, p))).toBe(true)
    }
  })

  test('no house stands in water', () => {
    const wet = plan.buildings.filter(({ corners }) => corners.some((p) => isInWater(plan, p)))
    expect(wet).toEqual([])
  })

  test('people live, work and go out on streets that exist', () => {
    const places = findPlaces(plan, graph, defaultCentre)
    expect([...Value.Errors(PlacesFile, places)]).toEqual([])
    expect(places.hotspots.length).toBeGreaterThanOrEqual(12)
    expect(new Set(places.hotspots.map(({ nodeIndex }) => nodeIndex)).size).toBe(places.hotspots.length)
    for (const [node] of [...places.homes, ...places.work]) expect(graph.nodes[node]).toBeDefined()
    const area = places.serviceArea.coordinates[0] ?? []
    expect(area[0]).toEqual(area.at(-1))
    const outside = places.hotspots.filter(({ lon, lat }) => !isInside([lon, lat], area as Point[]))
    expect(outside).toEqual([])
  })
})

test('another seed gives another city', () => {
  const [a, b] = [planCity(1, 900), planCity(2, 900)]
  expect(a.streets.nodes).not.toEqual(b.streets.nodes)
})

test('the demo city suggests about two dozen hotspots', () => {
  const plan = planCity(1, 3_300)
  const places = findPlaces(plan, streetGraph(plan.streets, 1, defaultCentre), defaultCentre)
  expect(places.hotspots.length).toBeGreaterThanOrEqual(22)
  expect(places.hotspots.length).toBeLessThanOrEqual(28)
})

function reachableFrom(start: number, graph: StreetsFile): Set<number> {
  const neighbours = new Map<number, number[]>()
  for (const [from, to] of graph.edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to])
    neighbours.set(to, [...(neighbours.get(to) ?? []), from])
  }
  const reached = new Set([start])
  const queue = [start]
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const next of neighbours.get(node) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      queue.push(next)
    }
  }
  return reached
}

function* alongStreet(plan: CityPlan, nodes: readonly number[]): Iterable<Point> {
  for (let i = 0; i + 1 < nodes.length; i++) {
    const a = pointOf(plan.streets, nodes[i] as number)
    const b = pointOf(plan.streets, nodes[i + 1] as number)
    for (const t of [0.1, 0.3, 0.5, 0.7, 0.9]) yield [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
  }
}

function isInWater(plan: CityPlan, p: Point): boolean {
  const inCanal = plan.corridors.some(({ corridor, locate }) => {
    const station = locate(p)
    return corridor.kind !== 'rail' && station !== null && Math.abs(station.sideM) < corridor.halfWidthM
  })
  return inCanal || plan.ponds.some(({ outline }) => isInside(p, outline))
}
