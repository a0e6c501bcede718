import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distanceM } from '../contracts/units.ts'
import type { StreetEdge } from './city-files.ts'
import { pointAlong } from './point-along.ts'
import { buildRouter } from './routing.ts'

type SmallGraph = { nodes: [number, number][]; edges: StreetEdge[] }

const centre = { lon: 4.726, lat: 52.3585 }

/** Up to nine nodes within about two kilometres, joined at random; edges may be longer than the straight line. */
const smallGraph: fc.Arbitrary<SmallGraph> = fc
  .record({
    nodes: fc.array(
      fc.tuple(fc.double({ min: 4.71, max: 4.74, noNaN: true }), fc.double({ min: 52.35, max: 52.37, noNaN: true })),
      {
        minLength: 1,
        maxLength: 9,
      },
    ),
    joins: fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.double({ min: 1, max: 3, noNaN: true })), { maxLength: 24 }),
  })
  .map(({ nodes, joins }) => ({
    nodes,
    edges: joins
      .filter(([a, b]) => a !== b && a < nodes.length && b < nodes.length)
      .map(([a, b, detour]): StreetEdge => [a, b, gapM(nodes, a, b) * detour, 'residential', 0, 0]),
  }))

describe('route', () => {
  test('is as short as the best of all ways, or null when there is none', () => {
    fc.assert(
      fc.property(smallGraph, fc.nat(8), fc.nat(8), (graph, a, b) => {
        const from = a % graph.nodes.length
        const to = b % graph.nodes.length
        const best = shortestOfAll(graph, from, to)
        const found = buildRouter(graph).route(from, to)
        if (best === Number.POSITIVE_INFINITY) expect(found).toBeNull()
        else {
          expect(found?.lengthM).toBeCloseTo(best, 6)
          expect(found?.nodes[0]).toBe(from)
          expect(found?.nodes.at(-1)).toBe(to)
          expect(lengthAlong(graph, found?.nodes ?? [])).toBeCloseTo(best, 6)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('gives the same answer when asked again after other questions', () => {
    const router = buildRouter(square)
    const first = router.route(0, 2)
    router.route(3, 1)
    router.route(1, 0)
    expect(router.route(0, 2)).toEqual(first)
  })

  test('to where one already is has no length', () => {
    expect(buildRouter(square).route(2, 2)).toEqual({ nodes: [2], lengthM: 0 })
  })

  test('refuses a node that does not exist', () => {
    expect(() => buildRouter(square).route(0, 99)).toThrow('has a node 99')
  })
})

describe('nearestNode', () => {
  test('is the one that no other node beats, also from far outside the city', () => {
    const lon = fc.double({ min: 4.6, max: 4.85, noNaN: true })
    const lat = fc.double({ min: 52.3, max: 52.42, noNaN: true })
    fc.assert(
      fc.property(smallGraph, lon, lat, (graph, x, y) => {
        const found = buildRouter(graph).nearestNode(x, y)
        const gaps = graph.nodes.map(([nodeLon, nodeLat]) =>
          distanceM({ lon: x, lat: y }, { lon: nodeLon, lat: nodeLat }),
        )
        expect(gaps[found] ?? Number.NaN).toBeLessThanOrEqual(Math.min(...gaps) * 1.002 + 0.01)
      }),
      { numRuns: 300 },
    )
  })
})

describe('pointAlong', () => {
  test('walks from the first node to the last at the pace it is asked', () => {
    const halfway = pointAlong(square, [0, 1], gapM(square.nodes, 0, 1) / 2)
    expect(halfway.lon).toBeCloseTo(centre.lon + 0.005, 6)
    expect(halfway.lat).toBeCloseTo(centre.lat, 6)
    expect(halfway.headingDeg).toBeCloseTo(90, 1)
  })

  test('stands at the end of the route when there is no more way, still facing as it came', () => {
    const end = pointAlong(square, [0, 1, 2], 1e9)
    expect([end.lon, end.lat]).toEqual(square.nodes[2])
    expect(end.headingDeg).toBeCloseTo(0, 1)
  })

  test('stands at the start before setting out', () => {
    const start = pointAlong(square, [2, 3], -5)
    expect([start.lon, start.lat]).toEqual(square.nodes[2])
    expect(start.headingDeg).toBeCloseTo(270, 1)
  })
})

const square: SmallGraph = (() => {
  const nodes: [number, number][] = [
    [centre.lon, centre.lat],
    [centre.lon + 0.01, centre.lat],
    [centre.lon + 0.01, centre.lat + 0.01],
    [centre.lon, centre.lat + 0.01],
  ]
  const edges = [0, 1, 2, 3].map((a): StreetEdge => {
    const b = (a + 1) % 4
    return [a, b, gapM(nodes, a, b), 'residential', 0, 0]
  })
  return { nodes, edges }
})()

function gapM(nodes: readonly (readonly [number, number])[], a: number, b: number): number {
  const [lonA, latA] = nodes[a] as [number, number]
  const [lonB, latB] = nodes[b] as [number, number]
  return distanceM({ lon: lonA, lat: latA }, { lon: lonB, lat: latB })
}

/** Bellman–Ford: slow, and nothing like the search under test. */
function shortestOfAll(graph: SmallGraph, from: number, to: number): number {
  const best = graph.nodes.map((_, i) => (i === from ? 0 : Number.POSITIVE_INFINITY))
  for (let round = 0; round < graph.nodes.length; round++) {
    for (const [a, b, lengthM] of graph.edges) {
      best[b] = Math.min(best[b] as number, (best[a] as number) + lengthM)
      best[a] = Math.min(best[a] as number, (best[b] as number) + lengthM)
    }
  }
  return best[to] as number
}

function lengthAlong(graph: SmallGraph, nodes: readonly number[]): number {
  let sum = 0
  for (let i = 0; i + 1 < nodes.length; i++) {
    const joins = graph.edges.filter(
      ([a, b]) => (a === nodes[i] && b === nodes[i + 1]) || (b === nodes[i] && a === nodes[i + 1]),
    )
    sum += Math.min(...joins.map(([, , lengthM]) => lengthM))
  }
  return sum
}
